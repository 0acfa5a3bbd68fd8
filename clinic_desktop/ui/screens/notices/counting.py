"""What the reception is reminded of: how many are still to be told, and what could not be sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.messages.queries import TellState, not_sent_count, to_tell


def to_tell_tomorrow(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many of tomorrow's patients know nothing yet, and will not be sent anything."""
    tomorrow = to_tell(session, clinic_id=clinic_id, day=day + timedelta(days=1))
    return sum(one.state is TellState.NOT_TOLD and one.why != "on_copy" for one in tomorrow)


def could_not_be_sent(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many messages to patients could not be sent."""
    return not_sent_count(session, now=now)
