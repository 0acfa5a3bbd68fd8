"""Retention: what may leave, the archive that holds it, and its leaving."""
