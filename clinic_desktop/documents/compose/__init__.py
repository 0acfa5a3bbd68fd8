"""From the clinic's rows to finished documents: one function a document, ready for preview and print."""

from clinic_desktop.documents.compose.clinical import prescription
from clinic_desktop.documents.compose.composed import Composed, DocumentKind
from clinic_desktop.documents.compose.frontdesk import id_card, queue_token
from clinic_desktop.documents.compose.money import invoice, receipt, settlement

__all__ = ["Composed", "DocumentKind", "id_card", "invoice", "prescription", "queue_token", "receipt", "settlement"]
