"""The kiosk: patients say by themselves that they are here, see how long it takes, and say how it was."""
