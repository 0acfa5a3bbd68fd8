"""The queue board: who waits, who is called, what is in the rooms."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="queue",
    title=N_("Queue"),
    icon="list-ordered",
    permissions=("queue.call",),
    order=20,
    factory="clinic_desktop.ui.screens.queue.screen:QueueScreen",
    home_of=("nurse",),
)
