"""What is done with the files in a patient's folder. Their content is in the store before (``filing.attach_file``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands import stored_document
from clinic_desktop.clinic.patients.events import FolderChanged
from clinic_desktop.clinic.patients.intake import MediaType, safe_name
from clinic_desktop.clinic.patients.models import Patient, PatientDocument
from clinic_desktop.clinic.patients.queries.documents import DocumentClosed
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.clinic.patients.rights import ATTACH, levels_of
from clinic_desktop.clinic.patients.rules import AccessLevel, DocumentCategory
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, NotFound, StaleRecord
from clinic_desktop.kernel.text import clean_line, optional_line, optional_text

MOST_TAGS, LONGEST_TAG = 12, 40


class AlreadyInFolder(ClinicError):
    """The very same file is in the patient's folder: params ``name`` and ``document_id``."""

    code = "already_in_folder"


@dataclass(frozen=True, slots=True)
class Description:
    """What a person says about a file."""

    category: DocumentCategory
    access_level: AccessLevel = AccessLevel.STAFF
    subcategory: str | None = None
    description: str | None = None
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A file that is in the store, as taking it in has found it."""

    sha256: str
    size_bytes: int
    media_type: MediaType
    name: str
    measures: dict[str, int]


@command(ATTACH, idempotent=True)
def attach_document(tx: Tx, *, key: UUID, patient_id: UUID, content: Content, described: Description) -> UUID:
    """Put a file into a patient's folder; raises AlreadyInFolder when it is there. Whoever files it may choose a level above their own."""
    check_in_use(tx.session, tx.session.get(Patient, patient_id, with_for_update={"key_share": True}, populate_existing=True), patient_id)
    document_id = stored_document(tx, sha256=content.sha256, size_bytes=content.size_bytes, media_type=content.media_type.value)
    _refuse_twice(tx, patient_id, document_id)
    filed = PatientDocument(
        patient_id=patient_id,
        document_id=document_id,
        original_file_name=safe_name(content.name, content.media_type),
        details=msgspec.json.encode(content.measures).decode() if content.measures else None,
        uploaded_by=tx.actor.user_id,
        is_archived=False,
    )
    _describe(filed, described)
    tx.add(filed)
    tx.session.flush()
    tx.emit(FolderChanged(patient_id, filed.id))
    return filed.id


def _refuse_twice(tx: Tx, patient_id: UUID, document_id: UUID) -> None:
    same = (
        PatientDocument.patient_id.in_(person_ids(tx.session, patient_id)),
        PatientDocument.document_id == document_id,
        PatientDocument.is_archived.is_(False),
    )
    there = tx.session.execute(select(PatientDocument.id, PatientDocument.original_file_name).where(*same).limit(1)).one_or_none()
    if there is not None:
        raise AlreadyInFolder("file", name=there.original_file_name, document_id=str(there.id))


def _describe(filed: PatientDocument, said: Description) -> None:
    filed.category, filed.access_level = DocumentCategory(said.category), AccessLevel(said.access_level)
    filed.subcategory = optional_line(said.subcategory, "subcategory", limit=100)
    filed.description = optional_text(said.description, "description", limit=2000)
    filed.tags = _tags(said.tags)


def _tags(given: Sequence[str]) -> str | None:
    """Tags, each once whatever its letters' case, as they are stored: one a line."""
    clean = {line.casefold(): line for line in (clean_line(one) for one in given) if line}
    if len(clean) > MOST_TAGS:
        raise InvalidInput("tags", "too_many", limit=MOST_TAGS)
    if any(len(line) > LONGEST_TAG for line in clean.values()):
        raise InvalidInput("tags", "too_long", limit=LONGEST_TAG)
    return "\n".join(clean.values()) or None


@command(ATTACH)
def describe_document(tx: Tx, *, document_id: UUID, row_version: int, described: Description, file_name: str | None = None) -> None:
    """Say otherwise what a file is; raises StaleRecord when somebody has done so since it was read."""
    filed = _open_to(tx, document_id)
    if filed.row_version != row_version:
        raise StaleRecord(entity="patient_documents", key=str(document_id))
    _describe(filed, described)
    if file_name is not None:
        filed.original_file_name = safe_name(file_name, MediaType(_media_type(tx, filed)))
    tx.session.flush()
    tx.emit(FolderChanged(filed.patient_id, filed.id))


@command(ATTACH)
def move_document(tx: Tx, *, document_id: UUID, patient_id: UUID) -> None:
    """Put a file that came into the wrong folder into the right patient's; raises AlreadyInFolder when that one has it."""
    filed, patient = (
        _open_to(tx, document_id),
        tx.session.get(Patient, patient_id, with_for_update={"key_share": True}, populate_existing=True),
    )
    check_in_use(tx.session, patient, patient_id)
    if filed.patient_id in person_ids(tx.session, patient_id):
        return
    if not filed.is_archived:
        _refuse_twice(tx, patient_id, filed.document_id)
    former, filed.patient_id = filed.patient_id, patient_id
    tx.session.flush()
    tx.emit(FolderChanged(former, filed.id))
    tx.emit(FolderChanged(patient_id, filed.id))


@command(ATTACH)
def archive_document(tx: Tx, *, document_id: UUID) -> None:
    """Put a file aside: it is in the folder no more, and nothing of it is lost."""
    _put_aside(tx, document_id, is_archived=True)


@command(ATTACH)
def restore_document(tx: Tx, *, document_id: UUID) -> None:
    """Put a file back into the folder; raises AlreadyInFolder when it was attached anew meanwhile."""
    _put_aside(tx, document_id, is_archived=False)


def _put_aside(tx: Tx, document_id: UUID, *, is_archived: bool) -> None:
    filed = _open_to(tx, document_id)
    if filed.is_archived == is_archived:
        return
    if not is_archived:
        _refuse_twice(tx, filed.patient_id, filed.document_id)
    filed.is_archived = is_archived
    tx.session.flush()
    tx.emit(FolderChanged(filed.patient_id, filed.id))


def _open_to(tx: Tx, document_id: UUID) -> PatientDocument:
    """A file, locked; raises NotFound, or DocumentClosed to whom it is not open."""
    filed = tx.session.get(PatientDocument, document_id, with_for_update=True, populate_existing=True)
    if filed is None:
        raise NotFound(entity="patient_documents", key=str(document_id))
    if filed.access_level not in levels_of(tx.session, filed.patient_id, actor=tx.actor, now=tx.now):
        raise DocumentClosed(level=filed.access_level.value)
    return filed


def _media_type(tx: Tx, filed: PatientDocument) -> str:
    from_row = PatientDocument.metadata.tables["documents"]
    return str(tx.session.execute(select(from_row.c.media_type).where(from_row.c.id == filed.document_id)).scalar_one())
