"""What people do about how long records are kept, about patients' own data and about restricted records."""

from clinic_desktop.clinic.privacy.commands.permissions import BREAK_GLASS, ERASE, EXPORT, RESTRICT, RETAIN, REVIEW
from clinic_desktop.clinic.privacy.commands.requests import (
    REQUEST_NUMBER,
    erase_patient,
    finish_erasure,
    record_export_done,
    record_request,
    refuse_request,
)
from clinic_desktop.clinic.privacy.commands.restricted import break_glass, restrict_record, review_opening
from clinic_desktop.clinic.privacy.commands.retention import (
    ArchiveFile,
    RecordsChanged,
    archive_journal,
    archive_rows,
    keep_for,
    note_verified,
)

__all__ = [
    "BREAK_GLASS",
    "ERASE",
    "EXPORT",
    "REQUEST_NUMBER",
    "RESTRICT",
    "RETAIN",
    "REVIEW",
    "ArchiveFile",
    "RecordsChanged",
    "archive_journal",
    "archive_rows",
    "break_glass",
    "erase_patient",
    "finish_erasure",
    "keep_for",
    "note_verified",
    "record_export_done",
    "record_request",
    "refuse_request",
    "restrict_record",
    "review_opening",
]
