"""What a merge of several sites leaves to be put right among patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.commands.phones import give_one_owner
from clinic_desktop.clinic.patients.matching import Match
from clinic_desktop.clinic.patients.models import SEARCHED, Patient, PatientDuplicate, PatientIdentifier, PatientMerge, searched
from clinic_desktop.clinic.patients.queries.known_as import known_as
from clinic_desktop.clinic.patients.queries.likeness import COMPARED, likely_elsewhere
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import id_of
from clinic_desktop.kernel.journal import NOTE, AuditLog
from clinic_desktop.kernel.mending import ConflictKind, Task, mends

_AT_ONCE = 500


def look_alike(a_id: UUID, b_id: UUID, match: Match) -> PatientDuplicate:
    """Two records that may be one person: the same row whichever site finds them."""
    a, b = sorted((a_id, b_id))
    return PatientDuplicate(id=id_of("patient_duplicates", a, b), a_id=a, b_id=b, score=match.score, reasons=" ".join(match.reasons))


@mends("patients", of=("phone", "phone_owner_id", "status"))
def give_phones_one_owner(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """Whoever shares a number shares it with the one who owns it; where nobody does any more, the first of them owns it."""
    sharing = Patient.phone_owner_id.in_(ids) | (Patient.id.in_(ids) & Patient.phone_owner_id.is_not(None))
    in_use = Patient.status != PatientStatus.MERGED
    phones = sorted(set(tx.session.scalars(select(Patient.phone).where(sharing, in_use))) - {None})  # type: ignore[type-var]
    for phone in phones:
        give_one_owner(tx, phone=phone or "")
    return ()


@mends("patients", "patient_merges", of=("merged_into_id", "merged_id", "undone_at"))
def open_merge_circles(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """Records merged into each other by sites apart: the oldest stays, and a person looks whether that was the better one."""
    named = select(PatientMerge.merged_id).where(PatientMerge.id.in_(ids))
    merged = select(Patient.id).where(or_(Patient.id.in_(ids), Patient.id.in_(named)), Patient.merged_into_id.is_not(None))
    starts = set(tx.session.scalars(merged))
    return [_opened(tx, circle) for circle in sorted(set(_circles(tx.session, starts)), key=min)]


def _circles(session: Session, starts: Iterable[UUID]) -> Iterator[frozenset[UUID]]:
    for start in starts:
        way: list[UUID] = []
        at: UUID | None = start
        while at is not None and at not in way:
            way.append(at)
            at = session.scalar(select(Patient.merged_into_id).where(Patient.id == at))
        if at is not None:
            yield frozenset(way[way.index(at) :])


def _opened(tx: Tx, circle: frozenset[UUID]) -> Task:
    """Undo the merge of the oldest record of a circle."""
    survivor = tx.session.get_one(Patient, min(circle))
    survivor.merged_into_id, survivor.status = None, PatientStatus.ACTIVE
    standing = select(PatientMerge).where(PatientMerge.merged_id == survivor.id, PatientMerge.undone_at.is_(None))
    for merge in tx.session.scalars(standing).all():
        merge.undone_at, merge.undone_by = tx.now, None
    tx.session.flush()
    others = tuple(sorted(circle - {survivor.id}))
    return Task(ConflictKind.MERGE_CYCLE, "patients", survivor.id, survivor.id, {"number": survivor.patient_number}, others)


@mends("patients", "patient_merges", of=("merged_into_id", "merged_id", "kept_id", "undone_at"))
def let_one_merge_stand(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """A record that sites apart merged into two others, or that one took out again meanwhile: the merge that it leads by stands.

    Where it leads was decided before, field by field, and whoever disagrees finds that among the conflicts.
    """
    named = tx.session.scalars(select(PatientMerge.merged_id).where(PatientMerge.id.in_(ids)))
    leads = dict(tx.session.execute(select(Patient.id, Patient.merged_into_id).where(Patient.id.in_({*ids, *named}))).all())
    standing = select(PatientMerge).where(PatientMerge.merged_id.in_(leads), PatientMerge.undone_at.is_(None))
    stands: set[UUID] = set()
    for merge in tx.session.scalars(standing.order_by(PatientMerge.id.desc())).all():
        if merge.merged_id not in stands and leads[merge.merged_id] == merge.kept_id:
            stands.add(merge.merged_id)
        else:
            merge.undone_at, merge.undone_by = tx.now, None
    for key in sorted(key for key, into in leads.items() if into is not None and key not in stands):
        alone = tx.session.get_one(Patient, key)
        alone.merged_into_id, alone.status = None, PatientStatus.ACTIVE
    tx.session.flush()
    return ()


_ASKED = bindparam("asked", type_=Uuid(), expanding=True)
# Built once: they are asked after every page of changes that sites send.
_ENDED = select(PatientMerge.kept_id).where(or_(PatientMerge.id.in_(_ASKED), PatientMerge.merged_id.in_(_ASKED)))
_FOLLOWS = ("full_name", "name_key", "sounds", "search_text")
_SEARCHED = (
    select(Patient.id, *(getattr(Patient, name) for name in (*_FOLLOWS, *SEARCHED))).where(Patient.id.in_(_ASKED)).order_by(Patient.id)
)
_OF_NUMBERS = (AuditLog.entity_type == PatientIdentifier.__tablename__, AuditLog.operation != NOTE)
_NUMBERS_TOLD = select(AuditLog.changes).where(*_OF_NUMBERS, AuditLog.entity_id.in_(_ASKED))
_FOUND_BY = (
    *SEARCHED,
    *_FOLLOWS,
    "patient_id",
    "value",
    "merged_into_id",
    "kept_id",
    "undone_at",
    "erased_at",
)


@mends("patients", "patient_identifiers", "patient_merges", of=_FOUND_BY)
def find_by_every_number(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """A patient is found by the numbers that other systems gave, too, and by all that merged records were found by.

    After circles were opened: whoever is no alias any more gives nobody its words.
    """
    ended = tx.session.scalars(_ENDED, {"asked": tuple(ids)})
    people = person_ids(tx.session, *ids, *_who_had_numbers(tx.session, ids), *ended)
    touched = tx.session.execute(_SEARCHED, {"asked": people}).all()
    known = known_as(tx.session, people)
    for patient in touched:
        external = known.get(patient.id, ())  # of one who has no number any more none stays
        if searched(patient, external) != (patient.full_name, patient.name_key, patient.sounds, patient.search_text):
            tx.session.get_one(Patient, patient.id).refresh_search(external)
    return ()


def _who_had_numbers(session: Session, ids: frozenset[UUID]) -> Iterator[UUID]:
    """Whose a number is, or was before it was taken back or given to another."""
    for changes in session.scalars(_NUMBERS_TOLD, {"asked": tuple(ids)}):
        told = msgspec.json.decode(changes).get("patient_id", [])
        yield from (UUID(key) for key in ([told] if isinstance(told, str) else told))


@mends("patients", of=COMPARED)
def offer_look_alikes(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """The same person registered at two sites: both stay, and the pair is put before somebody."""
    pairs = {pair.id: pair for pair in (look_alike(*found) for found in likely_elsewhere(tx.session, ids))}
    older, known = sorted({pair.a_id for pair in pairs.values()}), set[tuple[UUID, UUID]]()
    for at in range(0, len(older), _AT_ONCE):
        wanted = select(PatientDuplicate.a_id, PatientDuplicate.b_id).where(PatientDuplicate.a_id.in_(older[at : at + _AT_ONCE]))
        known.update((a_id, b_id) for a_id, b_id in tx.session.execute(wanted))
    tx.session.add_all(pair for pair in pairs.values() if (pair.a_id, pair.b_id) not in known)
    return ()
