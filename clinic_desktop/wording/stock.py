"""Refusals of stock and pharmacy."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "out_of_stock": N_("Only {available} in stock, {wanted} wanted."),
    "batch_not_usable": N_("Batch {batch_number} cannot be used."),
    "above_limit": N_("This is worth more than one person may write off. Ask for an adjustment instead."),
    "second_person_needed": N_("Someone else must approve this: you asked for it."),
    "batch_reason_needed": N_("Give a reason for taking another batch than the one that expires first."),
    "item_code_in_use": N_("Stock, prescriptions or bills name the code {value} already, so it stays."),
    "unit_in_use": N_("There was stock of this already, counted in “{unit}”, so the unit stays."),
    "return_too_much": N_("Only {left} can be returned."),
}

REASONS = {
    "use_add_medicine": N_("Add medicines as medicines, with their ingredients."),
    "not_expired": N_("This batch expires only on {expiry}."),
    "expired": N_("This batch expired on {expiry}."),
    "not_a_write_off": N_("Choose a kind of write-off."),
    "not_a_medicine": N_("This code belongs to an item that is no medicine."),
    "less_than_least": N_("This is less than the least stock, {least}."),
    "unit_in_use": N_("There was stock of this already, counted in “{unit}”, so the unit stays."),
    "barcode_of_another": N_("This barcode belongs to {code}."),
    "another_location": N_("This batch is kept elsewhere."),
}
