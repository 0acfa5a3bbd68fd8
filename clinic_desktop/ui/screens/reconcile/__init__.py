"""What sites did at once and a person must settle, what could not be taken in, and the panel of sync."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="reconcile",
    title=N_("Reconcile"),
    icon="arrow-right-left",
    permissions=("reconciling.decide",),
    order=830,
    factory="clinic_desktop.ui.screens.reconcile.screen:ReconcileScreen",
    area="administration",
    group=N_("Safety"),
    badge="clinic_desktop.ui.screens.reconcile.reading:count_open",
)
