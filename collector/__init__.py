"""Brings in what the exchanges say: discover, poll, spool, write, fill holes."""
