"""The files in a patient's folder, as far as somebody may know of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.models import Patient, PatientDocument
from clinic_desktop.clinic.patients.queries.person import person_ids, survivor_ids
from clinic_desktop.clinic.patients.rights import levels_of
from clinic_desktop.clinic.patients.rules import AccessLevel, DocumentCategory
from clinic_desktop.kernel.errors import ClinicError, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.settings import Scope, setting

SCANNER_FOLDER = setting(
    "patients.scanner_folder",
    "",
    Scope.WORKSTATION,
    N_("Folder into which the scanner at this workstation writes"),
    help=N_("New files there are offered on the patient's file, under Documents."),
    words="scan",
)
SCANS_REMOVED = setting(
    "patients.scans_removed",
    False,
    Scope.WORKSTATION,
    N_("Scans are deleted from the scanner's folder once they are attached"),
    help=N_("Otherwise they are moved into its subfolder “done”."),
    words="scan",
)
SENSITIVE = frozenset((AccessLevel.DOCTOR, AccessLevel.ADMIN))


class DocumentClosed(ClinicError):
    """A file that is not for this person: param ``level``."""

    code = "document_closed"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A file in a patient's folder; ``measures`` are its width and height in pixels and its pages, where it has them."""

    id: UUID
    patient_id: UUID
    name: str
    category: DocumentCategory
    subcategory: str | None
    description: str | None
    access_level: AccessLevel
    tags: tuple[str, ...]
    measures: dict[str, int]
    is_archived: bool
    attached_at: datetime
    attached_by: str | None
    media_type: MediaType
    size_bytes: int
    sha256: str
    row_version: int

    @property
    def pages(self) -> int:
        """How many pages there are to look at."""
        return self.measures.get("pages", 1)

    @property
    def is_sensitive(self) -> bool:
        """Whether opening it leaves a trace in the audit trail."""
        return self.access_level in SENSITIVE


def documents_of(session: Session, *, patient_id: UUID, actor: Actor, now: datetime, archived: bool = False) -> list[DocumentRow]:
    """The folder, or what was put aside, the newest first; what is not for this person is left out."""
    levels = levels_of(session, patient_id, actor=actor, now=now)
    if not levels:
        return []
    wanted = _rows().where(
        PatientDocument.patient_id.in_(person_ids(session, patient_id)),
        PatientDocument.is_archived.is_(archived),
        PatientDocument.access_level.in_(levels),
    )
    return [_row(one) for one in session.execute(wanted.order_by(PatientDocument.created_at.desc(), PatientDocument.id.desc()))]


def with_folder(session: Session, *, patient_ids: Collection[UUID]) -> set[UUID]:
    """Who of some patients has a file in the folder, whatever its level, by the ids of those in use: one look for all of them."""
    leads = survivor_ids(session, *patient_ids) if patient_ids else {}
    filed = (PatientDocument.patient_id.in_(leads), PatientDocument.is_archived.is_(False))
    return {leads[one] for one in session.scalars(select(PatientDocument.patient_id).where(*filed).distinct())} if leads else set()


def document(session: Session, *, document_id: UUID, actor: Actor, now: datetime) -> DocumentRow:
    """One file; raises NotFound, or DocumentClosed to whom it is not open."""
    found = session.execute(_rows().where(PatientDocument.id == document_id)).one_or_none()
    if found is None:
        raise NotFound(entity="patient_documents", key=str(document_id))
    row = _row(found)
    if row.access_level not in levels_of(session, row.patient_id, actor=actor, now=now):
        raise DocumentClosed(level=row.access_level.value)
    return row


def scanner_of(session: Session, *, clinic_id: UUID, workstation_id: UUID | None) -> tuple[str, bool]:
    """The folder into which the scanner of a workstation writes, empty when there is none, and whether scans are deleted from it."""
    place = {"clinic_id": clinic_id, "workstation_id": workstation_id}
    return setting_value(session, SCANNER_FOLDER, **place).strip(), setting_value(session, SCANS_REMOVED, **place)


def photo_sha256(session: Session, *, patient_id: UUID) -> str | None:
    """Where the store has the patient's photo; None when there is none."""
    wanted = select(Document.sha256).join(Patient, Patient.photo_document_id == Document.id).where(Patient.id == patient_id)
    return session.scalar(wanted)


def _rows() -> Any:
    by = select(User.full_name).where(User.id == PatientDocument.uploaded_by).scalar_subquery()
    wanted = select(PatientDocument, Document.media_type, Document.size_bytes, Document.sha256, by.label("full_name"))
    return wanted.join(Document, Document.id == PatientDocument.document_id)


def _row(found: Any) -> DocumentRow:
    filed: PatientDocument = found[0]
    return DocumentRow(
        filed.id,
        filed.patient_id,
        filed.original_file_name,
        filed.category,
        filed.subcategory,
        filed.description,
        filed.access_level,
        tuple((filed.tags or "").split("\n")) if filed.tags else (),
        msgspec.json.decode(filed.details, type=dict[str, int]) if filed.details else {},
        filed.is_archived,
        filed.created_at,
        found.full_name,
        MediaType(found.media_type),
        found.size_bytes,
        found.sha256,
        filed.row_version,
    )
