"""What an undo brings back: columns as they were before a merge, unless somebody changed them since."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.models import Patient, PatientDuplicate, PatientMerge
from clinic_desktop.clinic.patients.rules import DuplicateStatus, PatientStatus
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx


class PairKept(msgspec.Struct, frozen=True):
    """How the pair of the two stood."""

    id: UUID
    status: DuplicateStatus
    decided_by: UUID | None
    decided_at: datetime | None


class Kept(msgspec.Struct, frozen=True):
    """What a merge keeps of the state before it."""

    choices: dict[str, Choice] = {}
    history: Choice = Choice.KEPT
    """Whose medical history the survivor has: the text itself is not written here, where a log would show it."""
    changed: dict[str, dict[str, list[Any]]] = {}
    """By patient and column: what was there, and what the merge left."""
    cards: list[UUID] = []
    """Cards that it revoked."""
    pair: PairKept | None = None
    offered: list[UUID] = []
    """Pairs of the survivor that it put before a person."""


def newer_merge(session: Session, merge: PatientMerge) -> str | None:
    """The number of the record of a later merge that stands on this one: that is to be undone first."""
    wanted = (
        select(Patient.patient_number)
        .join(PatientMerge, PatientMerge.merged_id == Patient.id)
        .where(
            PatientMerge.undone_at.is_(None),
            PatientMerge.id > merge.id,
            or_(PatientMerge.kept_id == merge.kept_id, PatientMerge.merged_id == merge.kept_id),
        )
        .order_by(PatientMerge.id.desc())
    )
    return session.scalar(wanted.limit(1))


@step
def fields_as_they_were(tx: Tx, stored: Kept, kept: Patient, merged: Patient) -> None:
    """Give every record its own again: first what frees a number, then the rest."""
    _history_as_it_was(stored.history, kept, merged)
    people = {key: tx.session.get_one(Patient, UUID(key), with_for_update=True) for key in sorted(stored.changed)}
    due = {key: _due(people[key], columns) for key, columns in stored.changed.items()}
    for key, values in due.items():
        if "phone" in values:
            people[key].set_phone(None, None)
        elif values.get("phone_owner_id") is not None:
            people[key].phone_owner_id = values["phone_owner_id"]
    tx.session.flush()
    _share_what_is_owned(tx, merged, merged.phone, due)
    for key, values in due.items():
        if "phone" in values and values["phone"] is not None and values.get("phone_owner_id") is None:
            values["phone_owner_id"] = _owner(tx, values["phone"], people[key])
        for name, value in values.items():
            setattr(people[key], name, value)
    tx.session.flush()


def whose_history(kept: Patient, merged: Patient) -> Choice:
    """Whose medical history the survivor will have: nothing of either is lost, and nobody at a desk reads it to choose."""
    if not merged.medical_history or merged.medical_history == kept.medical_history:
        return Choice.KEPT
    return Choice.BOTH if kept.medical_history else Choice.MERGED


def history_of_both(kept: Patient, merged: Patient) -> str | None:
    """One below the other, never mixed: an undo finds the second again at the end."""
    whose = whose_history(kept, merged)
    if whose is Choice.BOTH:
        return f"{kept.medical_history}\n{merged.medical_history}"
    return kept.medical_history if whose is Choice.KEPT else merged.medical_history


def _history_as_it_was(whose: Choice, kept: Patient, merged: Patient) -> None:
    """Take off what the merge put at the end of the medical history, if it still stands there."""
    added = merged.medical_history
    if whose is Choice.MERGED and kept.medical_history == added:
        kept.medical_history = None
    elif whose is Choice.BOTH and kept.medical_history is not None:
        kept.medical_history = kept.medical_history.removesuffix(f"\n{added}")


def _due(one: Patient, columns: dict[str, list[Any]]) -> dict[str, Any]:
    """What goes back: the columns that are as the merge left them. A number goes back whole or not at all, and so does an alias."""
    now = msgspec.to_builtins({name: getattr(one, name) for name in columns})
    due = {name: _typed(name, was) for name, (was, left) in columns.items() if now[name] == left}
    if "phone" in columns and "phone" not in due:
        due = {name: value for name, value in due.items() if not name.startswith("phone")}
    if "merged_into_id" in columns and "merged_into_id" not in due:  # another site merged it into another record since
        due.pop("status", None)
    return due


def _typed(name: str, raw: Any) -> Any:
    """A value of the merge's JSON in the form of its column."""
    kind = Patient.__table__.c[name].type.python_type
    if raw is None or not issubclass(kind, (date, UUID, enum.Enum)):
        return raw
    return date.fromisoformat(raw) if issubclass(kind, date) else kind(raw)


def _owner(tx: Tx, phone: str, one: Patient) -> UUID | None:
    """Who owns a number that somebody gets back: the record itself, unless another took it meanwhile."""
    in_use = (Patient.phone == phone, Patient.phone_owner_id.is_(None), Patient.status != PatientStatus.MERGED, Patient.id != one.id)
    return tx.session.scalar(select(Patient.id).where(*in_use))


def _share_what_is_owned(tx: Tx, merged: Patient, phone: str | None, due: dict[str, dict[str, Any]]) -> None:
    """The merged record comes back with its number; another may have become its owner since."""
    if phone is not None and merged.phone_owner_id is None:
        holder = _owner(tx, phone, merged)
        if holder is not None:
            due[str(merged.id)]["phone_owner_id"] = holder


@step
def pairs_as_they_were(tx: Tx, stored: Kept) -> None:
    """The pair of the two waits again as it did; what the merge put before a person goes unless a person decided."""
    if stored.pair is not None:
        own = tx.session.get(PatientDuplicate, stored.pair.id, with_for_update=True)
        if own is not None and own.status is DuplicateStatus.MERGED:
            own.status, own.decided_by, own.decided_at = stored.pair.status, stored.pair.decided_by, stored.pair.decided_at
    for key in stored.offered:
        pair = tx.session.get(PatientDuplicate, key, with_for_update=True)
        if pair is not None and pair.status is DuplicateStatus.OPEN:
            tx.session.delete(pair)
    tx.session.flush()
