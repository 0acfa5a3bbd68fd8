"""The reception's home, and the patient's file that search and scans open for everybody at a desk."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec, SearchSpec

_HERE = "clinic_desktop.ui.screens.reception"
_AT_THE_DESK = ("queue.check_in", "appointments.book", "patients.create", "patients.edit")

SCREENS = (
    ScreenSpec(
        code="reception",
        title=N_("Reception"),
        icon="house",
        permissions=("queue.check_in",),
        order=10,
        factory=f"{_HERE}.screen:ReceptionScreen",
        home_of=("receptionist",),
    ),
    ScreenSpec(
        code="patient",
        title=N_("Patient"),
        icon="user",
        permissions=_AT_THE_DESK,
        order=12,
        factory=f"{_HERE}.patient_screen:PatientScreen",
        in_rail=False,
    ),
)
SEARCHES = (
    SearchSpec(
        code="patients",
        title=N_("Patients"),
        icon="user",
        permissions=_AT_THE_DESK,
        order=10,
        find=f"{_HERE}.search:find_patients",
        screen="patient",
        prefixes=("PAT-", "CRD-", "CLC1."),
    ),
    SearchSpec(
        code="appointments",
        title=N_("Appointments"),
        icon="calendar-check",
        permissions=_AT_THE_DESK,
        order=20,
        find=f"{_HERE}.search:find_appointments",
        screen="patient",
        prefixes=("APT-",),
    ),
)
