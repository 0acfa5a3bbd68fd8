"""Frozen data in, printable bytes out: one module a document, texts in the Language that it is given."""
