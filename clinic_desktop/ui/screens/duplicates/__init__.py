"""Records that may be one person: side by side, told apart or merged, and every merge with its way back."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ActionSpec, ScreenSpec

_HERE = "clinic_desktop.ui.screens.duplicates"

SCREEN = ScreenSpec(
    code="duplicates",
    title=N_("Duplicates"),
    icon="users",
    permissions=("patients.review_duplicates",),
    order=70,
    factory=f"{_HERE}.screen:DuplicatesScreen",
    badge=f"{_HERE}.reading:count_open",
)
ACTION = ActionSpec(
    code="merge",
    title=N_("Merge with another record…"),
    icon="users",
    permissions=("patients.merge",),
    order=40,
    run=f"{_HERE}.from_file:merge_with_another",
)
