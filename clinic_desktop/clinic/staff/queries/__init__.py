"""What screens and other departments ask about doctors, services and time."""

from __future__ import annotations

from clinic_desktop.clinic.organisation.queries import HolidayRow as HolidayRow
from clinic_desktop.clinic.organisation.queries import holidays as holidays
from clinic_desktop.clinic.staff.queries.doctors import DoctorRow as DoctorRow
from clinic_desktop.clinic.staff.queries.doctors import FeeRow as FeeRow
from clinic_desktop.clinic.staff.queries.doctors import SpecialtyRow as SpecialtyRow
from clinic_desktop.clinic.staff.queries.doctors import doctor as doctor
from clinic_desktop.clinic.staff.queries.doctors import doctor_of_user as doctor_of_user
from clinic_desktop.clinic.staff.queries.doctors import doctors as doctors
from clinic_desktop.clinic.staff.queries.doctors import fee as fee
from clinic_desktop.clinic.staff.queries.doctors import fees as fees
from clinic_desktop.clinic.staff.queries.doctors import follow_up_days as follow_up_days
from clinic_desktop.clinic.staff.queries.doctors import specialties as specialties
from clinic_desktop.clinic.staff.queries.hours import DoctorDayRow as DoctorDayRow
from clinic_desktop.clinic.staff.queries.hours import LeaveRow as LeaveRow
from clinic_desktop.clinic.staff.queries.hours import ScheduleRow as ScheduleRow
from clinic_desktop.clinic.staff.queries.hours import TimeSlotRow as TimeSlotRow
from clinic_desktop.clinic.staff.queries.hours import approved_leaves as approved_leaves
from clinic_desktop.clinic.staff.queries.hours import doctors_on as doctors_on
from clinic_desktop.clinic.staff.queries.hours import leaves as leaves
from clinic_desktop.clinic.staff.queries.hours import schedules as schedules
from clinic_desktop.clinic.staff.queries.hours import time_slots as time_slots
from clinic_desktop.clinic.staff.queries.services import ServiceRow as ServiceRow
from clinic_desktop.clinic.staff.queries.services import service as service
from clinic_desktop.clinic.staff.queries.services import services as services
