"""Files, signatures and photos between their bytes and their rows: the content is in the store before the row that names it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.patients.commands.consents import Signature, sign_consent
from clinic_desktop.clinic.patients.commands.documents import Content, Description, attach_document
from clinic_desktop.clinic.patients.commands.photo import remove_photo, set_photo
from clinic_desktop.clinic.patients.intake import Crop, MediaType, portrait, take_in
from clinic_desktop.clinic.patients.intake.pictures import checked_picture
from clinic_desktop.clinic.patients.queries.documents import DocumentClosed, DocumentRow, document, photo_sha256
from clinic_desktop.clinic.patients.rights import CONSENTS, READ_DOCUMENTS
from clinic_desktop.clinic.patients.signing import Stroke, is_signature
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import store_of

log = logging.getLogger(__name__)
MOST_SIGNATURE_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its content."""

    row: DocumentRow
    data: bytes


def attach_file(db: Database, actor: Actor, *, patient_id: UUID, name: str, data: bytes, described: Description, key: UUID) -> UUID:
    """Take a file in and put it into a patient's folder; raises InvalidInput at ``file`` for one that is refused."""
    actor.require(attach_document.permission, attach_document.name)
    taken = take_in(name, data)
    content = Content(store_of(db).put(taken.data), len(taken.data), taken.media_type, taken.name, taken.measures)
    return db.run(actor, attach_document, key=key, patient_id=patient_id, content=content, described=described)


def opened(db: Database, actor: Actor, *, document_id: UUID) -> Opened:
    """A file and its content; raises DocumentClosed, DocumentMissing or DocumentDamaged."""
    with db.read(actor) as session:
        row = document(session, document_id=document_id, actor=actor, now=db.clock())
    return Opened(row, store_of(db).get(row.sha256))


def content_unasked(db: Database, actor: Actor, *, row: DocumentRow) -> bytes:
    """The content of a file in a list that this person was shown; one whose opening leaves a trace is opened by a person only."""
    actor.require(READ_DOCUMENTS, "patients.content_unasked")
    if row.is_sensitive:
        raise DocumentClosed(level=row.access_level.value)
    return store_of(db).get(row.sha256)


def sign(db: Database, actor: Actor, *, strokes: list[Stroke], picture: bytes | None, **consent: Any) -> UUID:
    """Keep a signature, where there is one, and record the consent (parameters of ``sign_consent``)."""
    actor.require(sign_consent.permission, sign_consent.name)
    signature = None
    if picture is not None:
        if not is_signature(strokes):
            raise InvalidInput("signature", "no_signature")
        if len(picture) > MOST_SIGNATURE_BYTES:
            raise InvalidInput("signature", "file_too_large", limit=MOST_SIGNATURE_BYTES)
        kept, _measures = checked_picture(MediaType.PNG, picture)
        signature = Signature(store_of(db).put(kept), len(kept))
    return db.run(actor, sign_consent, signature=signature, **consent)


def signature_of(db: Database, actor: Actor, *, sha256: str | None) -> bytes | None:
    """The picture of a signature; None where a witness attests."""
    actor.require(CONSENTS, "patients.signature_of")
    return None if sha256 is None else store_of(db).get(sha256)


def keep_photo(db: Database, actor: Actor, *, patient_id: UUID, data: bytes, crop: Crop | None = None) -> None:
    """Make the square of a picture the patient's photo; raises InvalidInput at ``file``."""
    actor.require(set_photo.permission, set_photo.name)
    picture = portrait(data, crop)
    sha256 = store_of(db).put(picture)
    forget(db, db.run(actor, set_photo, patient_id=patient_id, sha256=sha256, size_bytes=len(picture)))


def drop_photo(db: Database, actor: Actor, *, patient_id: UUID) -> None:
    """Take a patient's photo away, off the record and out of the store."""
    forget(db, db.run(actor, remove_photo, patient_id=patient_id))


def photo(db: Database, *, patient_id: UUID) -> bytes | None:
    """A patient's photo as JPEG; None when there is none. Raises DocumentMissing or DocumentDamaged."""
    with db.read() as session:
        sha256 = photo_sha256(session, patient_id=patient_id)
    return None if sha256 is None else store_of(db).get(sha256)


def forget(db: Database, files: list[str]) -> None:
    """Take out of the store what no row names any more."""
    store = store_of(db)
    for one in files:
        try:
            store.remove(one)
        except DatabaseUnavailable as error:
            if error.params.get("reason") != "not_granted":
                raise
            # On a server a desk adds documents and takes none away: sealed bytes stay there that nothing names.
            log.info("the store keeps %s: this account may not remove from it", one)
