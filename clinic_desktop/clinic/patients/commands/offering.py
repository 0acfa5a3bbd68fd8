"""Pairs that a look over the whole register found, put before a person."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.patients.commands.mending import look_alike
from clinic_desktop.clinic.patients.commands.registration import REVIEW
from clinic_desktop.clinic.patients.events import DuplicatesFound
from clinic_desktop.clinic.patients.matching import Match
from clinic_desktop.clinic.patients.models import Patient, PatientDuplicate
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx


@command(REVIEW)
def offer_pairs(tx: Tx, *, pairs: Sequence[tuple[UUID, UUID, Match]]) -> int:
    """Add the pairs that are not known yet, whatever was decided about those that are; returns how many are new."""
    rows = {row.id: row for row in (look_alike(*pair) for pair in pairs)}
    known = set(tx.session.scalars(select(PatientDuplicate.id).where(PatientDuplicate.id.in_(rows))))
    people = {key for row in rows.values() for key in (row.a_id, row.b_id)}
    usable = (Patient.id.in_(people), Patient.status != PatientStatus.MERGED, Patient.erased_at.is_(None))
    in_use = set(tx.session.scalars(select(Patient.id).where(*usable)))
    fresh = [row for row in rows.values() if row.id not in known and {row.a_id, row.b_id} <= in_use]
    taken = _same_pairs(tx, fresh)
    fresh = [row for row in fresh if (row.a_id, row.b_id) not in taken]
    for row in fresh:
        tx.add(row)
    tx.session.flush()
    if fresh:
        tx.emit(DuplicatesFound(len(fresh)))
    return len(fresh)


def _same_pairs(tx: Tx, rows: Sequence[PatientDuplicate]) -> set[tuple[UUID, UUID]]:
    """Pairs that are there under another id: an old register named them before ids followed from the pair."""
    wanted = select(PatientDuplicate.a_id, PatientDuplicate.b_id).where(PatientDuplicate.a_id.in_({row.a_id for row in rows}))
    return set(tx.session.execute(wanted))
