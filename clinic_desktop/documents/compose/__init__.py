"""From the clinic's rows to finished documents: one function a document, ready for preview and print."""

from clinic_desktop.documents.compose.clinical import prescription
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, head_preview, with_logo
from clinic_desktop.documents.compose.frontdesk import id_card, queue_token
from clinic_desktop.documents.compose.money import invoice, receipt, settlement
from clinic_desktop.documents.compose.patient_export import erasure_statement

__all__ = [
    "Composed",
    "DocumentKind",
    "erasure_statement",
    "head_preview",
    "id_card",
    "invoice",
    "prescription",
    "queue_token",
    "receipt",
    "settlement",
    "with_logo",
]
