"""What the lists of cards read, and how many of each the reception is reminded of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk.queries import patients_of_day
from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.queries import CardToPrintRow

ENDS_SOON = timedelta(days=31)
"""A card that is over by then is renewed while its owner is here anyway."""


def waiting_for_the_printer(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many cards were issued and never printed."""
    return queries.cards_not_printed_count(session)


def ending_of_today(session: Any, *, clinic_id: UUID, day: date, now: datetime) -> int:
    """How many of today's patients come with a card that is over, or soon will be."""
    return len(to_renew(session, clinic_id=clinic_id, day=day))


def to_renew(session: Any, *, clinic_id: UUID, day: date) -> list[CardToPrintRow]:
    """Who of a day's patients has such a card."""
    return queries.cards_to_renew(session, patients_of_day(session, clinic_id=clinic_id, day=day), until=day + ENDS_SOON)
