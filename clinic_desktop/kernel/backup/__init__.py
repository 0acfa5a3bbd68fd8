"""Backups of the whole database: taken, verified, kept with the journal that follows, and restored to any instant since."""
