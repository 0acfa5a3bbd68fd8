"""What people do at the front desk."""

from clinic_desktop.clinic.frontdesk.commands.arrival import ArrivalRow, check_in, prioritise, walk_in
from clinic_desktop.clinic.frontdesk.commands.booking import BookingRow, book
from clinic_desktop.clinic.frontdesk.commands.calling import TicketRow, call, call_next, leave_unseen, recall, skip, transfer
from clinic_desktop.clinic.frontdesk.commands.changing import cancel, cancel_visit, confirm, mark_no_show, move
from clinic_desktop.clinic.frontdesk.commands.closing import keep_open_while_needed
from clinic_desktop.clinic.frontdesk.commands.confirming import note_unreached
from clinic_desktop.clinic.frontdesk.commands.consulting import (
    complete_paid_visit,
    complete_waived_visit,
    finish_consultation,
    start_consultation,
)
from clinic_desktop.clinic.frontdesk.commands.day_end import ClosedRow, close_queue
from clinic_desktop.clinic.frontdesk.commands.delays import set_delay
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
from clinic_desktop.clinic.frontdesk.commands.missing import NO_SHOW_AFTER, came_after_all, sweep_no_shows
from clinic_desktop.clinic.frontdesk.commands.offering import OFFER_MINUTES, offer_added_slot
from clinic_desktop.clinic.frontdesk.commands.one_person import refuse_two_tickets as refuse_two_tickets
from clinic_desktop.clinic.frontdesk.commands.rating import RatedRow, rate_visit
from clinic_desktop.clinic.frontdesk.commands.reopening import offer_day_again, offer_days_of_leave
from clinic_desktop.clinic.frontdesk.commands.resizing import RESIZABLE, resize_appointment
from clinic_desktop.clinic.frontdesk.commands.rooms import follow_doctor, follow_hours
from clinic_desktop.clinic.frontdesk.commands.sending import call_next_to_room, send_back, send_to_room
from clinic_desktop.clinic.frontdesk.commands.series import SeriesRow, book_series, cancel_following, move_following
from clinic_desktop.clinic.frontdesk.commands.services import change_services
from clinic_desktop.clinic.frontdesk.commands.staffing import keep_who_is_needed
from clinic_desktop.clinic.frontdesk.commands.together import check_in_together, take_back_arrival
from clinic_desktop.clinic.frontdesk.commands.waiting import accept_offer, add_waiting, decline_offer, sweep_waiting_list, withdraw_waiting

__all__ = [
    "NO_SHOW_AFTER",
    "OFFER_MINUTES",
    "RESIZABLE",
    "ArrivalRow",
    "BookingRow",
    "ClosedRow",
    "GuestRow",
    "RatedRow",
    "Recognised",
    "SeriesRow",
    "TicketRow",
    "accept_offer",
    "add_waiting",
    "arrive_at_kiosk",
    "book",
    "book_series",
    "call",
    "call_next",
    "call_next_to_room",
    "came_after_all",
    "cancel",
    "cancel_following",
    "cancel_visit",
    "change_services",
    "check_in",
    "check_in_together",
    "close_queue",
    "complete_paid_visit",
    "complete_waived_visit",
    "confirm",
    "decline_offer",
    "finish_consultation",
    "follow_doctor",
    "follow_hours",
    "hold",
    "keep_open_while_needed",
    "keep_who_is_needed",
    "leave_unseen",
    "mark_no_show",
    "move",
    "move_following",
    "note_ticket_printed",
    "note_unreached",
    "offer_added_slot",
    "offer_day_again",
    "offer_days_of_leave",
    "prioritise",
    "rate_visit",
    "recall",
    "recognise",
    "resize_appointment",
    "resume",
    "send_back",
    "send_to_room",
    "set_delay",
    "skip",
    "start_consultation",
    "sweep_no_shows",
    "sweep_waiting_list",
    "take_back_arrival",
    "take_number_at_kiosk",
    "transfer",
    "walk_in",
    "withdraw_waiting",
]
