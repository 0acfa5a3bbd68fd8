"""Columns of the organisation."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "applies_to": N_("applies to"),
    "day": N_("day"),
    "head_doctor_id": N_("head"),
    "hospital_id": N_("hospital"),
    "id_sequence_id": N_("number series"),
    "is_inclusive": N_("contained in the price"),
    "is_main": N_("main clinic"),
    "last_number": N_("last number"),
    "licence_number": N_("licence number"),
    "location": N_("place in the store"),
    "logo_document_id": N_("logo"),
    "media_type": N_("type of file"),
    "next_number": N_("next number"),
    "prefix": N_("prefix"),
    "printer_profiles": N_("printers"),
    "rate_basis_points": N_("rate"),
    "reset": N_("starts again"),
    "scope": N_("valid for"),
    "timezone": N_("time zone"),
    "width": N_("digits"),
    "year": N_("year"),
}
