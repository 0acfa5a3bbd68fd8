"""Change sets from elsewhere become change sets of this journal: read what they touch, settle it, write it, tell it.

Both ends do it alike; what differs (who decides, who may) are the ``Rules``. A change set that cannot apply is set aside whole
(``Park``) and the rest flow on. All of it happens in the caller's transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy.exc import DataError, IntegrityError

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, UPDATE
from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync import clashes
from clinic_desktop.sync.entering import Integrated, Prepared, enter
from clinic_desktop.sync.here import Here, named, refuse_orphan
from clinic_desktop.sync.outcomes import Entered, Outcome, RowChange, logged
from clinic_desktop.sync.reading import Park, hidden, note_details, refuse_header, row_change
from clinic_desktop.sync.rows import RowKey
from clinic_desktop.sync.shapes import Shape, instant_text, shapes
from clinic_desktop.sync.staging import Writing
from clinic_desktop.sync.wire import Origin, WireChange, WireRow

KEPT_OTHERWISE, GONE, BACK = clashes.KEPT_OTHERWISE, "sync_gone", "sync_back"
"""Central's word on a row that did not become what a site sent: other values stand, it was deleted, or it stays."""
SAME = "sync_same"
"""Central's own mark: a site gave some fields the values that they had from another; without ``fields`` it was the whole row."""
log = logging.getLogger(__name__)
T = TypeVar("T")
Step = tuple[Shape, RowChange, Outcome]


class Unfit(Exception):
    """The database refuses something of a page that was applied at once: nothing of it stands."""


def hopefully(act: Callable[[bool], T]) -> T:
    """Act as if the database refused nothing, which it hardly ever does; else once more, with care (``True``), in a new transaction.

    To be able to undo a page within its transaction costs a file a copy of every page that it touches.
    """
    try:
        return act(False)
    except Unfit as unfit:
        log.info("a page is applied with care: %s", unfit)
        return act(True)


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


class Integration:
    """One page of change sets into one transaction; not ``is_careful`` it raises Unfit where something is refused: nothing may stand."""

    def __init__(self, tx: Tx, rules: Rules, *, is_careful: bool = True) -> None:
        self.tx, self.rules, self._is_careful = tx, rules, is_careful
        self.connection = tx.session.connection()
        self._is_told, self._shapes = rules.says_otherwise(), shapes()

    def take(self, changes: Sequence[WireChange], origins: Sequence[Origin]) -> Integrated:
        """Apply them together; what the database refuses of it is found by halves, so that only the culprit is set aside."""
        result = Integrated()
        if self._is_careful:
            ready = self._part(list(zip(changes, origins, strict=True)), result)
        else:
            ready = self._at_once(changes, origins, result)
        enter(self.tx, ready, result)
        return result

    def _at_once(self, changes: Sequence[WireChange], origins: Sequence[Origin], result: Integrated) -> list[Prepared]:
        try:
            return self._apply(changes, origins, result)
        except (IntegrityError, DataError) as error:
            raise Unfit(_first_line(error)) from error

    def _part(self, part: Sequence[tuple[WireChange, Origin]], result: Integrated, *, carefully: bool = False) -> list[Prepared]:
        """Some change sets; ``carefully``: a single one, of which rows give way where the database would refuse it."""
        aside = Integrated()
        try:
            with self.connection.begin_nested():
                ready = self._apply([one for one, _ in part], [one for _, one in part], aside, give_way=carefully)
        except (IntegrityError, DataError) as error:
            if carefully:
                result.parked.append((part[0][0], Park("refused_by_database", _first_line(error))))
                return []
            if len(part) == 1:
                return self._part(part, result, carefully=True)
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
        here.load({row[:2] for rows in parsed if rows is not None for row in rows if isinstance(row, RowChange)})
        here.note_parents(named(parsed))
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
            clashes.give_way(here, writing, ready, is_told=self._is_told)
        writing.write(self.connection, one_by_one=give_way)
        return ready

    def _parsed(self, change: WireChange, result: Integrated) -> list[RowChange | WireRow] | None:
        known = self._shapes
        try:
            refuse_header(change)
            return [row_change(change, ordinal, row, known) for ordinal, row in enumerate(change.rows)]
        except Park as park:
            result.parked.append((change, park))
            return None

    def _settled(self, here: Here, prepared: Prepared, rows: Sequence[RowChange | WireRow]) -> list[Step]:
        """Settle the rows of one change set; rows at hand are as before when it is set aside."""
        change, outcome_of, known = prepared.change, self.rules.outcome, self._shapes
        before: dict[RowKey, Values | None] = {}
        steps: list[Step] = []
        try:
            for row in rows:
                step: Step | None
                if isinstance(row, WireRow):
                    step = self._noted(here, prepared, row)
                    if step is None:
                        continue
                else:
                    shape = known[row.table]
                    step = (shape, row, outcome_of(here, change, shape, row))
                shape, at_row, outcome = step
                at = at_row[:2]
                before.setdefault(at, here.at(at))
                here.put(*at, outcome.image)
                self._enter(prepared, shape, at_row, outcome)
                steps.append(step)
            for shape, _, outcome in steps:
                refuse_orphan(here, shape, outcome)
        except Park:
            for (table, key), image in before.items():
                here.put(table, key, image)
            raise
        return steps

    def _noted(self, here: Here, prepared: Prepared, row: WireRow) -> Step | None:
        details = note_details(prepared.change, row)
        prepared.entries.append(Entered(row.table, row.key, NOTE, *hidden(row, details)))
        return self.rules.note(here, prepared.change, row, details)

    def _enter(self, prepared: Prepared, shape: Shape, row: RowChange, outcome: Outcome) -> None:
        if outcome.operation is not None:
            changes, secrets = logged(shape, outcome)
            prepared.entries.append(Entered(row.table, row.key, outcome.operation, changes, secrets))
        if outcome.contests:
            prepared.contests += [(row, contest) for contest in outcome.contests]
        if outcome.edited_and_deleted:
            prepared.edited_and_deleted.append(row)
        if not self._is_told:
            return
        if not outcome.is_as_sent:
            prepared.entries.append(_word_on(shape, row, outcome))
        if outcome.same:
            which = {} if row.operation == INSERT and len(outcome.same) == len(row.told) else {"fields": sorted(outcome.same)}
            prepared.entries.append(Entered(row.table, row.key, NOTE, {"event": SAME, **which}))


def _word_on(shape: Shape, row: RowChange, outcome: Outcome) -> Entered:
    """The note by which a sender hears what stands instead of what it sent."""
    if outcome.is_gone:
        return Entered(row.table, row.key, NOTE, {"event": GONE})
    values = outcome.image if outcome.is_back and outcome.image is not None else outcome.otherwise
    values = {name: value for name, value in values.items() if shape.travels(name)}
    note = WireRow(row.table, row.key, NOTE, "")
    details, secrets = hidden(note, {"event": BACK if outcome.is_back else KEPT_OTHERWISE, "values": values})
    return Entered(row.table, row.key, NOTE, details, secrets)


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
    if sealed is None or not shape.policy.unsealed or after is None or not sealed(after):
        return False
    return not sealed({**after, **{name: pair[0] for name, pair in outcome.changes.items()}})


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0][:200]
