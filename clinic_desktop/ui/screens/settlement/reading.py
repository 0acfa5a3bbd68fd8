"""What the settlement screen reads, each in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.queries.rows import OpenTillRow, SettlementHeadRow, TillRow
from clinic_desktop.clinic.billing.tallies.days import SettlementLineRow, TillOfDayRow
from clinic_desktop.kernel.money import Money

_DAYS_BACK = 92


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of the list; ``settled`` is None while it is open."""

    day: date
    settled: SettlementHeadRow | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day in money, as it was settled or as settling it now would write it down."""

    day: date
    settled: SettlementHeadRow | None
    taken: Money
    given_back: Money
    net: Money
    credited: Money
    difference: Money
    lines: tuple[SettlementLineRow, ...]
    tills: tuple[TillOfDayRow, ...]
    open_tills: tuple[OpenTillRow, ...]
    late: Money
    """What of it came in late, in tills that computers had opened on earlier days while the server was away."""
    unpaid: int
    """Bills of the day on which something is still owed; they do not keep the day from being settled."""


def days(session: Any, *, clinic_id: UUID, today: date) -> list[DayLine]:
    """Today, earlier days that wait, and settled ones of the last three months; newest first."""
    first = today - timedelta(days=_DAYS_BACK)
    ahead = today + timedelta(days=_DAYS_BACK)
    settled = {row.business_date: row for row in queries.settlements(session, clinic_id, first=first, last=ahead)}
    waiting = set(queries.days_to_settle(session, clinic_id, first=first, last=today)) | {today}
    known = settled.keys() | waiting
    return [DayLine(day, settled.get(day)) for day in sorted(known, reverse=True)]


def sheet(session: Any, *, clinic_id: UUID, day: date) -> Sheet:
    """One day with its tills, and what keeps it from being settled."""
    now = queries.settlement_preview(session, clinic_id, day)
    settled = next(iter(queries.settlements(session, clinic_id, first=day, last=day)), None)
    bills = queries.cashier_worklist(session, clinic_id, day)
    unpaid = sum(1 for row in bills if row.balance.minor > 0 and row.visit_status != "SCHEDULED")  # who did not come owes nothing
    if settled is None:
        blocking = tuple(queries.open_tills(session, clinic_id, day))
        sums = (now.payments_total, now.refunds_total, now.net_total, now.credits_total, now.till_difference)
        return Sheet(day, None, *sums, now.lines, now.tills, blocking, now.away.late, unpaid)
    head, lines = queries.settlement(session, settled.id)
    sums = (head.payments_total, head.refunds_total, head.net_total, head.credits_total, head.till_difference)
    return Sheet(day, head, *sums, lines, now.tills, (), now.away.late, unpaid)


def till_of(session: Any, *, till_session_id: UUID) -> TillRow | None:
    """An open till; None once it is counted."""
    return queries.till_to_count(session, till_session_id)
