"""Refusals of patients and staff."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "phone_taken": N_("This number belongs to {full_name} ({patient_number}). Open that patient, or mark the number as shared."),
    "identifier_taken": N_("{full_name} ({patient_number}) has this number already."),
    "card_refused": N_("This card cannot be used: it is damaged, forged or of another hospital."),
    "card_refused:revoked": N_("This card was replaced by a newer one and is not valid any more."),
    "card_refused:lost": N_("This card was reported lost and is not valid any more. Ask who carries it for a name."),
    "card_refused:expired": N_("This card was valid until {day}. Issue a new one."),
    "card_refused:unknown_key": N_(
        "This card was signed by a key that is not known here: it is of another hospital, or of a site that was not heard of yet."
    ),
    "card_refused:of_deceased": N_("The record that this card belongs to is closed: the patient has died."),
    "card_refused:of_archived": N_("The record that this card belongs to is archived. Open it at the desk."),
    "card_refused:patient_not_active": N_("A card is only for a patient whose record is in use."),
    "schedule_overlap": N_("The doctor or the room is already scheduled from {start} to {end}."),
    "slot_overlap": N_("The doctor already has a slot from {start} to {end}."),
    "leave_overlap": N_("The doctor already has leave from {first_day} to {last_day}."),
}

REASONS = {
    "has_another_phone": N_("The owner of a shared number must have this number."),
    "later_than_end": N_("This is later than the end, {end}."),
    "negative_amount": N_("An amount cannot be less than zero."),
    "part_of_one_day": N_("Hours can be given for a single day only."),
    "not_a_colour": N_("Please choose a colour."),
    "too_little_contrast": N_("These two colours are too alike: the text could not be read."),
    "unknown_language": N_("Please choose one of the list."),
    "too_many_elements": N_("A side holds at most {limit} fields."),
    "element_twice": N_("A field can stand on a side only once."),
    "outside_the_card": N_("A field does not lie within the card."),
    "size_of_text": N_("Letters can have {low} to {high} points."),
    "unreadable_layout": N_("This design was made by another version of the program and cannot be read."),
    "name_of_shipped": N_("The designs that came with the program have this name. Choose another one."),
    "no_name_column": N_("The file has no column for the name."),
    "no_gender_column": N_("The file has no column for the sex."),
    "unreadable": N_("The file cannot be read."),
    "not_a_birth": N_("Please enter an age such as 34 or 8m, or a birth date such as 5/3/1990."),
    "not_a_phone": N_("Please enter a phone number."),
    "not_a_gender": N_("Please choose one of the list."),
    "not_a_blood_group": N_("Please choose one of the list."),
    "longer_than_hours": N_("This is longer than the working hours."),
}
