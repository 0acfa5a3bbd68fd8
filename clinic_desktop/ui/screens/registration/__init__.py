"""Registering a patient, and editing one."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ActionSpec, ScreenSpec, VerbSpec

_HERE = "clinic_desktop.ui.screens.registration"

SCREEN = ScreenSpec(
    code="registration",
    title=N_("Registration"),
    icon="user-plus",
    permissions=("patients.create", "patients.edit"),
    order=14,
    factory=f"{_HERE}.screen:RegistrationScreen",
)
ACTIONS = (
    ActionSpec(
        code="numbers",
        title=N_("Numbers of other systems"),
        icon="hash",
        permissions=("patients.edit",),
        order=60,
        run=f"{_HERE}.numbers:show_numbers",
        keys="Ctrl+Shift+N",
    ),
    ActionSpec(
        code="changes",
        title=N_("Changes of the details"),
        icon="history",
        permissions=("patients.edit",),
        order=70,
        run=f"{_HERE}.changes:show_changes",
        keys="Ctrl+Shift+H",
    ),
)
VERB = VerbSpec(
    code="register",
    title=N_("Register a new patient"),
    with_name=N_("Register {name}"),
    words=N_("register,new"),
    icon="user-plus",
    permissions=("patients.create",),
    order=10,
    screen="registration",
    takes="text",
)
