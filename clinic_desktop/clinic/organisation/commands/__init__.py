"""Setting up the hospital, and the steps that hand out human numbers."""

from __future__ import annotations

from clinic_desktop.clinic.organisation.commands.calendar import add_holiday as add_holiday
from clinic_desktop.clinic.organisation.commands.calendar import add_tax as add_tax
from clinic_desktop.clinic.organisation.commands.calendar import cancel_holiday as cancel_holiday
from clinic_desktop.clinic.organisation.commands.numbers import take_count as take_count
from clinic_desktop.clinic.organisation.commands.numbers import take_number as take_number
from clinic_desktop.clinic.organisation.commands.numbers import take_numbers as take_numbers
from clinic_desktop.clinic.organisation.commands.permissions import MANAGE as MANAGE
from clinic_desktop.clinic.organisation.commands.permissions import SETTINGS as SETTINGS
from clinic_desktop.clinic.organisation.commands.permissions import TAXES as TAXES
from clinic_desktop.clinic.organisation.commands.places import add_clinic as add_clinic
from clinic_desktop.clinic.organisation.commands.places import add_department as add_department
from clinic_desktop.clinic.organisation.commands.places import add_workstation as add_workstation
from clinic_desktop.clinic.organisation.commands.places import create_hospital as create_hospital
from clinic_desktop.clinic.organisation.commands.printing import PRINT as PRINT
from clinic_desktop.clinic.organisation.commands.printing import record_print as record_print
from clinic_desktop.clinic.organisation.commands.settings import set_setting as set_setting
