"""The desk's picture of time: a day of all doctors, a week of one, and the week of the whole clinic."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="calendar",
    title=N_("Calendar"),
    icon="calendar-days",
    permissions=("appointments.book", "appointments.cancel", "queue.check_in"),
    order=15,
    factory="clinic_desktop.ui.screens.calendar.screen:CalendarScreen",
)
