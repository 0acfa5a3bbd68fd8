"""Department: retention, a patient's own data, and erasure."""
