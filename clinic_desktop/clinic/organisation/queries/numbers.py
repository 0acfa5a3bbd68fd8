"""How the human numbers of a clinic look, and which one comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import FormerNumberFormat, IdSequence, NumberFormat
from clinic_desktop.clinic.organisation.queries.places import clinic_place, clinic_today
from clinic_desktop.clinic.organisation.rules import NumberKind, Reset, declared_number_kinds, number_text, period_of
from clinic_desktop.kernel.sharing import series_of

_SHORT = re.compile(r"([A-Z]{1,6})-?0*([1-9]\d{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberFormatRow:
    """The numbers of one kind at one clinic; ``counters`` are the next numbers of the present period for each way to start again."""

    clinic_id: UUID
    kind: NumberKind
    clinic_code: str | None
    prefix: str
    width: int
    reset: Reset
    is_changed: bool
    series: str
    counters: tuple[tuple[Reset, int, int], ...]
    """(reset, present period, next number)."""

    def next_text(self, prefix: str, width: int, reset: Reset) -> str:
        """The next number, were this its format."""
        _, period, number = next(one for one in self.counters if one[0] is reset)
        return number_text(prefix, self.clinic_code, period, number, width, self.series)

    @property
    def next(self) -> str:
        """The next number."""
        return self.next_text(self.prefix, self.width, self.reset)


def number_prefixes(session: Session) -> dict[str, tuple[str, ...]]:
    """The prefixes that numbers of each kind have, or ever had, where they are not only those the program has."""
    former = select(IdSequence.kind, FormerNumberFormat.prefix).join(FormerNumberFormat, FormerNumberFormat.id_sequence_id == IdSequence.id)
    found: dict[str, set[str]] = {}
    for statement in (select(NumberFormat.kind, NumberFormat.prefix), select(IdSequence.kind, IdSequence.prefix), former):
        for kind, prefix in session.execute(statement.distinct()):
            found.setdefault(kind, set()).add(prefix)
    return {kind: tuple(sorted(prefixes)) for kind, prefixes in sorted(found.items())}


def in_full(session: Session, kind: str, text: str, *, clinic_id: UUID) -> str:
    """A number as it was given out, where only its prefix and its end were typed: ``APT-42`` is the latest one that ends so here."""
    typed = _SHORT.fullmatch(text.strip().upper())
    if typed is None:
        return text
    number, place = int(typed[2]), clinic_place(session, clinic_id)
    given = (IdSequence.kind == kind, IdSequence.clinic_id == clinic_id, IdSequence.prefix == typed[1], IdSequence.next_number > number)
    latest = select(IdSequence).where(*given).order_by(IdSequence.year.desc(), IdSequence.series).limit(1)
    found = session.scalars(latest).one_or_none()
    code = None if place.is_main else place.code
    return text if found is None else number_text(found.prefix, code, found.year, number, found.width, found.series)


def number_formats(session: Session, *, clinic_id: UUID, now: datetime) -> list[NumberFormatRow]:
    """Every kind whose numbers are written out, with its format at a clinic."""
    place, today = clinic_place(session, clinic_id), clinic_today(session, clinic_id, now)
    own = {one.kind: one for one in session.scalars(select(NumberFormat).where(NumberFormat.clinic_id == clinic_id))}
    periods = {reset: period_of(reset, today) for reset in Reset}
    counted = select(IdSequence.kind, IdSequence.year, IdSequence.next_number)
    series = series_of(session)
    counted = counted.where(IdSequence.clinic_id == clinic_id, IdSequence.year.in_(periods.values()), IdSequence.series == series)
    following = {(row.kind, row.year): row.next_number for row in session.execute(counted)}
    rows = []
    for kind in (one for one in declared_number_kinds() if one.title):
        look: NumberFormat | NumberKind = own.get(kind.code, kind)
        counters = tuple((reset, period, following.get((kind.code, period), 1)) for reset, period in periods.items())
        is_changed = (look.prefix, look.width, look.reset) != (kind.prefix, kind.width, kind.reset)
        code = None if place.is_main else place.code
        rows.append(NumberFormatRow(clinic_id, kind, code, look.prefix, look.width, look.reset, is_changed, series, counters))
    return rows
