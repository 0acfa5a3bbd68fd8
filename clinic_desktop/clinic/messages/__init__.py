"""Department: messages that leave the clinic: the outbound queue."""
