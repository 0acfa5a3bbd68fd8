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
    "already_in_folder": N_("This very file is in the folder already: {name}. Nothing was added."),
    "document_closed": N_("This document is not open to you. It is for others."),
    "camera_failed": N_("The camera gives no picture. Try again, or choose another one."),
    "camera_failed:busy": N_("The camera is in use by another program. Close that one, and try again."),
    "camera_failed:not_allowed": N_("The camera does not let this program look. Allow it in the settings of the computer or the camera."),
    "camera_failed:gone": N_("The camera is not there any more. Plug it in again, or choose another one."),
    "camera_failed:not_answering": N_("The camera does not answer. See whether it is on and in the network, and try again."),
    "camera_failed:unreadable": N_("What the camera sends cannot be shown. Choose another one, or a picture from a file."),
    "consent_stands": N_("The patient has signed this text already ({day}), and it holds."),
    "consent_text_retired": N_("This text was taken out of use meanwhile. Close, and let the patient sign the present one."),
    "consent_missing": N_(
        "A needed consent is missing. Let the patient sign it on the file, under Consents; emergencies are let in without."
    ),
    "patient_merged": N_("This record was merged into {full_name} ({patient_number}). Please use that record."),
    "merge_refused": N_("These two records cannot be merged."),
    "merge_refused:same": N_("A record cannot be merged with itself."),
    "merge_refused:erased": N_("One of the two records was erased on request."),
    "merge_refused:both_waiting": N_(
        "Both records wait for the same doctor today (numbers {numbers}). Take one of them out of the queue first."
    ),
    "merge_refused:undone": N_("This merge was undone already."),
    "merge_refused:later_merge": N_("Another record, {number}, was merged after this. Undo that merge first."),
    "schedule_overlap": N_("The doctor or the room is already scheduled from {start} to {end}."),
    "slot_overlap": N_("The doctor already has a slot from {start} to {end}."),
    "leave_overlap": N_("The doctor already has leave from {first_day} to {last_day}."),
}

REASONS = {
    "has_another_phone": N_("The owner of a shared number must have this number."),
    "file_empty": N_("The file is empty."),
    "file_kind_refused": N_("This kind of file is not taken. Use JPEG, PNG, WebP, TIFF, PDF or plain text."),
    "file_heic": N_(
        "Pictures as HEIC are not taken. Let the phone make JPEG: on an iPhone under Settings, Camera, Formats, Most Compatible."
        " This one becomes a JPEG when it is sent by e-mail."
    ),
    "file_dicom": N_("This is a DICOM image. Open it in its viewer, and export it as JPEG or PDF."),
    "file_torn": N_("The file is cut off or damaged. Make the picture or the scan again."),
    "file_too_many_pages": N_("The file has more than {limit} pages. Divide it."),
    "too_long_to_print": N_("It has more than {limit} pages. Save a copy, and print that with another program."),
    "picture_unreadable": N_("The picture cannot be read. Open it in another program, and save it as JPEG or PNG."),
    "pdf_unreadable": N_("The PDF cannot be read. Print it to PDF again, and take that file."),
    "pdf_password": N_("The PDF is locked with a password. Save a copy without one."),
    "pdf_active": N_("The PDF carries a program, a form that sends, or other files, and was refused. Print it to PDF, and take that file."),
    "pdf_too_much": N_("The PDF would need too much memory when it is opened, and was refused."),
    "not_a_camera_address": N_("Please enter an address that begins with rtsp:// or http://."),
    "photo_no_picture": N_("A photo must be a picture: JPEG, PNG, WebP or TIFF."),
    "photo_too_small": N_("The part chosen is too small: it needs {limit} pixels."),
    "too_many": N_("No more than {limit} are possible."),
    "guardian_needed": N_("The patient is a child: please enter who signs for it."),
    "signature_or_witness": N_("Let the patient sign above, or enter a witness."),
    "no_signature": N_("This is no signature yet. Please sign once more, larger."),
    "before_signing": N_("This is before the consent was signed."),
    "no_such_language": N_("Please choose one of the list."),
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
