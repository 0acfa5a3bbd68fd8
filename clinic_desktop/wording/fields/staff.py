"""Columns of staff and services."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "bio": N_("about the doctor"),
    "capacity": N_("places"),
    "decided_by_id": N_("decided by"),
    "default_fee": N_("usual fee"),
    "department_id": N_("department"),
    "duration_minutes": N_("minutes"),
    "experience_years": N_("years of experience"),
    "first_day": N_("first day"),
    "follow_up_days": N_("days in which a visit counts as follow-up"),
    "is_available": N_("available"),
    "last_day": N_("last day"),
    "license_number": N_("licence number"),
    "max_patients": N_("patients a slot"),
    "pricing_model": N_("priced by"),
    "qualification": N_("qualification"),
    "requested_by_id": N_("requested by"),
    "share_basis_points": N_("share in percent"),
    "slot_date": N_("day"),
    "slot_minutes": N_("minutes a slot"),
    "specialty_id": N_("specialty"),
    "tooth_chart_use": N_("tooth chart"),
    "uses_doctor_fee": N_("costs the doctor's fee"),
    "weekday": N_("weekday"),
}
