"""Settling a clinic's day: once, when all its tills are counted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.books import count_open_tills, lock_day
from clinic_desktop.clinic.billing.errors import DayAlreadySettled, DayNotOver, TillsDiffer, TillsStillOpen
from clinic_desktop.clinic.billing.events import DaySettled
from clinic_desktop.clinic.billing.models import DailySettlement, DailySettlementLine
from clinic_desktop.clinic.billing.rights import SETTLE_DAY
from clinic_desktop.clinic.billing.tallies.away import encoded
from clinic_desktop.clinic.billing.tallies.days import DayRow, SettlementLineRow, day_totals
from clinic_desktop.clinic.organisation.queries import clinic_today
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.text import optional_line


@command(SETTLE_DAY, idempotent=True)
def settle_day(tx: Tx, *, key: UUID, clinic_id: UUID, day: date, note: str | None = None) -> UUID:
    """Close a business date: its totals are written down and later entries fall on the next open day.

    It counts what copies handed over since an earlier day was settled, too; what they still have, a later one counts.

    ``note`` says why the tills together differ from the records; raises TillsDiffer when they do and nothing is said.
    """
    lock_day(tx, clinic_id)
    if day > clinic_today(tx.session, clinic_id, tx.now):
        raise DayNotOver("day", day=day)
    if tx.session.scalar(select(DailySettlement.id).where(DailySettlement.clinic_id == clinic_id, DailySettlement.business_date == day)):
        raise DayAlreadySettled("day", day=day)
    still_open = count_open_tills(tx, clinic_id, day)
    if still_open:
        raise TillsStillOpen(count=still_open)
    seen = day_totals(tx.session, clinic_id, day)
    said = optional_line(note, "note", limit=500)
    if seen.till_difference and said is None:
        raise TillsDiffer("note", difference=seen.till_difference)
    settled = tx.add(_settlement(tx, seen, said))
    tx.session.flush()
    tx.session.add_all([_line(settled.id, line) for line in seen.lines])
    tx.session.flush()
    tx.emit(DaySettled(settled.id, clinic_id, day))
    return settled.id


def _settlement(tx: Tx, seen: DayRow, note: str | None) -> DailySettlement:
    return DailySettlement(
        clinic_id=seen.clinic_id,
        business_date=seen.day,
        payments_total=seen.payments_total,
        refunds_total=seen.refunds_total,
        net_total=seen.net_total,
        credits_total=seen.credits_total,
        till_count=len(seen.tills),
        till_difference=seen.till_difference,
        away=encoded(seen.away.ids),
        payments_away=seen.away.payments if seen.away.ids else None,
        refunds_away=seen.away.refunds if seen.away.ids else None,
        credits_away=seen.away.credits if seen.away.ids else None,
        note=note,
        signed_off_by=tx.actor.user_id,
        settled_at=tx.now,
    )


def _line(settlement_id: UUID, line: SettlementLineRow) -> DailySettlementLine:
    return DailySettlementLine(
        settlement_id=settlement_id,
        method=line.method,
        cashier_id=line.cashier_id,
        payment_count=line.payment_count,
        payments_total=line.payments_total,
        refund_count=line.refund_count,
        refunds_total=line.refunds_total,
    )
