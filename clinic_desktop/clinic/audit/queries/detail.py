"""Change sets as lines and in full: values in the form of their columns, references by name, what one may not see veiled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.audit.queries.naming import Key, Names, names_of, short
from clinic_desktop.clinic.audit.queries.rows import AuditEntry, ChangeSetRow, FieldChange, RecordChange
from clinic_desktop.clinic.audit.queries.values import journalled, noted
from clinic_desktop.clinic.audit.rights import CLINICAL_RIGHTS, READ_AUDIT
from clinic_desktop.clinic.audit.rules import BACKSTAGE, BACKSTAGE_FIELDS, CLINICAL, LEADING, SAYS_WHICH, Named, Value, Veil
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, AuditLog, ChangeSet
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base, currency_of

_GLANCE = 24
"""Entries of a change set at which a line looks for its record and its note."""
_MOST_RECORDS = 200
"""A register that was taken over is one change set of a hundred thousand rows: nobody reads more than these."""


def entries(session: Session, seqs: Sequence[int]) -> list[AuditEntry]:
    """Change sets as lines, in the order that is asked for."""
    if not seqs:
        return []
    headers = {one.seq: one for one in session.scalars(select(ChangeSet).where(ChangeSet.seq.in_(seqs)))}
    counts = dict(
        session.execute(select(AuditLog.seq, func.max(AuditLog.ordinal)).where(AuditLog.seq.in_(seqs)).group_by(AuditLog.seq)).all()
    )
    glances = _glances(session, seqs)
    subjects = {seq: _subject(logs) for seq, logs in glances.items()}
    notes = {seq: _note(logs) for seq, logs in glances.items()}
    keys = {key for key in subjects.values() if key is not None}
    keys.update(("workstations", one.workstation_id) for one in headers.values() if one.workstation_id is not None)
    keys.update(_named(value for note in notes.values() for value in note.values()))
    names = names_of(session, keys)
    return [_entry(headers[seq], subjects.get(seq), notes.get(seq, {}), counts.get(seq, -1) + 1, names) for seq in seqs if seq in headers]


def _glances(session: Session, seqs: Sequence[int]) -> dict[int, list[Any]]:
    """The first entries of each change set; of the values only those of notes."""
    said = case((AuditLog.operation == NOTE, AuditLog.changes)).label("note")
    wanted = select(AuditLog.seq, AuditLog.entity_type, AuditLog.entity_id, said)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(wanted.where(AuditLog.seq.in_(seqs), AuditLog.ordinal < _GLANCE).order_by(AuditLog.seq, AuditLog.ordinal)):
        found[row.seq].append(row)
    return found


def _subject(logs: Sequence[Any]) -> Key | None:
    """The record that a change set is about: what was noted, else what leads, else what was written first."""
    told = [row for row in logs if row.entity_type not in BACKSTAGE] or logs
    first = min(told, key=_rank, default=None)
    return None if first is None else (first.entity_type, first.entity_id)


def _rank(row: Any) -> int:
    if row.note is not None:
        return -1
    return LEADING.index(row.entity_type) if row.entity_type in LEADING else len(LEADING)


def _note(logs: Sequence[Any]) -> dict[str, Value]:
    said = next((row.note for row in logs if row.note is not None), None)
    return {} if said is None else {name: noted(name, raw) for name, raw in msgspec.json.decode(said).items()}


def _entry(header: ChangeSet, subject: Key | None, note: Mapping[str, Value], records: int, names: Names) -> AuditEntry:
    station = None if header.workstation_id is None else names.get(("workstations", header.workstation_id))
    return AuditEntry(
        seq=header.seq,
        at=header.at,
        actor_id=header.actor_id,
        actor_name=header.actor_name,
        workstation_id=header.workstation_id,
        workstation=str(station[0]) if station else None,
        command=header.command,
        reason=header.reason,
        note={name: _with_name(value, names) for name, value in note.items()},
        subject=None if subject is None else Named(*subject, names.get(subject, ())),
        records=records,
    )


def change_set(session: Session, actor: Actor, seq: int) -> ChangeSetRow:
    """One change set in full; raises NotFound or PermissionDenied."""
    found = change_sets(session, actor, [seq])
    if not found:
        raise NotFound(entity="journal", key=str(seq))
    return found[0]


def change_sets(session: Session, actor: Actor, seqs: Sequence[int]) -> list[ChangeSetRow]:
    """Change sets in full, in the order that is asked for; one query a table for all names together."""
    actor.require(READ_AUDIT, "audit.change_sets")
    sees_clinical = actor.is_system or bool(actor.permissions.intersection(CLINICAL_RIGHTS))
    logs = select(AuditLog).where(AuditLog.seq.in_(seqs), AuditLog.ordinal < _MOST_RECORDS).order_by(AuditLog.seq, AuditLog.ordinal)
    return told_of(session, seqs, session.scalars(logs), sees_clinical=sees_clinical)


def told_of(session: Session, seqs: Sequence[int], logs: Iterable[AuditLog], *, sees_clinical: bool) -> list[ChangeSetRow]:
    """These entries of change sets, with what each field held; who may ask, the caller has decided."""
    currency = currency_of(session.get_bind().dialect)
    read: dict[int, list[tuple[AuditLog, list[FieldChange]]]] = defaultdict(list)
    for log in logs:
        read[log.seq].append((log, list(_fields(log, currency, sees_clinical=sees_clinical))))
    told = {seq: [one for one in found if one[0].entity_type not in BACKSTAGE] or found for seq, found in read.items()}
    keys = {(log.entity_type, log.entity_id) for found in told.values() for log, _fields_ in found}
    keys.update(_named(value for found in told.values() for _log, fields in found for one in fields for value in (one.old, one.new)))
    names = names_of(session, keys)
    hashes = {
        seq: bytes(found).hex() for seq, found in session.execute(select(ChangeSet.seq, ChangeSet.hash).where(ChangeSet.seq.in_(seqs)))
    }
    lines = entries(session, seqs)
    return [_row(line, told.get(line.seq, []), names, hashes[line.seq]) for line in lines]


def _row(line: AuditEntry, told: Sequence[tuple[AuditLog, list[FieldChange]]], names: Names, digest: str) -> ChangeSetRow:
    records = tuple(_record(log, fields, names) for log, fields in told)
    return ChangeSetRow(line, records, max(0, line.records - _MOST_RECORDS), digest)


def _record(log: AuditLog, fields: Iterable[FieldChange], names: Names) -> RecordChange:
    key = (log.entity_type, log.entity_id)
    event = str(msgspec.json.decode(log.changes).get("event")) if log.operation == NOTE else None
    worded = tuple(FieldChange(one.field, _with_name(one.old, names), _with_name(one.new, names)) for one in fields)
    return RecordChange(Named(*key, names.get(key, ())), log.operation, event, worded)


def _fields(log: AuditLog, currency: str, *, sees_clinical: bool) -> Iterator[FieldChange]:
    """The fields of an entry that a person may read something from, in the order of the table's columns."""
    table, veiled = Base.metadata.tables.get(log.entity_type), CLINICAL.get(log.entity_type, frozenset())
    changes = msgspec.json.decode(log.changes)
    order = {name: place for place, name in enumerate(table.c.keys())} if table is not None else {}
    for name in sorted(changes, key=lambda one: order.get(one, len(order))):
        if name in BACKSTAGE_FIELDS or (log.operation == NOTE and name == "event"):
            continue
        old, new = _before_and_after(log.operation, changes[name])
        if name in SAYS_WHICH.values() and log.operation in (INSERT, DELETE):
            continue  # the key beside it is told by name
        if name in veiled and not sees_clinical:
            yield FieldChange(name, *(None if value is None else Veil.CLINICAL for value in (old, new)))
        elif log.operation == NOTE or table is None or name not in table.c:
            yield FieldChange(name, None, noted(name, new))
        else:
            which = changes.get(SAYS_WHICH.get(name, ""))
            told = (journalled(table.c[name], value, currency, which if isinstance(which, str) else None) for value in (old, new))
            yield FieldChange(name, *told)


def _before_and_after(operation: str, change: Any) -> tuple[Any, Any]:
    if operation == DELETE:
        return change, None
    return (None, change) if operation in (INSERT, NOTE) else (change[0], change[1])


def _named(values: Iterable[Value]) -> Iterator[tuple[str, UUID]]:
    return ((value.entity_type, value.entity_id) for value in values if isinstance(value, Named))


def _with_name(value: Value, names: Names) -> Value:
    if not isinstance(value, Named):
        return value
    key = (value.entity_type, value.entity_id)
    return replace(value, parts=short(key, names.get(key, ())))
