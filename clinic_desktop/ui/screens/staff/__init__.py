"""Setting up what the clinic offers and who does it: services, specialties, doctors, their hours and leave, medicines."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

_HERE = "clinic_desktop.ui.screens.staff."
_GROUP = N_("Services and staff")

SCREENS = (
    ScreenSpec(
        code="services",
        title=N_("Services and prices"),
        icon="tag",
        permissions=("staff.services",),
        order=610,
        factory=f"{_HERE}services:ServicesScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="specialties",
        title=N_("Specialties"),
        icon="badge-check",
        permissions=("staff.doctors",),
        order=620,
        factory=f"{_HERE}specialties:SpecialtiesScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="doctors",
        title=N_("Doctors"),
        icon="stethoscope",
        permissions=("staff.doctors",),
        order=630,
        factory=f"{_HERE}doctors:DoctorsScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="schedules",
        title=N_("Weekly hours"),
        icon="calendar-clock",
        permissions=("staff.doctors",),
        order=640,
        factory=f"{_HERE}schedules:SchedulesScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="leaves",
        title=N_("Doctors' leave"),
        icon="calendar-off",
        permissions=("staff.decide_leave", "staff.request_leave"),
        order=650,
        factory=f"{_HERE}leaves:LeavesScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="medicines_list",
        title=N_("Medicines"),
        icon="pill",
        permissions=("stock.items",),
        order=660,
        factory=f"{_HERE}medicines:MedicinesScreen",
        area="administration",
        group=_GROUP,
    ),
)
