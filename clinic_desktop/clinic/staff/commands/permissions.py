"""The permissions of the staff department."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

DOCTORS = permission("staff.doctors", N_("Register doctors and set their fees and weekly hours"), needs_password=True)
SERVICES = permission("staff.services", N_("Set up services and their prices"), needs_password=True)
SLOTS = permission("staff.slots", N_("Add single slots outside the weekly hours"), "receptionist", "doctor", "dentist", "optician")
REQUEST_LEAVE = permission("staff.request_leave", N_("Ask for a doctor's leave"), "receptionist", "doctor", "dentist", "optician")
DECIDE_LEAVE = permission("staff.decide_leave", N_("Approve or reject a doctor's leave"), needs_password=True)
