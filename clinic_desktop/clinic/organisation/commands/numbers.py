"""The steps that hand out human numbers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from clinic_desktop.clinic.organisation.models import IdSequence
from clinic_desktop.clinic.organisation.queries import clinic_place
from clinic_desktop.clinic.organisation.rules import NumberKind, number_text, period_of
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.tables import id_parameter

# Built once: every number goes through it, and putting a statement together costs more than running it.
_COUNTER = (
    select(IdSequence)
    .where(
        IdSequence.kind == bindparam("kind"),
        IdSequence.clinic_id == id_parameter("clinic_id"),
        IdSequence.year == bindparam("period"),
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)


@step
def take_number(tx: Tx, kind: NumberKind, *, clinic_id: UUID) -> str:
    """The next human number of a clinic in the present period, such as ``PAT-2026-00001``."""
    return take_numbers(tx, kind, clinic_id=clinic_id, count=1)[0]


@step
def take_numbers(tx: Tx, kind: NumberKind, *, clinic_id: UUID, count: int) -> list[str]:
    """The next ``count`` human numbers of a clinic in order: for imports, which take thousands in one transaction."""
    place = clinic_place(tx.session, clinic_id)
    period = period_of(kind.reset, business_date(tx.now, place.timezone))
    sequence, first = _take(tx, kind, clinic_id, period, count)
    code = None if place.is_main else place.code
    return [number_text(sequence.prefix, code, period, number, sequence.width) for number in range(first, first + count)]


@step
def take_count(tx: Tx, kind: NumberKind, *, clinic_id: UUID, on: date) -> int:
    """The next bare number of a series on a business date, such as a queue number."""
    _, number = _take(tx, kind, clinic_id, period_of(kind.reset, on), 1)
    return number


def _take(tx: Tx, kind: NumberKind, clinic_id: UUID, period: int, count: int) -> tuple[IdSequence, int]:
    sequence = _sequence(tx, kind, clinic_id, period) or _first_of_period(tx, kind, clinic_id, period)
    number = sequence.next_number
    sequence.next_number = number + count
    return sequence, number


def _sequence(tx: Tx, kind: NumberKind, clinic_id: UUID, period: int) -> IdSequence | None:
    """The counter, locked until commit: the next taker waits, so a rollback leaves no gap."""
    return tx.session.scalars(_COUNTER, {"kind": kind.code, "clinic_id": clinic_id, "period": period}).one_or_none()


def _first_of_period(tx: Tx, kind: NumberKind, clinic_id: UUID, period: int) -> IdSequence:
    return tx.add(
        IdSequence(kind=kind.code, clinic_id=clinic_id, year=period, next_number=1, prefix=kind.prefix, width=kind.width, reset=kind.reset)
    )
