"""The steps that hand out human numbers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import and_, bindparam, case, select

from clinic_desktop.clinic.organisation.models import Hospital, IdSequence, NumberFormat
from clinic_desktop.clinic.organisation.queries import clinic_place
from clinic_desktop.clinic.organisation.rules import NumberKind, Reset, first_count, number_text, period_of
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.commands import step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.kernel.tables import id_parameter

# Built once: every number goes through it, and putting a statement together costs more than running it.
_OWN_FORMAT = and_(NumberFormat.kind == IdSequence.kind, NumberFormat.clinic_id == IdSequence.clinic_id)
_PERIOD = case(
    {reset: bindparam(reset.value) for reset in Reset},
    value=case((NumberFormat.reset.is_not(None), NumberFormat.reset), else_=bindparam("usual", type_=NumberFormat.reset.type)),
)
_COUNTER = (
    select(IdSequence)
    .outerjoin(NumberFormat, _OWN_FORMAT)
    .where(
        IdSequence.kind == bindparam("kind"),
        IdSequence.clinic_id == id_parameter("clinic_id"),
        IdSequence.year == _PERIOD,
        IdSequence.series == bindparam("series"),
    )
    .with_for_update(of=IdSequence)
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
    sequence, first = _take(tx, kind, clinic_id, business_date(tx.now, place.timezone), count)
    code = None if place.is_main else place.code
    look = (sequence.width, sequence.series)
    return [number_text(sequence.prefix, code, sequence.year, number, *look) for number in range(first, first + count)]


@step
def take_count(tx: Tx, kind: NumberKind, *, clinic_id: UUID, on: date) -> int:
    """The next bare number of a series on a business date, such as a queue number."""
    sequence, number = _take(tx, kind, clinic_id, on, 1)
    return first_count(sequence.series) + number


def _take(tx: Tx, kind: NumberKind, clinic_id: UUID, on: date, count: int) -> tuple[IdSequence, int]:
    sequence = _sequence(tx, kind, clinic_id, on) or _first_of_period(tx, kind, clinic_id, on)
    number = sequence.next_number
    sequence.next_number = number + count
    return sequence, number


def _sequence(tx: Tx, kind: NumberKind, clinic_id: UUID, on: date) -> IdSequence | None:
    """The counter, locked until commit: the next taker waits, so a rollback leaves no gap."""
    periods = {reset.value: period_of(reset, on) for reset in Reset}
    which = {"kind": kind.code, "clinic_id": clinic_id, "usual": kind.reset, "series": series_of(tx.session)}
    return tx.session.scalars(_COUNTER, {**which, **periods}).one_or_none()


def _first_of_period(tx: Tx, kind: NumberKind, clinic_id: UUID, on: date) -> IdSequence:
    # Whoever changes a format holds the hospital: the first number of a period waits for it, and has the new format.
    tx.session.execute(select(Hospital.id).with_for_update(read=True)).all()
    own = select(NumberFormat).where(NumberFormat.clinic_id == clinic_id, NumberFormat.kind == kind.code)
    look = tx.session.scalars(own).one_or_none() or kind
    return tx.add(
        IdSequence(
            kind=kind.code,
            clinic_id=clinic_id,
            year=period_of(look.reset, on),
            next_number=1,
            prefix=look.prefix,
            width=look.width,
            reset=look.reset,
            series=series_of(tx.session),
        )
    )
