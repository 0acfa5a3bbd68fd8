"""From the clinic's rows to finished documents: one function a document, ready for preview and print."""

from clinic_desktop.documents.compose.cards import SAMPLE_NAMES, design_faces, id_card, id_cards, trial_card
from clinic_desktop.documents.compose.clinical import prescription
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, head_preview, with_logo, with_pictures
from clinic_desktop.documents.compose.folder import consent_preview, folder_paper, signed_consent
from clinic_desktop.documents.compose.frontdesk import appointment_slip, queue_token
from clinic_desktop.documents.compose.money import invoice, receipt, settlement
from clinic_desktop.documents.compose.patient_export import erasure_statement

__all__ = [
    "SAMPLE_NAMES",
    "Composed",
    "DocumentKind",
    "appointment_slip",
    "consent_preview",
    "design_faces",
    "erasure_statement",
    "folder_paper",
    "head_preview",
    "id_card",
    "id_cards",
    "invoice",
    "prescription",
    "queue_token",
    "receipt",
    "settlement",
    "signed_consent",
    "trial_card",
    "with_logo",
    "with_pictures",
]
