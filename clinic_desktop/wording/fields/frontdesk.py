"""Columns of appointments, visits and the queue."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "announced_at": N_("announced at"),
    "booking_id": N_("booking number"),
    "booking_source": N_("booked through"),
    "call_count": N_("times called"),
    "called_at": N_("called at"),
    "cancelled_by": N_("cancelled by"),
    "changed_by": N_("changed by"),
    "check_in_time": N_("arrived at"),
    "comment": N_("comment"),
    "completed_at": N_("completed at"),
    "completed_by": N_("completed by"),
    "confirmation_sent": N_("confirmation sent"),
    "confirmed_by": N_("confirmed by"),
    "estimated_wait_minutes": N_("expected wait in minutes"),
    "fee": N_("fee"),
    "from_status": N_("former status"),
    "is_anonymous": N_("anonymous"),
    "planned_at": N_("planned for"),
    "priority": N_("priority"),
    "queue_number": N_("queue number"),
    "rating": N_("rating"),
    "service_id": N_("service"),
    "skipped_at": N_("skipped at"),
    "slot_place": N_("place in the slot"),
    "state": N_("status"),
    "subject": N_("about"),
    "time_slot_id": N_("time slot"),
    "to_status": N_("new status"),
}
