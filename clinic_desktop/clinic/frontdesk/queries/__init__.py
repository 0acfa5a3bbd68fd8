"""What screens and other departments ask about appointments, visits and the queue."""

from clinic_desktop.clinic.frontdesk.planning import planned_minutes
from clinic_desktop.clinic.frontdesk.queries.accuracy import WaitAccuracy, wait_accuracy
from clinic_desktop.clinic.frontdesk.queries.ahead import AheadRow, appointments_ahead, hit_by_leave, patients_here
from clinic_desktop.clinic.frontdesk.queries.board import (
    AppointmentRow,
    DayCounts,
    VisitRow,
    appointment_by_booking_id,
    day_board,
    home_counts,
    in_room,
    late_count,
    left_open,
    on_hold,
    to_pay,
    todays_appointments,
    visit,
    visits_of_day,
    visits_of_patient,
    waiting,
)
from clinic_desktop.clinic.frontdesk.queries.calendar import Away, CalendarRow, ColumnDoctor, DoctorDay, calendar
from clinic_desktop.clinic.frontdesk.queries.counting import COMING, offers_count, patients_of_day, to_confirm_count
from clinic_desktop.clinic.frontdesk.queries.display import PRIVACY, TICKER, CallRow, DisplayRow, display
from clinic_desktop.clinic.frontdesk.queries.history import StatusRow, status_history
from clinic_desktop.clinic.frontdesk.queries.kiosk import KioskRow, KioskVisit, at_kiosk
from clinic_desktop.clinic.frontdesk.queries.lists import (
    BookedServiceRow,
    DelayRow,
    ToConfirmRow,
    WaitingRow,
    booked_services,
    doctors_late,
    to_confirm,
    waiting_list,
)
from clinic_desktop.clinic.frontdesk.queries.moved_away import MovedAwayRow, moved_away
from clinic_desktop.clinic.frontdesk.queries.planned import ElsewhereRow, MoveFee, PlannedRow, fee_after_move
from clinic_desktop.clinic.frontdesk.queries.rebooking import ProposalRow, RebookRow, needing_new_time, needing_new_time_count
from clinic_desktop.clinic.frontdesk.queries.reviews import RatingRow, ReviewRow, doctor_ratings, reviews
from clinic_desktop.clinic.frontdesk.queries.series import SeriesDayRow, series_plan
from clinic_desktop.clinic.frontdesk.queries.service_rooms import rooms_to_send_to, waiting_for_rooms
from clinic_desktop.clinic.frontdesk.queries.slots import DayRow, days, free_slots, next_free_days
from clinic_desktop.clinic.frontdesk.queries.tokens import token_code, visit_numbered, visit_of_token
from clinic_desktop.clinic.frontdesk.queries.walk_ins import WalkInRow, walk_ins
from clinic_desktop.clinic.frontdesk.rules import SlotRow

__all__ = [
    "COMING",
    "PRIVACY",
    "TICKER",
    "AheadRow",
    "AppointmentRow",
    "Away",
    "BookedServiceRow",
    "CalendarRow",
    "CallRow",
    "ColumnDoctor",
    "DayCounts",
    "DayRow",
    "DelayRow",
    "DisplayRow",
    "DoctorDay",
    "ElsewhereRow",
    "KioskRow",
    "KioskVisit",
    "MoveFee",
    "MovedAwayRow",
    "PlannedRow",
    "ProposalRow",
    "RatingRow",
    "RebookRow",
    "ReviewRow",
    "SeriesDayRow",
    "SlotRow",
    "StatusRow",
    "ToConfirmRow",
    "VisitRow",
    "WaitAccuracy",
    "WaitingRow",
    "WalkInRow",
    "appointment_by_booking_id",
    "appointments_ahead",
    "at_kiosk",
    "booked_services",
    "calendar",
    "day_board",
    "days",
    "display",
    "doctor_ratings",
    "doctors_late",
    "fee_after_move",
    "free_slots",
    "hit_by_leave",
    "home_counts",
    "in_room",
    "late_count",
    "left_open",
    "moved_away",
    "needing_new_time",
    "needing_new_time_count",
    "next_free_days",
    "offers_count",
    "on_hold",
    "patients_here",
    "patients_of_day",
    "planned_minutes",
    "reviews",
    "rooms_to_send_to",
    "series_plan",
    "status_history",
    "to_confirm",
    "to_confirm_count",
    "to_pay",
    "todays_appointments",
    "token_code",
    "visit",
    "visit_numbered",
    "visit_of_token",
    "visits_of_day",
    "visits_of_patient",
    "wait_accuracy",
    "waiting",
    "waiting_for_rooms",
    "waiting_list",
    "walk_ins",
]
