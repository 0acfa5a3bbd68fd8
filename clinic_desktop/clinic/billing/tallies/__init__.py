"""Sums over the money ledgers that both commands and queries need."""
