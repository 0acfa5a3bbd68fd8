"""Before there is a clinic: the choice how to begin, and the steps that set a new one up; then what is left to do."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="first_steps",
    title=N_("First steps"),
    icon="list-checks",
    permissions=("organisation.manage",),
    order=505,
    factory="clinic_desktop.ui.screens.setup.first_steps:FirstStepsScreen",
    area="administration",
    group=N_("Clinic"),
)
