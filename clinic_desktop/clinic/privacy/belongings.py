"""Everything that belongs to a patient, found by the tables' own keys: rows that name the patient, and the parts of such rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.privacy.erasing import one_person
from clinic_desktop.clinic.privacy.retention.values import in_chunks, table_named
from clinic_desktop.kernel.tables import Base

NOT_EXPORTED = {
    "patient_duplicates": "it is about other people as well",
    "otp_verifications": "one-time codes, of use to nobody later",
}
"""Tables with rows of a patient that the patient does not get, and why."""

NOT_SHOWN = frozenset({"row_version", "search_key", "search_text", "name_key", "sounds", "phone_tail", "diagnoses_edition"})
"""Columns that serve the program and say nothing of the patient."""

_LABELS = ("full_name", "name", "patient_number", "number", "code", "username", "batch_number")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the patient: its name there, what it is, and where the store has it."""

    name: str
    category: str
    media_type: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """Rows by table, each with its typed values by column; names of what they point to; files."""

    patient_ids: tuple[UUID, ...]
    rows: dict[str, list[dict[str, Any]]]
    labels: dict[UUID, str]
    files: tuple[StoredFile, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(len(rows) for rows in self.rows.values())


@cache
def _paths(_tables: int) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each table with rows of patients: (column, table it points to) by which they are found, owners first."""
    found: dict[str, tuple[tuple[str, str], ...]] = {"patients": ()}
    for table in Base.metadata.sorted_tables:
        name = str.__str__(table.name)
        keys = [(key.parent.name, str.__str__(key.column.table.name)) for key in table.foreign_keys]
        up = tuple(sorted((column, target) for column, target in keys if target in found and target != name))
        if up and "id" in table.c and name not in NOT_EXPORTED:
            found[name] = up
    return found


def tables_of_patients() -> dict[str, tuple[tuple[str, str], ...]]:
    """For each table that an export looks into: the columns by which a patient's rows are found."""
    return _paths(len(Base.metadata.tables))


def belongings(session: Session, patient_id: UUID) -> Belongings:
    """All of a patient and of records that were merged into it; raises NotFound by way of the patient's own."""
    people = tuple(one.id for one in one_person(session, patient_id))
    own: dict[str, set[UUID]] = {"patients": set(people)}
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, up in tables_of_patients().items():
        table = table_named(name)
        if name == "patients":
            rows[name] = _rows(session, table, [table.c.id.in_(people)])
        else:
            found = {row["id"]: row for row in _owned(session, table, up, own)}
            own[name] = set(found)
            rows[name] = [found[key] for key in sorted(found, key=lambda key: key.bytes)]
    kept = {name: found for name, found in rows.items() if found}
    return Belongings(people, kept, _labels(session, kept, own), tuple(_files(session, kept)))


def _owned(session: Session, table: Table, up: Sequence[tuple[str, str]], own: dict[str, set[UUID]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for column, target in up:
        for chunk in in_chunks(own.get(target, set())):
            found += _rows(session, table, [table.c[column].in_(chunk)])
    return found


def _rows(session: Session, table: Table, where: Sequence[Any]) -> list[dict[str, Any]]:
    shown = [column for column in table.columns if not column.info.get("secret") and column.name not in NOT_SHOWN]
    return [dict(row._mapping) for row in session.execute(select(*shown).where(or_(*where)).order_by(table.c.id))]


def _labels(session: Session, rows: dict[str, list[dict[str, Any]]], own: dict[str, set[UUID]]) -> dict[UUID, str]:
    """What the doctors, services, medicines and people are called whom the rows point to."""
    wanted: dict[str, set[UUID]] = {}
    for name, found in rows.items():
        for key in table_named(name).foreign_keys:
            target = str.__str__(key.column.table.name)
            wanted.setdefault(target, set()).update(row[key.parent.name] for row in found if row.get(key.parent.name) is not None)
    labels: dict[UUID, str] = {}
    for target, keys in wanted.items():
        labels |= _named(session, target, keys - own.get(target, set()) if target != "patients" else keys & own["patients"])
    return labels


def _named(session: Session, target: str, keys: set[UUID]) -> dict[UUID, str]:
    table = table_named(target)
    column = next((table.c[name] for name in _LABELS if name in table.c), None)
    through = {"doctors": ("user_id", "users"), "medicines": ("item_id", "inventory_items")}.get(target)
    found: dict[UUID, str] = {}
    for chunk in in_chunks(keys):
        if through is not None:
            link, other = table.c[through[0]], table_named(through[1])
            name = other.c.full_name if "full_name" in other.c else other.c.name
            statement = select(table.c.id, name).join(other, other.c.id == link)
        elif column is not None:
            statement = select(table.c.id, column)
        else:
            continue
        found |= {key: str(label) for key, label in session.execute(statement.where(table.c.id.in_(chunk))) if label}
    return found


def _files(session: Session, rows: dict[str, list[dict[str, Any]]]) -> list[StoredFile]:
    named = [
        *((row["document_id"], row["original_file_name"], str(row["category"])) for row in rows.get("patient_documents", ())),
        *((row["signature_document_id"], "signature", "consent") for row in rows.get("patient_consents", ())),
        *((row["photo_document_id"], "photo", "photo") for row in rows["patients"]),
    ]
    table, found = table_named("documents"), []
    for key, name, category in named:
        if key is None:
            continue
        document = session.execute(select(table.c.sha256, table.c.media_type, table.c.size_bytes).where(table.c.id == key)).one()
        found.append(StoredFile(name, category, document.media_type, document.sha256, document.size_bytes))
    return found
