"""Setting up the clinic itself: hospital, clinics, departments, taxes, holidays, workstations, numbers and settings."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

_HERE = "clinic_desktop.ui.screens.organisation."
_GROUP = N_("Clinic")

SCREENS = (
    ScreenSpec(
        code="clinic_details",
        title=N_("Hospital"),
        icon="hospital",
        permissions=("organisation.manage",),
        order=510,
        factory=f"{_HERE}hospital:HospitalScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="clinics",
        title=N_("Clinics"),
        icon="building-2",
        permissions=("organisation.manage",),
        order=520,
        factory=f"{_HERE}clinics:ClinicsScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="departments",
        title=N_("Departments"),
        icon="layers",
        permissions=("organisation.manage",),
        order=530,
        factory=f"{_HERE}departments:DepartmentsScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="taxes",
        title=N_("Taxes"),
        icon="percent",
        permissions=("organisation.taxes",),
        order=540,
        factory=f"{_HERE}taxes:TaxesScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="holidays",
        title=N_("Holidays"),
        icon="calendar-off",
        permissions=("organisation.manage",),
        order=550,
        factory=f"{_HERE}holidays:HolidaysScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="workstations",
        title=N_("Workstations"),
        icon="monitor-cog",
        permissions=("organisation.manage",),
        order=560,
        factory=f"{_HERE}workstations:WorkstationsScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="numbering",
        title=N_("Numbers"),
        icon="hash",
        permissions=("organisation.manage",),
        order=570,
        factory=f"{_HERE}numbering:NumberingScreen",
        area="administration",
        group=_GROUP,
    ),
    ScreenSpec(
        code="settings",
        title=N_("Settings"),
        icon="sliders-horizontal",
        permissions=("organisation.settings",),
        order=580,
        factory=f"{_HERE}settings:SettingsScreen",
        area="administration",
        group=_GROUP,
    ),
)
