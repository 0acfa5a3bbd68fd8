"""What sites changed at once and no program may settle alone: both versions side by side, until a person has decided."""
