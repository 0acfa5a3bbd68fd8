"""The desktop head: PySide6 widgets over the clinic core."""
