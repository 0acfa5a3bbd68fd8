"""Department: the audit trail as people read it."""
