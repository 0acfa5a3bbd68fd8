"""The documents of a patient: attached, looked at, handed out; a tab of the patient's file."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import PartSpec, SearchSpec

_HERE = "clinic_desktop.ui.screens.documents"

PARTS = (
    PartSpec(
        code="documents",
        title=N_("Documents"),
        icon="folder-open",
        permissions=("patients.documents",),
        order=30,
        factory=f"{_HERE}.part:DocumentsPart",
    ),
)
SEARCH = SearchSpec(
    code="documents",
    title=N_("Documents"),
    icon="folder-open",
    permissions=("patients.documents",),
    order=40,
    find=f"{_HERE}.searching:find_documents",
    screen="patient",
)
