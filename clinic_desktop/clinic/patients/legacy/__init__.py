"""An old register as a file: read it, map its columns, check each row (pure; ``importing`` writes what is accepted)."""
