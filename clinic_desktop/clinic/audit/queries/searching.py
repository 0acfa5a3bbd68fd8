"""Pages of the audit trail, newest first: each condition enters an index that ends in the sequence number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select, union
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.audit.queries.belonging import rows_of_patients
from clinic_desktop.clinic.audit.queries.detail import entries
from clinic_desktop.clinic.audit.queries.numbers import numbered
from clinic_desktop.clinic.audit.queries.rows import AuditFilter, AuditPage, Position
from clinic_desktop.clinic.audit.rights import READ_AUDIT
from clinic_desktop.clinic.audit.rules import TRACES, Only
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.clock import day_bounds
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from clinic_desktop.kernel.security import Actor

Log = type[AuditLog]
Part = Callable[[Log], list[ColumnElement[bool]]]
"""What one entry of a change set must be."""

_NEWEST = 2**62
_NOTED: ColumnElement[str] = literal_column("'N'")
"""Written out: SQLite uses the index of notes only where it sees at once that nothing else is asked for."""


def history_of_patient(session: Session, actor: Actor, patient_id: UUID, *, after: Position | None = None, limit: int = 100) -> AuditPage:
    """Everything that happened to a patient: to the patient's own row, and to every row that belongs to the patient."""
    return audit_page(session, actor, AuditFilter(patient_id=patient_id), after=after, limit=limit)


def audit_page(session: Session, actor: Actor, wanted: AuditFilter, *, after: Position | None = None, limit: int = 100) -> AuditPage:
    """A page of change sets; raises PermissionDenied."""
    actor.require(READ_AUDIT, "audit.audit_page")
    start = after or _start(session, wanted)
    statement = None if start is None else _statement(session, wanted, start, limit + 1)
    if start is None or statement is None:
        return AuditPage((), None)
    seqs = list(session.scalars(statement))
    shown = entries(session, seqs[:limit])
    return AuditPage(tuple(shown), replace(start, before=seqs[limit - 1]) if len(seqs) > limit else None)


def _start(session: Session, wanted: AuditFilter) -> Position | None:
    """Where to begin. Days become sequence numbers, so that every other index serves within them; None: nothing happened then."""
    if wanted.first is None and wanted.last is None:
        return Position(_NEWEST, 0)
    low, high = session.execute(select(func.min(ChangeSet.seq), func.max(ChangeSet.seq)).where(*_days(wanted))).one()
    return None if low is None else Position(high + 1, low)


def _days(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.first is not None:
        conditions.append(ChangeSet.at >= day_bounds(wanted.first, wanted.timezone)[0])
    if wanted.last is not None:
        conditions.append(ChangeSet.at < day_bounds(wanted.last, wanted.timezone)[1])
    return conditions


def _statement(session: Session, wanted: AuditFilter, start: Position, limit: int) -> Select[int] | None:
    header, parts = _header(wanted), []
    patient_id = wanted.patient_id
    if wanted.number is not None:
        found = numbered(session, wanted.number)
        patient_id = patient_id or next((key for kind, key in found if kind == "patients"), None)
        if not found:
            return None
        if patient_id is None:
            parts.append(_any_of(found))
    if wanted.entity_type is not None:
        parts.append(_record(wanted.entity_type, wanted.entity_id))
    if wanted.only is not None and not TRACES[wanted.only].commands:
        parts.append(_noted(wanted.only))
    group = None if patient_id is None else frozenset(person_ids(session, patient_id)) or frozenset({patient_id})
    ways = [_way(start, limit, group, [*header, *more], [*about, *parts]) for more, about in _alternatives(wanted)]
    if len(ways) == 1:
        return ways[0]
    together = union(*(select(way.subquery().c.seq) for way in ways)).subquery()
    return select(together.c.seq).order_by(together.c.seq.desc()).limit(limit)


def _header(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    """What holds of the change set as a whole. The days stand here again: a clock that was set back leaves others between them."""
    conditions = _days(wanted)
    if wanted.command is not None:
        conditions.append(ChangeSet.command == wanted.command)
    if wanted.workstation_id is not None:
        conditions.append(ChangeSet.workstation_id == wanted.workstation_id)
    return conditions


def _alternatives(wanted: AuditFilter) -> list[tuple[list[ColumnElement[bool]], list[Part]]]:
    """Ways to match of which one is enough, each with an index of its own: conditions of the change set, and of its entries."""
    ways: list[tuple[list[ColumnElement[bool]], list[Part]]] = [([], [])]
    if wanted.person_id is not None:
        ways = [([ChangeSet.actor_id == wanted.person_id], []), ([], [_record("users", wanted.person_id)])]
    commands = TRACES[wanted.only].commands if wanted.only is not None else ()
    if commands:
        ways = [([*header, ChangeSet.command == one], parts) for header, parts in ways for one in commands]
    return ways


def _record(entity_type: str, entity_id: UUID | None) -> Part:
    def conditions(log: Log) -> list[ColumnElement[bool]]:
        same = [] if entity_id is None else [log.entity_id == entity_id]
        return [log.entity_type == entity_type, *same]

    return conditions


def _any_of(records: Iterable[tuple[str, UUID]]) -> Part:
    return lambda log: [or_(*(and_(log.entity_type == kind, log.entity_id == key) for kind, key in records))]


def _noted(only: Only) -> Part:
    trace = TRACES[only]

    def conditions(log: Log) -> list[ColumnElement[bool]]:
        about = [log.entity_type.in_(trace.about)] if trace.about else []
        said = [log.changes.contains(f'"event":"{event}"', autoescape=True) for event in trace.events]
        return [log.operation == _NOTED, *about, or_(*said)]

    return conditions


def _way(start: Position, limit: int, group: frozenset[UUID] | None, header: list[ColumnElement[bool]], parts: list[Part]) -> Select[int]:
    """The change sets that match in one way; it enters by an entry's index where entries matter, else by the header's."""
    if group is None and not parts:
        within = (ChangeSet.seq < start.before, ChangeSet.seq >= start.lowest)
        return select(ChangeSet.seq).where(*header, *within).order_by(ChangeSet.seq.desc()).limit(limit)
    log = aliased(AuditLog)
    found: Select[Any] = select(log.seq.label("seq")).distinct()
    if group is not None:
        own = rows_of_patients(group).subquery()
        found = found.join(own, and_(own.c.kind == log.entity_type, own.c.id == log.entity_id))
    else:
        first, *parts = parts
        found = found.where(*first(log))
    if header:
        found = found.join(ChangeSet, ChangeSet.seq == log.seq).where(*header)
    found = reduce(lambda so_far, part: so_far.where(_has(log, part)), parts, found)
    return found.where(log.seq < start.before, log.seq >= start.lowest).order_by(log.seq.desc()).limit(limit)


def _has(log: Log, part: Part) -> ColumnElement[bool]:
    """Whether the same change set has such an entry, too."""
    other = aliased(AuditLog)
    return exists(select(other.ordinal).where(other.seq == log.seq, *part(other)))
