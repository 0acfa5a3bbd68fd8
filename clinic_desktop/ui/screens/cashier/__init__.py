"""The cashier's home: who has to pay, taking money and giving it back, and the till."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec, SearchSpec, TodoSpec

_HERE = "clinic_desktop.ui.screens.cashier"
_MAY = ("billing.take_payment", "billing.invoice")

SCREEN = ScreenSpec(
    code="cashier",
    title=N_("Cashier"),
    icon="banknote",
    permissions=_MAY,
    order=60,
    factory=f"{_HERE}.screen:CashierScreen",
    home_of=("cashier",),
)
SEARCH = SearchSpec(
    code="invoices",
    title=N_("Invoices"),
    icon="receipt",
    permissions=_MAY,
    order=60,
    find=f"{_HERE}.reading:find_invoices",
    screen="cashier",
    prefixes=("INV-", "RCT-"),
)
TODO = TodoSpec(
    code="owed",
    title=N_("Bills owed from before"),
    icon="hand-coins",
    permissions=_MAY,
    order=50,
    count=f"{_HERE}.reading:owed_before",
    screen="cashier",
)
