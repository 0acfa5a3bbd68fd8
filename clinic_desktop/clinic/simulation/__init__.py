"""A clinic day and a lived-in demo clinic, played through the same commands as the screens use."""
