"""Booking, moving and cancelling appointments."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="booking",
    title=N_("Appointments"),
    icon="calendar-plus",
    permissions=("appointments.book",),
    order=20,
    factory="clinic_desktop.ui.screens.booking.screen:BookingScreen",
)
