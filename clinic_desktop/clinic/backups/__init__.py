"""Department: backups: what is kept where, and when the next is due."""
