"""The pharmacist's home: prescriptions that wait, and handing their medicines out by batch."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec, SearchSpec

_HERE = "clinic_desktop.ui.screens.pharmacy"
_MAY = ("pharmacy.dispense",)

SCREEN = ScreenSpec(
    code="pharmacy",
    title=N_("Pharmacy"),
    icon="pill",
    permissions=_MAY,
    order=50,
    factory=f"{_HERE}.screen:PharmacyScreen",
    home_of=("pharmacist",),
)
SEARCH = SearchSpec(
    code="prescriptions",
    title=N_("Prescriptions"),
    icon="pill",
    permissions=_MAY,
    order=50,
    find=f"{_HERE}.reading:find_prescriptions",
    screen="pharmacy",
    prefixes=("RX-",),
)
