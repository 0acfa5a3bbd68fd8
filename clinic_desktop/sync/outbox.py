"""The journal as it travels: pages of change sets after a cursor, without what never leaves a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Select, String, bindparam, select, type_coerce

from clinic_desktop.kernel.capture import SECRET, VERSION
from clinic_desktop.kernel.journal import DELETE, NOTE, UPDATE, ChangeSet, canonical
from clinic_desktop.kernel.journal_secrets import JournalSecret
from clinic_desktop.kernel.merging import Kind
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.integrate import BACK, GONE, KEPT_OTHERWISE, SAME
from clinic_desktop.sync.peers import is_own
from clinic_desktop.sync.rows import images
from clinic_desktop.sync.shapes import Shape, shapes
from clinic_desktop.sync.wire import Origin, WireChange, WireRow, WireSecret

LATEST = (1 << 63) - 1
AT_ONCE = 100
"""Change sets read in one go."""
SET_BYTES = 120
"""About what a change set takes besides its rows."""


WORDS = tuple(f'"{one}"' for one in (KEPT_OTHERWISE, GONE, BACK))


def is_word(log: Any) -> bool:
    """Whether a journal entry is central's word on what a site sent."""
    return bool(log.operation == NOTE and any(word in log.changes for word in WORDS))


def is_no_word(log: Any) -> bool:
    """Whether an entry says more than what became of somebody's change."""
    return log.operation != NOTE or not any(word in log.changes for word in (*WORDS, f'"{SAME}"'))


_NO_ONE: Mapping[UUID, int] = {}
_ONLY_NOTES = f" AND operation = '{NOTE}'"


class Head(NamedTuple):
    """The header of a change set as the journal has it."""

    seq: int
    at: datetime
    hlc: int
    actor_id: UUID | None
    actor_name: str
    workstation_id: UUID | None
    command: str
    reason: str | None
    hash: bytes


class Read(NamedTuple):
    """A change set as the journal has it, and where it was made when that was elsewhere."""

    head: Head
    rows: Sequence[Log]
    origin: Origin | None


def journal_after(connection: Connection, after: int, *, own_only: bool = False, notes_of: Mapping[UUID, int] = _NO_ONE) -> Iterator[Read]:
    """All change sets after a sequence, in order, or those that this database did itself.

    Of those of some databases, each through a sequence of theirs, only the notes are read.
    """
    while True:
        heads = connection.execute(_OWN_HEADS if own_only else _HEADS, {"after": after}).all()
        if not heads:
            return
        is_noted = (
            [head[9] is not None and head[11] <= notes_of.get(_key(head[10]), -1) for head in heads] if notes_of else [False] * len(heads)
        )
        rows = logs_of(connection, [head[0] for head, is_so in zip(heads, is_noted, strict=True) if not is_so])
        rows |= logs_of(connection, [head[0] for head, is_so in zip(heads, is_noted, strict=True) if is_so], notes_only=True)
        for seq, at, hlc, actor, name, workstation, command, reason, digest, site, database, origin_seq, origin_hlc, origin_hash in heads:
            head = Head(seq, _instant(at), hlc, _key(actor), name, _key(workstation), command, reason, bytes(digest))
            origin = None if database is None else Origin(_key(site), _key(database), origin_seq, origin_hlc, bytes(origin_hash))
            yield Read(head, rows.get(seq, ()), origin)
        if len(heads) < AT_ONCE:
            return
        after = heads[-1][0]


def _heads() -> Select[Any]:
    """Headers with their origins as drivers have them: in many, the same few people and places come again and again."""
    c, o = ChangeSet.__table__.c, JournalOrigin.__table__.c
    columns = (c.seq, c.at, c.hlc, c.actor_id, c.actor_name, c.workstation_id, c.command, c.reason, c.hash)
    own = {c.at, c.actor_id, c.workstation_id, o.site_id, o.database_id}
    told = (*columns, o.site_id, o.database_id, o.origin_seq, o.origin_hlc, o.origin_hash)
    joined = select(*(type_coerce(one, String) if one in own else one for one in told)).outerjoin_from(
        ChangeSet.__table__, JournalOrigin.__table__, o.seq == c.seq
    )
    return joined.where(c.seq > bindparam("after")).order_by(c.seq).limit(AT_ONCE)


_HEADS = _heads()
_OWN_HEADS = _HEADS.where(is_own(JournalOrigin.__table__.c.seq, JournalOrigin.__table__.c.site_id))


def _key(raw: Any) -> Any:
    return _parsed(raw) if isinstance(raw, str) else raw


@lru_cache(maxsize=4_096)
def _parsed(raw: str) -> UUID:
    return UUID(raw)


def _instant(raw: Any) -> datetime:
    return datetime.fromisoformat(raw).replace(tzinfo=UTC) if isinstance(raw, str) else raw.astimezone(UTC)


class Log(NamedTuple):
    """One touched row (or one note) of a change set, as the journal has it."""

    seq: int
    ordinal: int
    entity_type: str
    key: str
    operation: str
    changes: str


def logs_of(connection: Connection, seqs: Sequence[int], *, notes_only: bool = False) -> dict[int, list[Log]]:
    """The rows of these change sets, past the ORM: they are nearly all that a page is made of."""
    if not seqs:
        return {}
    is_server = connection.dialect.name == "postgresql"
    among = "= ANY(%s)" if is_server else f"IN ({','.join('?' * len(seqs))})"
    columns = f"seq, ordinal, entity_type, entity_id{'::text' if is_server else ''}, operation, changes"
    where = f"seq {among}{_ONLY_NOTES if notes_only else ''}"
    statement = f"SELECT {columns} FROM audit_logs WHERE {where} ORDER BY seq, ordinal"
    found: dict[int, list[Log]] = defaultdict(list)
    rows = connection.exec_driver_sql(statement, (list(seqs),) if is_server else tuple(seqs)).all()
    for seq, ordinal, kind, raw, operation, changes in rows:
        spelled = raw if is_server else f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
        found[seq].append(Log(seq, ordinal, kind, spelled, operation, changes))
    return found


def own_changes(connection: Connection, after: int, most_bytes: int, latest: int = LATEST, looked: int = 0) -> list[WireChange]:
    """A page of what this database did itself after a sequence; ``latest`` brings clocks that ran ahead back to the present.

    Through ``looked`` it is known that there is nothing: what others did may be long.
    """
    page: list[WireChange] = []
    size, last = 0, after
    for read in journal_after(connection, max(after, looked), own_only=True):
        # Of what a copy of this database did, the words that it got for it were for the copy alone.
        rows, secrets = travelling(connection, read.rows, None if read.origin is None else is_no_word)
        if not rows:
            continue
        page.append(as_wire(read.head, last, _clock(read.head, latest), rows, secrets))
        last, size = read.head.seq, size + size_of_rows(rows)
        if size >= most_bytes:
            break
    return page


def _clock(head: Head, latest: int) -> int:
    """A clock once ahead stays ahead in the journal: what was written after it was put right goes by the time of day.

    The sequence keeps apart what comes out at the same moment: by its clock and its site a writing is known from all others.
    """
    if head.hlc <= latest:
        return int(head.hlc)
    return min(int(head.at.timestamp() * 1000) << 16, latest) | (int(head.seq) & 0xFFFF)


def as_wire(head: Head, after: int, hlc: int, rows: list[WireRow], secrets: list[WireSecret], origin: Origin | None = None) -> WireChange:
    """A change set of the journal as it travels."""
    return WireChange(
        seq=head.seq,
        after=after,
        hlc=hlc,
        hash=head.hash,
        at=head.at,
        actor_id=head.actor_id,
        actor_name=head.actor_name,
        workstation_id=head.workstation_id,
        command=head.command,
        reason=head.reason,
        rows=rows,
        secrets=secrets,
        origin=origin,
    )


def size_of_rows(rows: Sequence[WireRow]) -> int:
    """About how many bytes a change set of these rows takes, unpacked."""
    return SET_BYTES + 40 * len(rows) + sum([len(row[3]) for row in rows])


def size_of(change: WireChange) -> int:
    """About how many bytes a change set takes, unpacked."""
    return size_of_rows(change.rows)


def travelling(
    connection: Connection, logs: Sequence[Log], wanted: Callable[[Log], bool] | None = None
) -> tuple[list[WireRow], list[WireSecret]]:
    """The rows of one change set that leave the database, with the secrets among them."""
    rows: list[WireRow] = []
    secrets: list[WireSecret] = []
    known = shapes()
    for log in logs:
        if wanted is not None and not wanted(log):
            continue
        _, _, table, key, operation, changes = log
        shape = known.get(table)
        if shape is not None and operation != NOTE:
            if shape.policy.kind is Kind.LOCAL:
                continue
            left = _without_local(shape, changes)
            if left is None:
                continue
            changes = left
        if _HIDDEN in changes and shape is not None and operation != DELETE:
            secrets += [WireSecret(len(rows), name, value) for name, value in _secrets(connection, shape, log).items()]
        rows.append(WireRow(table, key, operation, changes))
    return rows, secrets


_HIDDEN = f'"{SECRET}"'
_VERSION_TOLD = f'"{VERSION}":'
"""A row's version among its values as the journal spells them: a quotation mark within a value is never bare, so this is no value."""
_FIGURES = "0123456789"
_EMPTY = "{}"


def without_version(changes: str) -> str:
    """The told changes without the row's version, otherwise letter by letter the same."""
    before, told, after = changes.partition(_VERSION_TOLD)
    if not told:
        return changes
    after = after[after.index("]") + 1 :] if after[0] == "[" else after.lstrip(_FIGURES)
    return before[:-1] + after if before[-1] == "," else before + after.removeprefix(",")


def _without_local(shape: Shape, changes: str) -> str | None:
    """The told changes without columns that stay here; None when an update is left with nothing."""
    if not shape.policy.stays_here:
        left_over = without_version(changes)
        return left_over if left_over != _EMPTY else None
    told: dict[str, Any] = msgspec.json.decode(changes)
    left = {name: value for name, value in told.items() if name in shape.moving}
    return canonical(left) if left else None


def _secrets(connection: Connection, shape: Shape, log: Any) -> dict[str, str]:
    """The secret values of one journal entry as JSON; of one that has forgotten them, what the row holds now."""
    kept = select(JournalSecret.field, JournalSecret.value).where(JournalSecret.seq == log.seq, JournalSecret.ordinal == log.ordinal)
    found = {name: value for name, value in connection.execute(kept) if shape.travels(name)}
    told: dict[str, Any] = msgspec.json.decode(log.changes)
    named = {name for name in shape.secrets & told.keys() if (told[name][1] if log.operation == UPDATE else told[name]) == SECRET}
    if log.operation == NOTE:
        return found
    missing = {name for name in named if shape.travels(name)} - found.keys()
    if missing:
        row = images(connection, shape.name, [log.key]).get(log.key, {})
        found |= {name: msgspec.json.encode(row.get(name)).decode() for name in missing}
    return found


def own_head(connection: Connection) -> tuple[int, UUID]:
    """The newest sequence of this database, and its id."""
    row = connection.exec_driver_sql("SELECT h.seq, i.database_id FROM journal_head h CROSS JOIN database_identity i").one()
    key = row.database_id
    return int(row.seq), key if isinstance(key, UUID) else UUID(key)
