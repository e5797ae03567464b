"""The README's examples with what they really print, from a run of the whole service: `make examples`."""
