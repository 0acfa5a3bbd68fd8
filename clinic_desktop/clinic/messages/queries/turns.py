"""Whose turn is near, and who was not told of it yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.waiting_room import Ahead, ahead_of
from clinic_desktop.clinic.messages.addressing import TURN_NEAR
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MessageStatus
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.messages.rules.wanted import JUST_TOLD
from clinic_desktop.clinic.organisation.queries import clinic_today, clinics, is_elsewhere, setting_value


def about_turn(visit_id: UUID, doctor_id: UUID) -> str:
    """What a notice of a turn is about: the place in one doctor's queue."""
    return f"{visit_id}|{doctor_id}"


def near_and_untold(session: Session, *, now: datetime) -> dict[UUID, Ahead]:
    """Who waits with few before, and was not told yet: in the clinics of this site that wish it."""
    near: dict[UUID, Ahead] = {}
    for place in clinics(session):
        within = setting_value(session, TURN_NEAR, clinic_id=place.id)
        if not within or is_elsewhere(session, place.id):
            continue
        waiting = ahead_of(session, clinic_id=place.id, day=clinic_today(session, place.id, now))
        near |= {one: found for one, found in waiting.items() if found.before <= within and now - found.arrived_at >= JUST_TOLD}
    keys = {f"{Notice.TURN_NEAR}:{about_turn(one, found.doctor_id)}:0": one for one, found in near.items()}
    known = select(QueuedMessage.idempotency_key).where(
        QueuedMessage.idempotency_key.in_(keys), QueuedMessage.status != MessageStatus.WITHDRAWN
    )
    told = {keys[key] for key in session.scalars(known)} if keys else set()
    return {one: found for one, found in near.items() if one not in told}
