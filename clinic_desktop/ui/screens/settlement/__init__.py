"""Settling the day: what was taken and given back, tills and differences, signed off once."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="settlement",
    title=N_("Settlement"),
    icon="calculator",
    permissions=("billing.settle_day",),
    order=65,
    factory="clinic_desktop.ui.screens.settlement.screen:SettlementScreen",
)
