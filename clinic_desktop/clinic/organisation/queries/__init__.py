"""What screens and other departments ask about the organisation."""

from __future__ import annotations

from clinic_desktop.clinic.organisation.queries.calendar import HolidayOfYearRow as HolidayOfYearRow
from clinic_desktop.clinic.organisation.queries.calendar import HolidayRow as HolidayRow
from clinic_desktop.clinic.organisation.queries.calendar import TaxRow as TaxRow
from clinic_desktop.clinic.organisation.queries.calendar import holidays as holidays
from clinic_desktop.clinic.organisation.queries.calendar import holidays_of_year as holidays_of_year
from clinic_desktop.clinic.organisation.queries.calendar import tax as tax
from clinic_desktop.clinic.organisation.queries.calendar import tax_rates as tax_rates
from clinic_desktop.clinic.organisation.queries.calendar import taxes as taxes
from clinic_desktop.clinic.organisation.queries.numbers import NumberFormatRow as NumberFormatRow
from clinic_desktop.clinic.organisation.queries.numbers import in_full as in_full
from clinic_desktop.clinic.organisation.queries.numbers import number_formats as number_formats
from clinic_desktop.clinic.organisation.queries.numbers import number_prefixes as number_prefixes
from clinic_desktop.clinic.organisation.queries.places import ClinicRow as ClinicRow
from clinic_desktop.clinic.organisation.queries.places import DepartmentRow as DepartmentRow
from clinic_desktop.clinic.organisation.queries.places import HospitalRow as HospitalRow
from clinic_desktop.clinic.organisation.queries.places import PlaceRow as PlaceRow
from clinic_desktop.clinic.organisation.queries.places import SiteRow as SiteRow
from clinic_desktop.clinic.organisation.queries.places import WorkstationRow as WorkstationRow
from clinic_desktop.clinic.organisation.queries.places import clinic as clinic
from clinic_desktop.clinic.organisation.queries.places import clinic_place as clinic_place
from clinic_desktop.clinic.organisation.queries.places import clinic_today as clinic_today
from clinic_desktop.clinic.organisation.queries.places import clinics as clinics
from clinic_desktop.clinic.organisation.queries.places import departments as departments
from clinic_desktop.clinic.organisation.queries.places import hospital as hospital
from clinic_desktop.clinic.organisation.queries.places import is_elsewhere as is_elsewhere
from clinic_desktop.clinic.organisation.queries.places import printer_for as printer_for
from clinic_desktop.clinic.organisation.queries.places import sites as sites
from clinic_desktop.clinic.organisation.queries.places import workstations as workstations
from clinic_desktop.clinic.organisation.queries.settings import SettingRow as SettingRow
from clinic_desktop.clinic.organisation.queries.settings import setting_value as setting_value
from clinic_desktop.clinic.organisation.queries.settings import settings as settings
