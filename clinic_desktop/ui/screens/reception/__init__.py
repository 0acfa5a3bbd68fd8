"""The reception's home, and the patient's file that search and scans open for everybody at a desk."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec, SearchSpec, TodoSpec, VerbSpec

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
    SearchSpec(
        code="visits",
        title=N_("Queue numbers"),
        icon="ticket",
        permissions=_AT_THE_DESK,
        order=15,
        find=f"{_HERE}.search:find_visits",
        screen="patient",
        prefixes=("Q-",),
    ),
    SearchSpec(
        code="doctors",
        title=N_("Book with a doctor"),
        icon="stethoscope",
        permissions=("appointments.book",),
        order=30,
        find=f"{_HERE}.search:find_doctors",
        screen="booking",
    ),
    SearchSpec(
        code="services",
        title=N_("Book a service"),
        icon="clipboard-list",
        permissions=("appointments.book",),
        order=32,
        find=f"{_HERE}.search:find_services",
        screen="booking",
    ),
)
VERB = VerbSpec(
    code="check_in",
    title=N_("Check in"),
    with_name=N_("Check in {name}"),
    words=N_("checkin,arrive"),
    icon="user-check",
    permissions=("queue.check_in",),
    order=30,
    screen="reception",
    takes="patient",
)
TODO = TodoSpec(
    code="late",
    title=N_("Half an hour late or more"),
    icon="clock",
    permissions=("appointments.cancel",),
    order=10,
    count=f"{_HERE}.reading:late_arrivals",
    screen="reception",
    open={"figure": "expected"},
)
