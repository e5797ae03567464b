"""One file a subject that the code knows and the docs show; docs/pages.py says which block each of them writes."""
