"""Setting up doctors, their time and the services."""

from __future__ import annotations

from clinic_desktop.clinic.staff.commands.doctors import appoint_head as appoint_head
from clinic_desktop.clinic.staff.commands.doctors import change_doctor as change_doctor
from clinic_desktop.clinic.staff.commands.doctors import deactivate_doctor as deactivate_doctor
from clinic_desktop.clinic.staff.commands.doctors import register_doctor as register_doctor
from clinic_desktop.clinic.staff.commands.doctors import restore_doctor as restore_doctor
from clinic_desktop.clinic.staff.commands.doctors import set_availability as set_availability
from clinic_desktop.clinic.staff.commands.fees import end_fee as end_fee
from clinic_desktop.clinic.staff.commands.fees import set_fee as set_fee
from clinic_desktop.clinic.staff.commands.files import export_prices as export_prices
from clinic_desktop.clinic.staff.commands.files import export_services as export_services
from clinic_desktop.clinic.staff.commands.files import import_prices as import_prices
from clinic_desktop.clinic.staff.commands.files import import_services as import_services
from clinic_desktop.clinic.staff.commands.hours import add_schedule as add_schedule
from clinic_desktop.clinic.staff.commands.hours import add_time_slot as add_time_slot
from clinic_desktop.clinic.staff.commands.hours import change_schedule as change_schedule
from clinic_desktop.clinic.staff.commands.hours import close_time_slot as close_time_slot
from clinic_desktop.clinic.staff.commands.hours import copy_weekday as copy_weekday
from clinic_desktop.clinic.staff.commands.hours import end_schedule as end_schedule
from clinic_desktop.clinic.staff.commands.leaves import approve_leave as approve_leave
from clinic_desktop.clinic.staff.commands.leaves import reject_leave as reject_leave
from clinic_desktop.clinic.staff.commands.leaves import request_leave as request_leave
from clinic_desktop.clinic.staff.commands.leaves import take_back_leave as take_back_leave
from clinic_desktop.clinic.staff.commands.permissions import DECIDE_LEAVE as DECIDE_LEAVE
from clinic_desktop.clinic.staff.commands.permissions import DOCTORS as DOCTORS
from clinic_desktop.clinic.staff.commands.permissions import REQUEST_LEAVE as REQUEST_LEAVE
from clinic_desktop.clinic.staff.commands.permissions import SERVICES as SERVICES
from clinic_desktop.clinic.staff.commands.permissions import SLOTS as SLOTS
from clinic_desktop.clinic.staff.commands.services import add_service as add_service
from clinic_desktop.clinic.staff.commands.services import change_price as change_price
from clinic_desktop.clinic.staff.commands.services import change_service as change_service
from clinic_desktop.clinic.staff.commands.services import restore_service as restore_service
from clinic_desktop.clinic.staff.commands.services import withdraw_service as withdraw_service
from clinic_desktop.clinic.staff.commands.specialties import add_specialty as add_specialty
from clinic_desktop.clinic.staff.commands.specialties import change_specialty as change_specialty
from clinic_desktop.clinic.staff.commands.specialties import restore_specialty as restore_specialty
from clinic_desktop.clinic.staff.commands.specialties import withdraw_specialty as withdraw_specialty
