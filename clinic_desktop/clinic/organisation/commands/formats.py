"""How human numbers look: what is printed keeps its number, the next one has the new format."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands.clinics import require_clinic
from clinic_desktop.clinic.organisation.commands.permissions import MANAGE
from clinic_desktop.clinic.organisation.commands.places import hospital_in_turn
from clinic_desktop.clinic.organisation.events import NumberFormatChanged
from clinic_desktop.clinic.organisation.models import FormerNumberFormat, IdSequence, NumberFormat
from clinic_desktop.clinic.organisation.numbering import (
    LONGEST,
    SHORTEST,
    NumberKind,
    Reset,
    declared_number_kinds,
    number_prefix,
    period_of,
)
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import whole_number


@command(MANAGE)
def set_number_format(tx: Tx, *, clinic_id: UUID, kind: str, prefix: str, width: int, reset: Reset) -> None:
    """Change how the numbers of a kind look at a clinic from the next one on. A counter goes on where it stands.

    No two numbers can be alike: each kind has its prefixes for itself, for ever, and within a kind the count only goes up.
    """
    hospital_in_turn(tx)
    require_clinic(tx, clinic_id)
    series = next((one for one in declared_number_kinds() if one.code == kind and one.title), None)
    if series is None:
        raise InvalidInput("kind", "unknown_number_kind", kind=kind)
    letters = number_prefix(prefix, series)
    _refuse_used_prefix(tx, series, letters)
    digits = whole_number(width, "width", SHORTEST, LONGEST)
    own = select(NumberFormat).where(NumberFormat.clinic_id == clinic_id, NumberFormat.kind == kind)
    look = tx.session.scalars(own).one_or_none()
    if look is None:
        look = tx.add(NumberFormat(clinic_id=clinic_id, kind=kind))
    look.prefix, look.width, look.reset = letters, digits, reset
    _change_present_counters(tx, look, period_of(reset, clinic_today(tx.session, clinic_id, tx.now)))
    tx.session.flush()
    tx.emit(NumberFormatChanged(kind, clinic_id))


def _refuse_used_prefix(tx: Tx, series: NumberKind, prefix: str) -> None:
    """A prefix that another kind has, or ever had, at whatever clinic."""
    former = select(IdSequence.kind).join(FormerNumberFormat, FormerNumberFormat.id_sequence_id == IdSequence.id)
    for used in (
        select(NumberFormat.kind).where(NumberFormat.prefix == prefix),
        select(IdSequence.kind).where(IdSequence.prefix == prefix),
        former.where(FormerNumberFormat.prefix == prefix),
    ):
        if any(kind != series.code for kind in tx.session.scalars(used.distinct())):
            raise InvalidInput("prefix", "prefix_taken", prefix=prefix)


def _change_present_counters(tx: Tx, look: NumberFormat, period: int) -> None:
    """Let the counters that the next numbers come from have the format: the clinic's, and those of its computers' copies."""
    counters = tx.session.scalars(
        select(IdSequence)
        .where(IdSequence.kind == look.kind, IdSequence.clinic_id == look.clinic_id, IdSequence.year == period)
        .order_by(IdSequence.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for counter in counters.all():
        _change_counter(tx, look, counter)


def _change_counter(tx: Tx, look: NumberFormat, counter: IdSequence) -> None:
    """Change one, and remember how its numbers looked so far."""
    if (counter.prefix, counter.width) == (look.prefix, look.width):
        return
    last = counter.next_number - 1
    known = select(func.max(FormerNumberFormat.last_number)).where(FormerNumberFormat.id_sequence_id == counter.id)
    if last > (tx.session.scalar(known) or 0):  # else nothing was numbered since the last change
        tx.add(FormerNumberFormat(id_sequence_id=counter.id, last_number=last, prefix=counter.prefix, width=counter.width))
    counter.prefix, counter.width = look.prefix, look.width
