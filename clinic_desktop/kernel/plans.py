"""What a file would do to a list: each of its rows new, changed field by field, unchanged or refused, before anything is written."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import SHIPPED_CODES, Language, _
from clinic_desktop.kernel.tabular import Table, TableRow
from clinic_desktop.kernel.text import search_form

CODE = "code"
"""The field that every list is matched by."""
_REQUIRED = object()
_NOT_WORDS = re.compile(r"[^\w%]+|_+")


class RowKind(StrEnum):
    """What becomes of a row."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


class ImportRefused(ClinicError):
    """A plan with refused rows is not carried out: param ``count``."""

    code = "import_refused"


class ImportOutdated(ClinicError):
    """The list was changed since the file was checked: params ``row`` and ``key``."""

    code = "import_outdated"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a list. ``name`` is the attribute that it fills, ``title`` its heading, marked with N_."""

    name: str
    title: str
    read: Callable[[str], Any]
    """The value of a cell; raises InvalidInput."""
    write: Callable[[Any], str]
    words: tuple[str, ...] = ()
    """What other programs call it."""
    default: Any = _REQUIRED
    """What a new record has where the file has no such column."""

    def headings(self) -> set[str]:
        """What the column may be headed by: its title in each language, its name, and other programs' words."""
        titles = (Language(code).gettext(self.title) for code in SHIPPED_CODES)
        return {_heading(words) for words in (*titles, self.name, *self.words)}


@dataclass(frozen=True, slots=True)
class Known:
    """A record of the list as it is now."""

    id: UUID
    row_version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a row that would change, as people read it."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, and in which column."""

    title: str
    error: InvalidInput


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the file; ``number`` is the row a spreadsheet shows, ``values`` what the record would hold."""

    number: int
    code: str
    name: str
    kind: RowKind
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    known: Known | None = None

    @property
    def to_set(self) -> dict[str, Any]:
        """What is to be written: all of a new record, of a known one what differs."""
        known = {} if self.known is None else self.known.values
        return {name: value for name, value in self.values.items() if name not in known or known[name] != value}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do; ``ignored`` are headings that nothing is read from."""

    rows: tuple[PlannedRow, ...]
    ignored: tuple[str, ...]

    def count(self, kind: RowKind) -> int:
        """How many rows are of that kind."""
        return sum(1 for row in self.rows if row.kind is kind)

    @property
    def changes_anything(self) -> bool:
        """Whether carrying it out would write anything."""
        return any(row.kind in (RowKind.NEW, RowKind.CHANGED) for row in self.rows)

    def to_write(self, now: Mapping[str, int]) -> Iterator[PlannedRow]:
        """The new and changed rows; ``now`` are row versions by code. Raises ImportRefused, or ImportOutdated where they differ."""
        if refused := self.count(RowKind.REFUSED):
            raise ImportRefused(count=refused)
        for row in self.rows:
            if now.get(row.code) != (None if row.known is None else row.known.row_version):
                raise ImportOutdated(row=row.number, key=row.code)
        return (row for row in self.rows if row.kind is not RowKind.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as texts below their headings, ready to be written as a file that ``plan_table`` reads again."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheet(fields: Sequence[Field], records: Iterable[Mapping[str, Any]]) -> Sheet:
    """The records as cells, headed in the active language."""
    rows = (tuple(field.write(record[field.name]) for field in fields) for record in records)
    return Sheet(tuple(_(field.title) for field in fields), tuple(rows))


Check = Callable[[dict[str, Any], Known | None], Iterable[InvalidInput]]
"""Completes what a row would make of a record, and says what does not fit together in it."""


def plan_table(
    table: Table,
    fields: Sequence[Field],
    known: Mapping[str, Known],
    *,
    needed: Sequence[str] = (),
    may_add: bool = True,
    check: Check = lambda _values, _known: (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Plan:
    """Compare a file with the list; raises InvalidInput where its columns are not what the list needs."""
    places, ignored = _columns(table.header, fields, {CODE, *needed})
    planner = _Planner(fields, places, known, len(table.header), may_add, check)
    rows = []
    for done, row in enumerate(table.rows):
        if done % 500 == 0:
            progress(done, len(table.rows))
        rows.append(planner.plan(row))
    progress(len(rows), len(rows))
    return Plan(tuple(rows), ignored)


def _heading(text: str) -> str:
    return " ".join(_NOT_WORDS.sub(" ", search_form(text)).split())


def _columns(header: Sequence[str], fields: Sequence[Field], needed: set[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    by_words = {words: field for field in reversed(fields) for words in field.headings()}
    places: dict[str, int] = {}
    ignored = []
    for place, title in enumerate(header):
        field = by_words.get(_heading(title))
        if field is None:
            ignored += [title.strip()] if title.strip() else []
        elif field.name in places:
            raise InvalidInput("file", "column_twice", column=_(field.title))
        else:
            places[field.name] = place
    missing = next((field for field in fields if field.name in needed and field.name not in places), None)
    if missing is not None:
        raise InvalidInput("file", "no_column", column=_(missing.title))
    return places, tuple(ignored)


class _Planner:
    """Plans one row after the other, and remembers the codes that came."""

    def __init__(
        self, fields: Sequence[Field], places: Mapping[str, int], known: Mapping[str, Known], width: int, may_add: bool, check: Check
    ) -> None:
        self._fields = {field.name: field for field in fields}
        self._places, self._known, self._width, self._may_add, self._check = places, known, width, may_add, check
        self._seen: set[str] = set()

    def plan(self, row: TableRow) -> PlannedRow:
        """What becomes of one row."""
        problems, read = [], {}
        if len(row.cells) < self._width or any(cell.strip() for cell in row.cells[self._width :]):
            reason = "cells_missing" if len(row.cells) < self._width else "cells_too_many"
            problems.append(self._problem(InvalidInput(CODE, reason)))
        for name, place in self._places.items():
            try:
                read[name] = self._fields[name].read(row.cells[place] if place < len(row.cells) else "")
            except InvalidInput as error:
                problems.append(self._problem(error, name))
        code = read.get(CODE) or _cell(row, self._places[CODE])
        known = self._known.get(code)
        problems += map(self._problem, self._code_problems(code, known if CODE in read else None, CODE in read))
        shown = _cell(row, self._places["name"]) if "name" in self._places else known.values["name"] if known else ""
        if problems:
            return PlannedRow(row.number, code, shown, RowKind.REFUSED, problems=tuple(problems))
        return self._compared(row.number, code, shown, read, known)

    def _code_problems(self, code: str, known: Known | None, is_readable: bool) -> Iterator[InvalidInput]:
        if is_readable and code in self._seen:
            yield InvalidInput(CODE, "twice")
        self._seen.add(code)
        if is_readable and known is None and not self._may_add:
            yield InvalidInput(CODE, "not_known", name=code)

    def _compared(self, number: int, code: str, shown: str, read: dict[str, Any], known: Known | None) -> PlannedRow:
        former = known.values if known else {name: field.default for name, field in self._fields.items()}
        values = {**former, **read}
        missing = [name for name, value in values.items() if value is _REQUIRED]
        found = [InvalidInput(name, "required") for name in missing] or list(self._check(values, known))
        if found:
            return PlannedRow(number, code, shown, RowKind.REFUSED, problems=tuple(map(self._problem, found)))
        if known is None:
            return PlannedRow(number, code, shown, RowKind.NEW, values=values)
        changes = tuple(
            Change(field.title, field.write(former[name]), field.write(values[name]))
            for name, field in self._fields.items()
            if values[name] != former[name]
        )
        kind = RowKind.CHANGED if changes else RowKind.UNCHANGED
        return PlannedRow(number, code, str(known.values["name"]), kind, changes, values=values, known=known)

    def _problem(self, error: InvalidInput, name: str | None = None) -> Problem:
        field = self._fields.get(name or error.field or CODE) or self._fields[CODE]
        return Problem(field.title, error)


def _cell(row: TableRow, place: int) -> str:
    return row.cells[place].strip()[:80] if place < len(row.cells) else ""
