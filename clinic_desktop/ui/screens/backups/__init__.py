"""Backups: whether one may sleep well, what there is, where and when they are made, and the way back."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="backups",
    title=N_("Backups"),
    icon="hard-drive",
    permissions=("backups.run", "backups.restore"),
    order=820,
    factory="clinic_desktop.ui.screens.backups.screen:BackupsScreen",
    area="administration",
    group=N_("Safety"),
    badge="clinic_desktop.clinic.backups.looking:count_troubles",
)
