"""What screens and the command line ask about archives, requests and restricted records."""

from clinic_desktop.clinic.privacy.queries.archives import (
    ArchiveRow,
    PatientShown,
    RuleRow,
    Verified,
    archives,
    retention_rules,
    shown_patient,
    verify_file,
)
from clinic_desktop.clinic.privacy.queries.requests import (
    OpeningRow,
    Preview,
    RequestRow,
    due_erasures,
    erased_after,
    erasure_preview,
    is_restricted,
    openings,
    privacy_request,
    privacy_requests,
)

__all__ = [
    "ArchiveRow",
    "OpeningRow",
    "PatientShown",
    "Preview",
    "RequestRow",
    "RuleRow",
    "Verified",
    "archives",
    "due_erasures",
    "erased_after",
    "erasure_preview",
    "is_restricted",
    "openings",
    "privacy_request",
    "privacy_requests",
    "retention_rules",
    "shown_patient",
    "verify_file",
]
