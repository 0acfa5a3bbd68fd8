"""What must be true of human numbers: each series is whole, and nothing stands outside it (N1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import Clinic, FormerNumberFormat, HospitalSetting, IdSequence
from clinic_desktop.clinic.organisation.rules import NumberKind, declared_number_kinds, number_text, period_of
from clinic_desktop.kernel.archived import removed_numbers
from clinic_desktop.kernel.checks import Finding, check
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.settings import declared_settings

_SOME_DAY = date(2026, 1, 1)
_SHOWN_GAPS = 20
"""A lost stretch is told by its first numbers; the rest follows from them."""


@check("N1 number series")
def number_series(session: Session) -> Finding:
    """Every counter belongs to a declared series and counts in its period."""
    kinds = {kind.code: kind for kind in declared_number_kinds()}
    rows = session.execute(select(IdSequence.kind, IdSequence.year, IdSequence.reset, IdSequence.next_number)).all()
    failures = []
    for row in rows:
        kind = kinds.get(row.kind)
        if kind is None:
            failures.append(f"counter {row.kind} of {row.year} belongs to no known series")
        elif row.reset is not kind.reset and not kind.title:
            failures.append(f"counter {row.kind} of {row.year} starts again {row.reset}, its series {kind.reset}")
        elif len(str(row.year)) != len(str(period_of(row.reset, _SOME_DAY))):
            failures.append(f"counter {row.kind} counts in {row.year}, which is no period of a {row.reset} series")
    return Finding(len(rows), tuple(failures))


@check("N1 one main clinic")
def one_main_clinic(session: Session) -> Finding:
    """Exactly one clinic of a hospital leaves its code out of its numbers."""
    clinics = session.execute(select(Clinic.code, Clinic.is_main).order_by(Clinic.code)).all()
    mains = [row.code for row in clinics if row.is_main]
    wrong = bool(clinics) and len(mains) != 1
    return Finding(len(clinics), (f"{len(mains)} clinics number without a code: {', '.join(mains) or 'none'}",) if wrong else ())


@check("N2 settings")
def settings(session: Session) -> Finding:
    """Every stored setting is declared and holds a value of its type."""
    declared = {one.key: one for one in declared_settings()}
    rows = session.execute(select(HospitalSetting.key, HospitalSetting.value).order_by(HospitalSetting.key)).all()
    failures = []
    for key, value in rows:
        if key not in declared:
            failures.append(f"setting {key} is not declared")
            continue
        try:
            declared[key].decode(value)
        except InvalidInput:
            failures.append(f"setting {key} holds {value}, which is no {type(declared[key].default).__name__}")
    return Finding(len(rows), tuple(failures))


_Key = tuple[str | None, str, int]


@dataclass(frozen=True, slots=True)
class _Series:
    clinic_id: UUID
    code: str | None
    series: str
    period: int
    next_number: int
    formats: tuple[tuple[int, str, int], ...]
    """(last number, prefix, width) of each format that its numbers had, in order."""

    def text(self, number: int) -> str:
        _, prefix, width = next((one for one in self.formats if number <= one[0]), self.formats[-1])
        return number_text(prefix, self.code, self.period, number, width, self.series)


def numbers_whole(session: Session, kind: NumberKind, numbers: Iterable[tuple[str, UUID | None]]) -> Finding:
    """A finding for numbers, each with its clinic where the row names one: taken from a counter, once, and none is missing."""
    series = {(one.code, one.series, one.period): one for one in _series(session, kind)}
    taken: dict[_Key, set[int]] = defaultdict(set)
    rows, failures = 0, []
    for text, clinic_id in numbers:
        rows += 1
        key, number = _parsed(text)
        own = series.get(key)
        if own is None or not 1 <= number < own.next_number or own.text(number) != text or clinic_id not in (None, own.clinic_id):
            failures.append(f"{text} was never given out by its counter")
        elif number in taken[key]:
            failures.append(f"{text} was given out twice")
        else:
            taken[key].add(number)
    for text in removed_numbers(session):
        key, number = _parsed(text)
        own = series.get(key)
        if own is not None and own.text(number) == text:
            taken[key].add(number)
    for key, one in series.items():
        failures += _missing(one, taken[key])
    return Finding(rows, tuple(failures))


def _missing(series: _Series, taken: set[int]) -> list[str]:
    if len(taken) == series.next_number - 1:
        return []
    lost = [number for number in range(1, series.next_number) if number not in taken]
    told = [f"{series.text(number)} is missing from its series" for number in lost[:_SHOWN_GAPS]]
    return told if len(lost) <= _SHOWN_GAPS else [*told, f"{series.formats[-1][1]}: {len(lost) - _SHOWN_GAPS} further numbers are missing"]


def _series(session: Session, kind: NumberKind) -> Iterator[_Series]:
    former: dict[UUID, list[tuple[int, str, int]]] = defaultdict(list)
    for look in session.scalars(select(FormerNumberFormat).order_by(FormerNumberFormat.last_number)):
        former[look.id_sequence_id].append((look.last_number, look.prefix, look.width))
    statement = select(IdSequence, Clinic.code, Clinic.is_main).join(Clinic, Clinic.id == IdSequence.clinic_id)
    for row, code, is_main in session.execute(statement.where(IdSequence.kind == kind.code)):
        formats = (*former[row.id], (row.next_number, row.prefix, row.width))
        yield _Series(row.clinic_id, None if is_main else code, row.series, row.year, row.next_number, formats)


def _parsed(text: str) -> tuple[_Key, int]:
    """Clinic's code, series and period of a human number, and the number; a number of 0, which no counter gives, for anything else."""
    parts = text.split("-")[1:]
    code = parts.pop(0) if parts and parts[0].isalpha() else None
    series = parts.pop(0) if parts and parts[0][:1].isalpha() else ""
    try:
        number = int(parts.pop())
        period = int(parts.pop()) if parts else 0
    except (ValueError, IndexError):
        return (None, "", 0), 0
    return ((code, series, period), number) if not parts else ((None, "", 0), 0)
