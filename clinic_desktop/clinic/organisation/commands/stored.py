"""The rows of stored files: made where a content comes in for the first time, gone with the last row that names it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.references import is_referenced

STORED = "store"
"""Where the content of a document is: in the store, under its SHA-256."""


@step
def stored_document(tx: Tx, *, sha256: str, size_bytes: int, media_type: str) -> UUID:
    """The row of a content that is in the store already; the same content is one row, at whatever site it came in."""
    known = tx.session.scalar(select(Document.id).where(Document.sha256 == sha256))
    if known is not None:
        return known
    made = Document(id=id_of("documents", sha256), sha256=sha256, media_type=media_type, size_bytes=size_bytes, location=STORED)
    tx.add(made)
    tx.session.flush()
    return made.id


@step
def let_document_go(tx: Tx, *, document_id: UUID) -> list[str]:
    """Forget a stored file that no row names any more; its SHA-256, for whoever takes it out of the store after the commit."""
    if is_referenced(tx.session, Document, document_id):
        return []
    document = tx.session.get_one(Document, document_id)
    tx.session.delete(document)
    return [document.sha256]
