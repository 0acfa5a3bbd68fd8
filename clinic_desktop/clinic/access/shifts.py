"""Who has logged in with the password at a desk this shift: what a PIN rests on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from clinic_desktop.clinic.access.models import RefreshToken
from clinic_desktop.clinic.access.rules import SESSION_LENGTH, Desk, SessionEnd


def full_logins(desk: Desk, now: datetime) -> Select[UUID]:
    """The users whose full login of this shift still counts at a desk: it is open, or was only replaced by a successor's."""
    at_desk = RefreshToken.workstation_id == desk.workstation_id
    return select(RefreshToken.user_id).where(
        at_desk if desk.workstation_id is not None else at_desk & (RefreshToken.host == desk.host),
        RefreshToken.by_pin.is_(False),
        or_(RefreshToken.revoked_at.is_(None), RefreshToken.ended_as == SessionEnd.REPLACED),
        RefreshToken.expires_at > now,
        RefreshToken.issued_at > now - SESSION_LENGTH,
        RefreshToken.issued_at <= now,  # a clock that was set back does not lengthen the shift
    )
