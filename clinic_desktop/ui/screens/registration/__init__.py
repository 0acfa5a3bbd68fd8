"""Registering a patient, and editing one."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="registration",
    title=N_("Registration"),
    icon="user-plus",
    permissions=("patients.create", "patients.edit"),
    order=14,
    factory="clinic_desktop.ui.screens.registration.screen:RegistrationScreen",
)
