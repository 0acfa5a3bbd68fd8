"""Refusals of doctors, services and the files of lists."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "specialty_in_use": N_("Doctors who see patients have this specialty: {count}. Give them another one first."),
    "doctor_still_needed": N_(
        "Patients still need this doctor. Appointments from now on: {appointments}. Waiting or in the room: {visits}. "
        "Move or cancel them first."
    ),
    "code_in_use": N_("Bookings and bills name the code {value} already, so it stays. Add a new service for another code."),
    "import_refused": N_("Nothing was imported: {count} rows of the file cannot be accepted. Correct them and choose the file again."),
    "import_outdated": N_(
        "Nothing was imported: {key} (row {row}) was changed by someone since the file was checked. Choose the file again."
    ),
}

REASONS = {
    "not_csv": N_("This is a workbook of a spreadsheet program. Save it there as CSV and choose that file."),
    "too_many_rows": N_("The file has more than {limit} rows. Split it into smaller files."),
    "no_column": N_("The file has no column “{column}”."),
    "column_twice": N_("The file has the column “{column}” twice."),
    "cells_missing": N_("The row has fewer cells than the heading."),
    "cells_too_many": N_("The row has more cells than the heading."),
    "ambiguous_amount": N_("{text} can be read in two ways. Write it with a decimal point only, such as 1250.50."),
    "not_yes_or_no": N_("Please write yes or no."),
    "not_one_of": N_("Please write one of these: {allowed}."),
    "not_known": N_("There is no “{name}”."),
    "code_of_another": N_("This code belongs to “{name}”. Was the list sorted by one column only?"),
    "ended_before": N_("These hours have ended by then."),
    "nothing_to_copy": N_("There are no hours on this day to copy."),
}
