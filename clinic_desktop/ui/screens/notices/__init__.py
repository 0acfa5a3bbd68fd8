"""What patients are told: reminders by message, telephone or paper; what could not be sent; and the words of it all."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import PartSpec, ScreenSpec, TodoSpec

_HERE = "clinic_desktop.ui.screens.notices."
_EVENTS = ("clinic_desktop.clinic.messages.events:MessageQueued", "clinic_desktop.clinic.messages.events:MessageSettled")

SCREENS = (
    ScreenSpec(
        code="reminders",
        title=N_("Reminders"),
        icon="bell",
        permissions=("messages.tell",),
        order=35,
        factory=f"{_HERE}reminders:RemindersScreen",
    ),
    ScreenSpec(
        code="message_texts",
        title=N_("Message texts"),
        icon="type",
        permissions=("messages.word",),
        order=745,
        factory=f"{_HERE}texts:TextsScreen",
        area="administration",
        group=N_("Clinic"),
    ),
)
PART = PartSpec(
    code="messages",
    title=N_("Messages"),
    icon="mail",
    permissions=("messages.tell",),
    order=60,
    factory=f"{_HERE}of_patient:MessagesPart",
)
TODOS = (
    TodoSpec(
        code="to_tell",
        title=N_("To remind for tomorrow"),
        icon="phone",
        permissions=("messages.tell",),
        order=20,
        count=f"{_HERE}counting:to_tell_tomorrow",
        screen="reminders",
        told_by=_EVENTS,
    ),
    TodoSpec(
        code="not_sent",
        title=N_("Could not be sent"),
        icon="mail",
        permissions=("messages.tell",),
        order=60,
        count=f"{_HERE}counting:could_not_be_sent",
        screen="reminders",
        open={"failed": True},
        told_by=_EVENTS,
    ),
)
