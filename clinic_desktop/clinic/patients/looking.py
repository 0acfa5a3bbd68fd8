"""Looking the whole register over for records of one person: read once, compared in blocks, put before a person in portions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.patients.blocks import near, without_busy_phones
from clinic_desktop.clinic.patients.commands.offering import offer_pairs
from clinic_desktop.clinic.patients.commands.registration import REVIEW
from clinic_desktop.clinic.patients.matching import Match, Person, alike
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.likeness import comparable_person
from clinic_desktop.clinic.patients.queries.records import ROW_COLUMNS, PatientRow
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor

_PAGE, _PORTION = 500, 200
_READING, _PLACING, _DONE = 30, 40, 100
"""Per cent of the work that are done after reading, after finding out who meets whom, and after all."""

Progress = Callable[[int], None]
"""Told how many per cent are done; it may raise to end the looking: what was offered so far stays."""


def look_for_duplicates(db: Database, actor: Actor, progress: Progress = lambda _percent: None) -> int:
    """Compare all records in use and offer the likely pairs; returns how many are new."""
    actor.require(REVIEW, "patients.offer_pairs")
    ids: list[UUID] = []
    people: list[Person] = []
    with db.read() as session:
        wanted = select(*ROW_COLUMNS).where(Patient.status != PatientStatus.MERGED, Patient.erased_at.is_(None)).order_by(Patient.id)
        for row in session.execute(wanted.execution_options(yield_per=_PAGE)):
            one = PatientRow(*row)
            ids.append(one.id)
            people.append(comparable_person(one))
            if len(ids) % _PAGE == 0:
                progress(min(len(ids) // _PAGE, _READING))
    return _compare_all(db, actor, ids, without_busy_phones(people), progress)


def _compare_all(db: Database, actor: Actor, ids: list[UUID], people: list[Person], progress: Progress) -> int:
    found: list[tuple[UUID, UUID, Match]] = []
    offered, told = 0, 0

    def placed(position: int) -> None:
        if position % _PAGE == 0:
            progress(_READING + (_PLACING - _READING) * position // len(people))

    for a, others in near(people, placed=placed):
        matched = ((ids[a], ids[b], alike(people[a], people[b])) for b in others)
        found += [(one, other, match) for one, other, match in matched if match is not None]
        if a - told >= _PAGE:
            progress(_PLACING + (_DONE - _PLACING) * a // len(people))
            told = a
        if len(found) >= _PORTION:
            offered += db.run(actor, offer_pairs, pairs=found)
            found = []
    return offered + (db.run(actor, offer_pairs, pairs=found) if found else 0)
