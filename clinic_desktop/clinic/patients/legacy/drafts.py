"""Each row of an old register becomes a draft of a patient, or a refusal with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from clinic_desktop.clinic.patients.legacy.columns import Column, map_columns
from clinic_desktop.clinic.patients.legacy.dates import Birth, DateOrder, date_order, parse_birth
from clinic_desktop.clinic.patients.legacy.reading import SourceRow, SourceTable
from clinic_desktop.clinic.patients.matching import Person, person
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender, Phone, full_name, parse_blood_group, parse_gender, parse_phone
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import optional_line, optional_text, required_line

T = TypeVar("T")
Progress = Callable[[int, int], None]
PROGRESS_STEP = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a row: the field and a reason code."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken over: its number in the spreadsheet, the first problem, and any further ones."""

    row: int
    field: str
    reason: str
    also: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A patient as a row describes one."""

    row: int
    number: str | None
    first_name: str
    middle_name: str | None
    last_name: str | None
    gender: Gender
    birth: Birth | None
    phone: Phone | None
    blood_group: BloodGroup | None
    email: str | None
    address: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    national_id: str | None
    allergies: str | None
    medical_history: str | None
    remarks: str | None

    @property
    def full_name(self) -> str:
        """First, middle, last."""
        return full_name(self.first_name, self.middle_name, self.last_name)

    @property
    def label(self) -> str:
        """What names this row in reports: its own number, else its place in the file."""
        return self.number or f"row {self.row}"


def comparable(draft: Draft) -> Person:
    """What duplicate matching looks at."""
    return person(
        draft.full_name,
        born=draft.birth.day if draft.birth else None,
        born_is_estimated=draft.birth is not None and draft.birth.is_estimated,
        gender=draft.gender,
        phone=draft.phone.e164 if draft.phone else None,
        address=draft.address,
        blood_group=draft.blood_group,
        national_id=draft.national_id,
    )


class _Cells:
    """The cells of one row by column, collecting problems instead of stopping at the first."""

    def __init__(self, row: SourceRow, columns: dict[Column, int]) -> None:
        self._cells, self._columns = row.cells, columns
        self.problems: list[Problem] = []

    def raw(self, column: Column) -> str:
        position = self._columns.get(column)
        return "" if position is None else self._cells[position].strip()

    def read(self, column: Column, parse: Callable[[str], T]) -> T | None:
        """The parsed cell; None when it is empty or wrong, and then the problem is kept."""
        text = self.raw(column)
        return self.attempt(column, lambda: parse(text)) if text else None

    def attempt(self, column: Column, act: Callable[[], T]) -> T | None:
        """What ``act`` returns; None when it refuses, and then the problem is kept."""
        try:
            return act()
        except InvalidInput as error:
            self.problems.append(Problem(column.value, error.reason))
            return None

    def line(self, column: Column, *, limit: int = 200) -> str | None:
        return self.read(column, lambda text: optional_line(text, column.value, limit=limit))

    def text(self, column: Column) -> str | None:
        return self.read(column, lambda text: optional_text(text, column.value))


def drafts(table: SourceTable, *, today: date, region: str, progress: Progress | None = None) -> tuple[list[Draft], list[Refusal]]:
    """Check every row: what can be taken over, and what is refused and why."""
    columns = map_columns(table.header)
    order = date_order(_birth_cells(table, columns))
    accepted: list[Draft] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for done, row in enumerate(table.rows, start=1):
        outcome = _checked(row, len(table.header), columns, order, today, region)
        if isinstance(outcome, Draft):
            outcome = _unless_used(outcome, seen)
        if isinstance(outcome, Draft):
            accepted.append(outcome)
        else:
            refused.append(outcome)
        if progress is not None and done % PROGRESS_STEP == 0:
            progress(done, len(table.rows))
    return accepted, refused


def _birth_cells(table: SourceTable, columns: dict[Column, int]) -> Iterator[str]:
    position = columns.get(Column.BIRTH)
    if position is not None:
        yield from (row.cells[position] for row in table.rows if len(row.cells) > position)


def _unless_used(draft: Draft, seen: set[str]) -> Draft | Refusal:
    if draft.number is None:
        return draft
    if draft.number in seen:
        return Refusal(draft.row, Column.NUMBER.value, "number_used_twice")
    seen.add(draft.number)
    return draft


def _checked(row: SourceRow, width: int, columns: dict[Column, int], order: DateOrder, today: date, region: str) -> Draft | Refusal:
    if len(row.cells) < width:
        return Refusal(row.number, "row", "short_row")
    if any(cell.strip() for cell in row.cells[width:]):
        return Refusal(row.number, "row", "long_row")
    cells = _Cells(row, columns)
    draft = _draft(row.number, cells, order, today, region)
    if not cells.problems and draft is not None:
        return draft
    first, *others = cells.problems
    return Refusal(row.number, first.field, first.reason, tuple(others))


def _draft(number: int, cells: _Cells, order: DateOrder, today: date, region: str) -> Draft | None:
    name = cells.attempt(Column.NAME, lambda: _name(cells))
    gender = cells.attempt(Column.GENDER, lambda: parse_gender(required_line(cells.raw(Column.GENDER), Column.GENDER.value)))
    births = [cells.read(column, lambda text: parse_birth(text, order, today)) for column in (Column.BIRTH, Column.AGE)]
    values = {
        "number": cells.line(Column.NUMBER, limit=60),
        "birth": next((birth for birth in births if birth is not None), None),
        "phone": cells.read(Column.PHONE, lambda text: parse_phone(text, region)),
        "blood_group": cells.read(Column.BLOOD_GROUP, parse_blood_group),
        "email": cells.line(Column.EMAIL),
        "address": cells.line(Column.ADDRESS, limit=1000),
        "city": cells.line(Column.CITY),
        "region": cells.line(Column.REGION),
        "postal_code": cells.line(Column.POSTAL_CODE),
        "national_id": cells.line(Column.NATIONAL_ID),
        "allergies": cells.text(Column.ALLERGIES),
        "medical_history": cells.text(Column.HISTORY),
        "remarks": cells.text(Column.REMARKS),
    }
    if name is None or gender is None:
        return None
    first, middle, last = name
    return Draft(row=number, first_name=first, middle_name=middle, last_name=last, gender=gender, **values)  # type: ignore[arg-type]


def _name(cells: _Cells) -> tuple[str, str | None, str | None]:
    """First, middle and last name, from three columns or from one (``Last, First`` or ``First Middle Last``)."""
    parts = [cells.raw(column) for column in (Column.FIRST_NAME, Column.MIDDLE_NAME, Column.LAST_NAME)]
    if parts[0]:
        first, middle, last = (optional_line(part, "name") for part in parts)
        return required_line(first, "name"), middle, last
    return split_name(required_line(cells.raw(Column.NAME), "name"))


def split_name(name: str) -> tuple[str, str | None, str | None]:
    """``Last, First Middle`` or ``First Middle Last``; a single name is a first name."""
    last, comma, given = (part.strip() for part in name.partition(","))
    if comma and given and last:
        first, _, middle = given.partition(" ")
        return first, middle or None, last
    words = name.replace(",", " ").split()
    if not words:
        raise InvalidInput("name", "required")
    return words[0], " ".join(words[1:-1]) or None, words[-1] if len(words) > 1 else None
