"""Refusals of patients and staff."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "phone_taken": N_("This number belongs to {full_name} ({patient_number}). Open that patient, or mark the number as shared."),
    "identifier_taken": N_("{full_name} ({patient_number}) has this number already."),
    "card_refused": N_("This card cannot be used: it is damaged, forged or of another hospital."),
    "card_refused:revoked": N_("This card was replaced by a newer one and is not valid any more."),
    "schedule_overlap": N_("The doctor or the room is already scheduled from {start} to {end}."),
    "slot_overlap": N_("The doctor already has a slot from {start} to {end}."),
    "leave_overlap": N_("The doctor already has leave from {first_day} to {last_day}."),
}

REASONS = {
    "has_another_phone": N_("The owner of a shared number must have this number."),
    "later_than_end": N_("This is later than the end, {end}."),
    "negative_amount": N_("An amount cannot be less than zero."),
    "part_of_one_day": N_("Hours can be given for a single day only."),
    "no_name_column": N_("The file has no column for the name."),
    "no_gender_column": N_("The file has no column for the sex."),
    "unreadable": N_("The file cannot be read."),
    "not_a_birth": N_("Please enter an age such as 34 or 8m, or a birth date such as 5/3/1990."),
    "not_a_phone": N_("Please enter a phone number."),
    "not_a_gender": N_("Please choose one of the list."),
    "not_a_blood_group": N_("Please choose one of the list."),
    "longer_than_hours": N_("This is longer than the working hours."),
}
