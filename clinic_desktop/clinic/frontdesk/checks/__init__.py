"""What must be true of appointments, visits and the queue: each recomputed from the rows."""

from clinic_desktop.clinic.frontdesk.checks import queue, reviews, statuses, times

__all__ = ["queue", "reviews", "statuses", "times"]
