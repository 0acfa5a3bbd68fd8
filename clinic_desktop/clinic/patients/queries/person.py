"""One person, however many records: a merge leaves an alias, and whoever lists what a patient has asks here for all of them.

Rows are not moved when two records are merged. Issued bills, signed notes and ledgers never change, and what another site owns is
not ours to rewrite; so every reader takes the survivor with its aliases. An undo then has nothing to bring back, and a row that
another site adds to a merged record is the survivor's at once.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, union_all
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.tables import id_parameter

_PATIENTS = Patient.__table__
_ASKED = bindparam("asked", type_=Uuid(), expanding=True)
_SHOWN = select(_PATIENTS.c.id, _PATIENTS.c.merged_into_id)
# Built once, each half by its own index: one round trip for whoever was never merged, and as a rule two for who was.
_NEAR = union_all(_SHOWN.where(_PATIENTS.c.id.in_(_ASKED)), _SHOWN.where(_PATIENTS.c.merged_into_id.in_(_ASKED)))
_INTO = select(_PATIENTS.c.merged_into_id).where(_PATIENTS.c.id == id_parameter("patient_id"))


def person_ids(session: Session, *patient_ids: UUID) -> tuple[UUID, ...]:
    """Every record of the persons whom these records are of: the survivor first, then what was merged into it, oldest first."""
    into = _merged_into(session, set(patient_ids))
    return tuple(sorted(into, key=lambda key: (into[key] is not None, key)))


def survivor_ids(session: Session, *patient_ids: UUID) -> dict[UUID, UUID]:
    """Every record of the persons whom these records are of, each with the one in use that it leads to; survivors first."""
    into = _merged_into(session, set(patient_ids))
    return {key: _end(key, into) for key in sorted(into, key=lambda key: (into[key] is not None, key))}


def _merged_into(session: Session, fresh: set[UUID]) -> dict[UUID, UUID | None]:
    into: dict[UUID, UUID | None] = {}
    asked: set[UUID] = set()
    while fresh:
        asked |= fresh
        for row in session.execute(_NEAR, {"asked": tuple(fresh)}):
            into[row.id] = row.merged_into_id
        fresh = {key for pair in into.items() for key in pair if key is not None} - asked
    return into


def _end(at: UUID, into: dict[UUID, UUID | None]) -> UUID:
    seen = {at}
    while (above := into.get(at)) is not None and above not in seen:
        seen.add(above)
        at = above
    return at


def survivor_id(session: Session, patient_id: UUID) -> UUID:
    """The record that a merged one leads to; a record that is in use leads to itself."""
    seen, at = {patient_id}, patient_id
    while True:
        above = session.scalar(_INTO, {"patient_id": at})
        if above is None or above in seen:
            return at
        seen.add(above)
        at = above
