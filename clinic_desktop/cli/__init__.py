"""The ``clinic`` command."""
