"""The generated parts of README and docs, and what measures them."""
