"""Rooms without a doctor: which there are, and who waits for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.frontdesk.models import QueueEntry
from clinic_desktop.clinic.frontdesk.queries.board import VisitRow, rows_of_day
from clinic_desktop.clinic.frontdesk.rules import service_rooms
from clinic_desktop.clinic.frontdesk.waiting_room import SERVICE_ROOMS, in_room_order
from clinic_desktop.clinic.organisation.queries import setting_value


def rooms_to_send_to(session: Session, *, clinic_id: UUID) -> tuple[str, ...]:
    """The rooms without a doctor that the clinic has."""
    return service_rooms(setting_value(session, SERVICE_ROOMS, clinic_id=clinic_id))


def waiting_for_rooms(session: Session, *, clinic_id: UUID, day: date, room: str | None = None) -> list[VisitRow]:
    """Who waits for a room without a doctor, or for any of them, in the order in which each calls; no wait is estimated there."""
    order = in_room_order(session, clinic_id=clinic_id, day=day, room=room)
    if not order:
        return []
    known = {row.visit_id: row for row in rows_of_day(session, QueueEntry.service_room.is_not(None), clinic_id=clinic_id, day=day)}
    return [replace(known[one.visit_id], estimated_wait_minutes=None) for _name, one in order if one.visit_id in known]
