"""What people do at the front desk."""

from clinic_desktop.clinic.frontdesk.commands.arrival import ArrivalRow, check_in, prioritise, walk_in
from clinic_desktop.clinic.frontdesk.commands.booking import BookingRow, book
from clinic_desktop.clinic.frontdesk.commands.calling import TicketRow, call, call_next, leave_unseen, recall, skip, transfer
from clinic_desktop.clinic.frontdesk.commands.changing import cancel, cancel_visit, confirm, mark_no_show, move
from clinic_desktop.clinic.frontdesk.commands.closing import keep_open_while_needed
from clinic_desktop.clinic.frontdesk.commands.consulting import (
    complete_paid_visit,
    complete_waived_visit,
    finish_consultation,
    start_consultation,
)
from clinic_desktop.clinic.frontdesk.commands.mending import complete_paid_visits as complete_paid_visits
from clinic_desktop.clinic.frontdesk.commands.mending import tell_double_bookings as tell_double_bookings
from clinic_desktop.clinic.frontdesk.commands.resizing import RESIZABLE, resize_appointment
from clinic_desktop.clinic.frontdesk.commands.staffing import keep_who_is_needed

__all__ = [
    "RESIZABLE",
    "ArrivalRow",
    "BookingRow",
    "TicketRow",
    "book",
    "call",
    "call_next",
    "cancel",
    "cancel_visit",
    "check_in",
    "complete_paid_visit",
    "complete_waived_visit",
    "confirm",
    "finish_consultation",
    "keep_open_while_needed",
    "keep_who_is_needed",
    "leave_unseen",
    "mark_no_show",
    "move",
    "prioritise",
    "recall",
    "resize_appointment",
    "skip",
    "start_consultation",
    "transfer",
    "walk_in",
]
