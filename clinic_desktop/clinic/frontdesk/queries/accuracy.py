"""How good the estimates of the wait were: what patients were told on arrival, and when they were called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit


@dataclass(frozen=True, slots=True)
class WaitAccuracy:
    """Of the patients of a day who were called: how far off the estimate was on average, which way, and how long they waited."""

    patients: int
    mean_error: float
    """Minutes, whichever way."""
    bias: float
    """Minutes; above zero: they were told more than they waited."""
    mean_wait: float


def wait_accuracy(session: Session, *, clinic_id: UUID, day: date) -> WaitAccuracy:
    """Compare estimates with waits; who did not answer a call, was on hold or in another room waited for other reasons and is left out."""
    wanted = (
        select(QueueEntry.estimated_wait_minutes, Visit.check_in_time, QueueEntry.called_at)
        .join(Visit, Visit.id == QueueEntry.visit_id)
        .where(Visit.clinic_id == clinic_id, Visit.business_date == day, Visit.check_in_time.is_not(None))
        .where(QueueEntry.called_at.is_not(None), QueueEntry.skipped_at.is_(None), QueueEntry.sent_at.is_(None))
        .where(QueueEntry.last_held_at.is_(None))
        .where(QueueEntry.estimated_wait_minutes.is_not(None))
    )
    pairs = [
        (float(told), (called - came).total_seconds() / 60)
        for told, came, called in session.execute(wanted)
        if told is not None and came is not None and called is not None
    ]
    count = len(pairs)
    if not count:
        return WaitAccuracy(0, 0.0, 0.0, 0.0)
    errors = [told - waited for told, waited in pairs]
    return WaitAccuracy(count, sum(map(abs, errors)) / count, sum(errors) / count, sum(waited for _told, waited in pairs) / count)
