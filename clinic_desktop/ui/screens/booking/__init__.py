"""Booking, moving and cancelling appointments."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec, TodoSpec, VerbSpec

_HERE = "clinic_desktop.ui.screens.booking"
_EVENTS = "clinic_desktop.clinic.frontdesk.events"

SCREEN = ScreenSpec(
    code="booking",
    title=N_("Appointments"),
    icon="calendar-plus",
    permissions=("appointments.book",),
    order=20,
    factory=f"{_HERE}.screen:BookingScreen",
)
VERB = VerbSpec(
    code="book",
    title=N_("Book an appointment"),
    with_name=N_("Book for {name}"),
    words=N_("book,appointment"),
    icon="calendar-plus",
    permissions=("appointments.book",),
    order=20,
    screen="booking",
    takes="patient",
)
TODOS = (
    TodoSpec(
        code="new_times",
        title=N_("New times needed"),
        icon="calendar-clock",
        permissions=("appointments.book",),
        order=12,
        count=f"{_HERE}.alerts:new_times_needed",
        screen="booking",
        open={"work_through": "rebook"},
        told_by=("clinic_desktop.clinic.staff.events:LeaveDecided", "clinic_desktop.clinic.staff.events:ScheduleChanged"),
    ),
    TodoSpec(
        code="offers",
        title=N_("Places offered"),
        icon="list-ordered",
        permissions=("appointments.book",),
        order=14,
        count=f"{_HERE}.alerts:places_offered",
        screen="booking",
        open={"work_through": "waiting"},
        told_by=(f"{_EVENTS}:PlaceOffered", f"{_EVENTS}:WaitingListChanged"),
    ),
    TodoSpec(
        code="to_confirm",
        title=N_("To confirm for tomorrow"),
        icon="calendar-check",
        permissions=("appointments.book",),
        order=22,
        count=f"{_HERE}.alerts:unconfirmed_tomorrow",
        screen="booking",
        open={"work_through": "confirm"},
    ),
)
