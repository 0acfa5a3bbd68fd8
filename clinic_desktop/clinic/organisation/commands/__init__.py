"""Setting up the hospital, and the steps that hand out human numbers."""

from __future__ import annotations

from clinic_desktop.clinic.organisation.commands.clinics import add_clinic as add_clinic
from clinic_desktop.clinic.organisation.commands.clinics import change_clinic as change_clinic
from clinic_desktop.clinic.organisation.commands.clinics import close_clinic as close_clinic
from clinic_desktop.clinic.organisation.commands.clinics import reopen_clinic as reopen_clinic
from clinic_desktop.clinic.organisation.commands.departments import add_department as add_department
from clinic_desktop.clinic.organisation.commands.departments import change_department as change_department
from clinic_desktop.clinic.organisation.commands.departments import close_department as close_department
from clinic_desktop.clinic.organisation.commands.departments import reopen_department as reopen_department
from clinic_desktop.clinic.organisation.commands.formats import set_number_format as set_number_format
from clinic_desktop.clinic.organisation.commands.holidays import add_holiday as add_holiday
from clinic_desktop.clinic.organisation.commands.holidays import cancel_holiday as cancel_holiday
from clinic_desktop.clinic.organisation.commands.holidays import copy_holidays as copy_holidays
from clinic_desktop.clinic.organisation.commands.holidays import rename_holiday as rename_holiday
from clinic_desktop.clinic.organisation.commands.numbers import take_count as take_count
from clinic_desktop.clinic.organisation.commands.numbers import take_number as take_number
from clinic_desktop.clinic.organisation.commands.numbers import take_numbers as take_numbers
from clinic_desktop.clinic.organisation.commands.permissions import MANAGE as MANAGE
from clinic_desktop.clinic.organisation.commands.permissions import SETTINGS as SETTINGS
from clinic_desktop.clinic.organisation.commands.permissions import TAXES as TAXES
from clinic_desktop.clinic.organisation.commands.places import change_hospital as change_hospital
from clinic_desktop.clinic.organisation.commands.places import create_hospital as create_hospital
from clinic_desktop.clinic.organisation.commands.places import remove_logo as remove_logo
from clinic_desktop.clinic.organisation.commands.places import set_logo as set_logo
from clinic_desktop.clinic.organisation.commands.printing import PRINT as PRINT
from clinic_desktop.clinic.organisation.commands.printing import record_print as record_print
from clinic_desktop.clinic.organisation.commands.settings import reset_setting as reset_setting
from clinic_desktop.clinic.organisation.commands.settings import set_setting as set_setting
from clinic_desktop.clinic.organisation.commands.stored import let_document_go as let_document_go
from clinic_desktop.clinic.organisation.commands.stored import stored_document as stored_document
from clinic_desktop.clinic.organisation.commands.taxes import add_tax as add_tax
from clinic_desktop.clinic.organisation.commands.taxes import correct_tax as correct_tax
from clinic_desktop.clinic.organisation.commands.taxes import end_tax as end_tax
from clinic_desktop.clinic.organisation.commands.workstations import add_workstation as add_workstation
from clinic_desktop.clinic.organisation.commands.workstations import change_workstation as change_workstation
from clinic_desktop.clinic.organisation.commands.workstations import restore_workstation as restore_workstation
from clinic_desktop.clinic.organisation.commands.workstations import retire_workstation as retire_workstation
from clinic_desktop.clinic.organisation.hours import WORKING_HOURS as WORKING_HOURS
