"""How fast the clinic is, beside the same work in raw SQL or raw Qt, measured alternately in one run (PERFORMANCE.md)."""
