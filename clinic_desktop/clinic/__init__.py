"""The clinic's departments, one package each, with the same file names everywhere."""
