"""The hospital and its branches: departments, workstations, taxes, settings, numbers and holidays."""
