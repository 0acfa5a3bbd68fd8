"""Booking, moving and cancelling appointments."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec, VerbSpec

SCREEN = ScreenSpec(
    code="booking",
    title=N_("Appointments"),
    icon="calendar-plus",
    permissions=("appointments.book",),
    order=20,
    factory="clinic_desktop.ui.screens.booking.screen:BookingScreen",
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
