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
from clinic_desktop.clinic.frontdesk.commands.day_end import ClosedRow, close_queue
from clinic_desktop.clinic.frontdesk.commands.holding import hold, resume
from clinic_desktop.clinic.frontdesk.commands.kiosk import (
    GuestRow,
    Recognised,
    arrive_at_kiosk,
    note_ticket_printed,
    recognise,
    take_number_at_kiosk,
)
from clinic_desktop.clinic.frontdesk.commands.mending import complete_paid_visits as complete_paid_visits
from clinic_desktop.clinic.frontdesk.commands.mending import tell_double_bookings as tell_double_bookings
from clinic_desktop.clinic.frontdesk.commands.rating import RatedRow, rate_visit
from clinic_desktop.clinic.frontdesk.commands.resizing import RESIZABLE, resize_appointment
from clinic_desktop.clinic.frontdesk.commands.staffing import keep_who_is_needed

__all__ = [
    "RESIZABLE",
    "ArrivalRow",
    "BookingRow",
    "ClosedRow",
    "GuestRow",
    "RatedRow",
    "Recognised",
    "TicketRow",
    "arrive_at_kiosk",
    "book",
    "call",
    "call_next",
    "cancel",
    "cancel_visit",
    "check_in",
    "close_queue",
    "complete_paid_visit",
    "complete_waived_visit",
    "confirm",
    "finish_consultation",
    "hold",
    "keep_open_while_needed",
    "keep_who_is_needed",
    "leave_unseen",
    "mark_no_show",
    "move",
    "note_ticket_printed",
    "prioritise",
    "rate_visit",
    "recall",
    "recognise",
    "resize_appointment",
    "resume",
    "skip",
    "start_consultation",
    "take_number_at_kiosk",
    "transfer",
    "walk_in",
]
