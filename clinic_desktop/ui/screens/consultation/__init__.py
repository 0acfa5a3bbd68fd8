"""The doctor's room: the day's patients, the consultation, the prescription."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="consultation",
    title=N_("Doctor's room"),
    icon="stethoscope",
    permissions=("clinical.consult",),
    order=30,
    factory="clinic_desktop.ui.screens.consultation.screen:ConsultationScreen",
    home_of=("doctor", "dentist", "optician"),
)
