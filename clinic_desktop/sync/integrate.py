"""Change sets from elsewhere become change sets of this journal: read what they touch, settle it, write it, tell it.

Both ends do it alike; what differs (who decides, who may) are the ``Rules``. A change set that cannot apply is set aside whole
(``Park``) and the rest flow on. All of it happens in the caller's transaction.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import Connection, insert
from sqlalchemy.exc import DataError, IntegrityError

from clinic_desktop.kernel.capture import SECRET
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, UPDATE, Entry, Header, append_all
from clinic_desktop.kernel.merging import Kind, Values
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.kernel.remembered import forget
from clinic_desktop.kernel.vouching import decide_rights, raise_stamp
from clinic_desktop.sync import clashes
from clinic_desktop.sync.merge import Contest, Outcome, RowChange, logged
from clinic_desktop.sync.rows import RowKey, Writing, read_rows, which_exist
from clinic_desktop.sync.shapes import BadValue, Shape, instant_text, shapes
from clinic_desktop.sync.wire import Origin, WireChange, WireRow

KEPT_OTHERWISE, GONE, BACK = clashes.KEPT_OTHERWISE, "sync_gone", "sync_back"
"""Central's word on a row that did not become what a site sent: other values stand, it was deleted, or it stays."""
SAME = "sync_same"
"""Central's own mark: a site gave some fields the values that they had from another; without ``fields`` it was the whole row."""
log = logging.getLogger(__name__)
_UNKNOWN = "\0"
"""Stands for an old value that the log kept secret."""


class Park(Exception):
    """This change set cannot be applied: ``reason`` is a code, ``detail`` says where."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(slots=True)
class Prepared:
    """A change set on its way into the journal."""

    change: WireChange
    origin: Origin
    entries: list[Entry] = field(default_factory=list)
    contests: list[tuple[RowChange, Contest]] = field(default_factory=list)
    edited_and_deleted: list[RowChange] = field(default_factory=list)
    gave_way: list[tuple[RowKey, RowKey, str]] = field(default_factory=list)
    """The row that gave way, the one that stayed, and the kind of task that this is."""


@dataclass(slots=True)
class Integrated:
    """What came of a page: the change sets taken, with their sequence here, and those set aside."""

    taken: list[tuple[Prepared, int]] = field(default_factory=list)
    parked: list[tuple[WireChange, Park]] = field(default_factory=list)

    def touched(self) -> dict[str, set[UUID]]:
        """Keys of the rows that changed, by table."""
        found: dict[str, set[UUID]] = defaultdict(set)
        for prepared, _seq in self.taken:
            for entry in prepared.entries:
                if entry.operation != NOTE:
                    found[entry.entity_type].add(entry.entity_id)
        return found


class Rules(Protocol):
    """What one end makes of a change."""

    def begin(self, here: Here, changes: Sequence[WireChange]) -> None:
        """Rows of the page are read and locked."""

    def outcome(self, here: Here, change: WireChange, shape: Shape, row: RowChange) -> Outcome:
        """What becomes of one row; raises Park."""

    def note(self, here: Here, change: WireChange, row: WireRow, details: Values) -> tuple[Shape, RowChange, Outcome] | None:
        """What a note asks to be done, if anything."""

    def says_otherwise(self) -> bool:
        """Whether notes tell the sender what did not become as sent."""


class Here:
    """The rows of this database that a page of changes meets, as they become in the course of it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._images: dict[RowKey, Values | None] = {}
        self._known: dict[str, set[UUID]] = defaultdict(set)

    def load(self, keys: Iterable[RowKey], *, lock: bool = True) -> None:
        """Read rows that are not at hand yet."""
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for row in keys:
            if row not in self._images:
                wanted[row[0]].add(row[1])
        for table in sorted(wanted):
            found = read_rows(self.connection, table, wanted[table], lock=lock)
            for key in wanted[table]:
                self._images[table, key] = found.get(key)

    def image(self, table: str, key: UUID) -> Values | None:
        """One row as it is by now."""
        if (table, key) not in self._images:
            self.load([(table, key)], lock=False)
        return self._images[table, key]

    def put(self, table: str, key: UUID, image: Values | None) -> None:
        """The row as it becomes."""
        self._images[table, key] = image

    def note_parents(self, keys: Iterable[RowKey]) -> None:
        """Look up, in one go, which rows that others name are there."""
        wanted: dict[str, set[UUID]] = defaultdict(set)
        for table, key in keys:
            if self._images.get((table, key)) is None and key not in self._known[table]:
                wanted[table].add(key)
        for table, some in wanted.items():
            self._known[table] |= which_exist(self.connection, table, some)

    def exists(self, table: str, key: UUID) -> bool:
        """Whether a row is there by now."""
        image = self._images.get((table, key), ...)
        return image is not None if image is not ... else key in self._known[table]


class Integration:
    """One page of change sets into one transaction."""

    def __init__(self, tx: Tx, rules: Rules) -> None:
        self.tx, self.rules = tx, rules
        self.connection = tx.session.connection()

    def take(self, changes: Sequence[WireChange], origins: Sequence[Origin]) -> Integrated:
        """Apply them together; what the database refuses of it is found by halves, so that only the culprit is set aside."""
        result = Integrated()
        self._tell(self._part(list(zip(changes, origins, strict=True)), result), result)
        return result

    def _part(self, part: Sequence[tuple[WireChange, Origin]], result: Integrated) -> list[Prepared]:
        is_one, aside = len(part) == 1, Integrated()
        try:
            with self.connection.begin_nested():
                ready = self._apply([one for one, _ in part], [one for _, one in part], aside, give_way=is_one)
        except (IntegrityError, DataError) as error:
            if is_one:
                result.parked.append((part[0][0], Park("refused_by_database", _first_line(error))))
                return []
            log.info("%d change sets are applied in halves: %s", len(part), _first_line(error))
            middle = len(part) // 2
            return self._part(part[:middle], result) + self._part(part[middle:], result)
        result.parked += aside.parked
        return ready

    def _apply(
        self, changes: Sequence[WireChange], origins: Sequence[Origin], result: Integrated, *, give_way: bool = False
    ) -> list[Prepared]:
        here, writing = Here(self.connection), Writing()
        parsed = [self._parsed(change, result) for change in changes]
        here.load({(row.table, row.key) for rows in parsed if rows is not None for row in rows if isinstance(row, RowChange)})
        here.note_parents(_named(parsed))
        self.rules.begin(here, changes)
        ready = []
        for change, origin, rows in zip(changes, origins, parsed, strict=True):
            if rows is None:
                continue
            prepared = Prepared(change, origin)
            try:
                steps = self._settled(here, prepared, rows)
            except Park as park:
                result.parked.append((change, park))
                continue
            at = instant_text(change.at)
            for shape, row, outcome in steps:
                _stage(writing, shape, row, outcome, at)
            ready.append(prepared)
        if give_way:
            clashes.give_way(here, writing, ready, is_told=self.rules.says_otherwise())
        writing.write(self.connection)
        return ready

    def _parsed(self, change: WireChange, result: Integrated) -> list[RowChange | WireRow] | None:
        try:
            _refuse_header(change)
            return [_row_change(change, ordinal, row) for ordinal, row in enumerate(change.rows)]
        except Park as park:
            result.parked.append((change, park))
            return None

    def _settled(self, here: Here, prepared: Prepared, rows: Sequence[RowChange | WireRow]) -> list[tuple[Shape, RowChange, Outcome]]:
        """Settle the rows of one change set; rows at hand are as before when it is set aside."""
        change = prepared.change
        before: dict[RowKey, Values | None] = {}
        steps: list[tuple[Shape, RowChange, Outcome]] = []
        try:
            for row in rows:
                if isinstance(row, WireRow):
                    step = self._noted(here, prepared, row)
                else:
                    shape = shapes()[row.table]
                    step = (shape, row, self.rules.outcome(here, change, shape, row))
                if step is None:
                    continue
                shape, at_row, outcome = step
                before.setdefault((at_row.table, at_row.key), here.image(at_row.table, at_row.key))
                here.put(at_row.table, at_row.key, outcome.image)
                self._enter(prepared, shape, at_row, outcome)
                steps.append(step)
            for shape, at_row, outcome in steps:
                _parents_there(here, shape, at_row, outcome)
        except Park:
            for (table, key), image in before.items():
                here.put(table, key, image)
            raise
        return steps

    def _noted(self, here: Here, prepared: Prepared, row: WireRow) -> tuple[Shape, RowChange, Outcome] | None:
        details = _note_details(prepared.change, row)
        prepared.entries.append(Entry(row.table, row.key, NOTE, *_hidden(row, details)))
        return self.rules.note(here, prepared.change, row, details)

    def _enter(self, prepared: Prepared, shape: Shape, row: RowChange, outcome: Outcome) -> None:
        if outcome.operation is not None:
            changes, secrets = logged(shape, outcome)
            prepared.entries.append(Entry(row.table, row.key, outcome.operation, changes, secrets))
        prepared.contests += [(row, contest) for contest in outcome.contests]
        if outcome.edited_and_deleted:
            prepared.edited_and_deleted.append(row)
        if not self.rules.says_otherwise():
            return
        if not outcome.is_as_sent:
            prepared.entries.append(_word_on(shape, row, outcome))
        if outcome.same:
            which = {} if row.operation == INSERT and len(outcome.same) == len(row.told) else {"fields": sorted(outcome.same)}
            prepared.entries.append(Entry(row.table, row.key, NOTE, {"event": SAME, **which}))

    def _tell(self, ready: Sequence[Prepared], result: Integrated) -> None:
        """Into the journal, with whose it was."""
        session = self.tx.session
        appended = append_all(session, [(_header(one.change), one.entries, one.origin.hlc) for one in ready])
        origins = [
            {
                "seq": seq,
                "site_id": one.origin.site_id,
                "database_id": one.origin.database_id,
                "origin_seq": one.origin.seq,
                "origin_hlc": one.origin.hlc,
                "origin_hash": one.origin.hash,
            }
            for one, (seq, _) in zip(ready, appended, strict=True)
        ]
        if origins:
            self.connection.execute(insert(JournalOrigin), origins)
        for one, (seq, _) in zip(ready, appended, strict=True):
            result.taken.append((one, seq))
            for entry in one.entries:
                forget(session, entry.entity_type)
        if any(decide_rights(one.entries) for one in ready):
            raise_stamp(session)


def _header(change: WireChange) -> Header:
    return Header(change.at, change.actor_id, change.actor_name, change.workstation_id, change.command, change.reason)


def _refuse_header(change: WireChange) -> None:
    """Refuse what a journal could not hold: a time without its place, a text that no server takes."""
    texts = (change.actor_name, change.command, change.reason or "", *(row.table for row in change.rows))
    if change.at.tzinfo is None or any("\0" in one for one in texts):
        raise Park("malformed", "header")


def _row_change(change: WireChange, ordinal: int, row: WireRow) -> RowChange | WireRow:
    """A row's change with every value looked at; notes stay as they are."""
    shape = shapes().get(row.table)
    if row.operation == NOTE:
        return row
    if shape is None or shape.policy.kind is Kind.LOCAL or row.operation not in (INSERT, UPDATE, DELETE):
        raise Park("malformed", row.table[:40])
    secrets = {one.field: msgspec.json.decode(one.value) for one in change.secrets if one.ordinal == ordinal}
    try:
        told = msgspec.json.decode(row.changes, type=dict[str, Any])
        if row.operation == UPDATE:
            checked = _checked_pairs(shape, told, secrets)
        else:
            checked = (shape.checked_whole if change.is_whole else shape.checked)(told | secrets)
            if row.operation == INSERT and checked.get(shape.key) != str(row.key):
                raise BadValue("key")
    except (msgspec.MsgspecError, BadValue, ValueError) as error:
        raise Park("malformed", f"{row.table}: {error}"[:200]) from error
    return RowChange(row.table, row.key, row.operation, checked)


def _checked_pairs(shape: Shape, told: Values, secrets: Values) -> Values:
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in told.values()):
        raise BadValue("pairs")
    new = shape.checked({name: secrets.get(name, pair[1]) for name, pair in told.items()})
    old = shape.checked({name: pair[0] for name, pair in told.items() if name not in shape.secrets})
    return {name: [old.get(name, _UNKNOWN), value] for name, value in new.items()}


def _note_details(change: WireChange, row: WireRow) -> Values:
    try:
        details: Values = msgspec.json.decode(row.changes, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise Park("malformed", "note") from error
    secrets = {one.field: msgspec.json.decode(one.value) for one in change.secrets if change.rows[one.ordinal] is row}
    if secrets and isinstance(details.get("values"), dict):
        details["values"] = details["values"] | secrets
    return details


def _hidden(row: WireRow, details: Values) -> tuple[Values, Values]:
    """A note as a log may hold it, and the secrets that it leaves out."""
    shape, values = shapes().get(row.table), details.get("values")
    if shape is None or not isinstance(values, dict):
        return details, {}
    secrets = {name: value for name, value in values.items() if name in shape.secrets}
    return details | {"values": values | {name: SECRET for name, value in secrets.items() if value is not None}}, secrets


def _word_on(shape: Shape, row: RowChange, outcome: Outcome) -> Entry:
    """The note by which a sender hears what stands instead of what it sent."""
    if outcome.is_gone:
        return Entry(row.table, row.key, NOTE, {"event": GONE})
    values = outcome.image if outcome.is_back and outcome.image is not None else outcome.otherwise
    values = {name: value for name, value in values.items() if shape.travels(name)}
    note = WireRow(row.table, row.key, NOTE, "")
    details, secrets = _hidden(note, {"event": BACK if outcome.is_back else KEPT_OTHERWISE, "values": values})
    return Entry(row.table, row.key, NOTE, details, secrets)


def _stage(writing: Writing, shape: Shape, row: RowChange, outcome: Outcome, at: str) -> None:
    if outcome.operation == INSERT and outcome.image is not None:
        writing.insert((shape.name, row.key), outcome.image, at)
    elif outcome.operation == UPDATE:
        fresh = {name: pair[1] for name, pair in outcome.changes.items()}
        writing.update((shape.name, row.key), fresh, at, is_sealing=_seals(shape, outcome))
    elif outcome.operation == DELETE:
        writing.delete((shape.name, row.key))


def _seals(shape: Shape, outcome: Outcome) -> bool:
    """Whether a change makes a row final to which nothing can be added after that."""
    sealed, after = shape.policy.sealed, outcome.image
    if sealed is None or after is None or not shape.policy.unsealed or not sealed(after):
        return False
    return not sealed({**after, **{name: pair[0] for name, pair in outcome.changes.items()}})


def _named(parsed: Iterable[Sequence[RowChange | WireRow] | None]) -> Iterable[RowKey]:
    """What the rows of a page name by their foreign keys."""
    for rows in parsed:
        for row in rows or ():
            if not isinstance(row, RowChange) or row.operation == DELETE:
                continue
            for column, parent in shapes()[row.table].parents.items():
                value = row.told.get(column)
                key = value[1] if isinstance(value, list) else value
                if key is not None and parent in shapes():
                    yield parent, UUID(key)


def _parents_there(here: Here, shape: Shape, row: RowChange, outcome: Outcome) -> None:
    """Refuse a row that names one which is not there (any more)."""
    if outcome.operation not in (INSERT, UPDATE):
        return
    for column, parent in shape.parents.items():
        told = outcome.changes.get(column)
        key = told[1] if isinstance(told, list) else told
        if key is None or parent not in shapes():
            continue
        here.note_parents([(parent, UUID(key))])
        if not here.exists(parent, UUID(key)):
            raise Park("parent_missing", f"{shape.name}.{column}")


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0][:200]
