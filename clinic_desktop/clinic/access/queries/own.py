"""What concerns the asking person alone: account and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import Draft, User
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.security import Actor


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What somebody typed on a screen and did not save (JSON; None: nothing), and whether that screen was open last."""

    screen: str
    body: str | None
    is_open: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OwnAccountRow:
    """One's own account."""

    username: str
    full_name: str
    email: str | None
    phone: str | None
    has_pin: bool
    email_verified: bool
    phone_verified: bool


def own_account(session: Session, *, actor: Actor) -> OwnAccountRow:
    """The actor's own account; raises NotFound for the program itself."""
    user = session.get(User, actor.user_id) if actor.user_id is not None else None
    if user is None:
        raise NotFound(entity="users", key=str(actor.user_id))
    return OwnAccountRow(
        username=user.username,
        full_name=user.full_name,
        email=user.email,
        phone=user.phone,
        has_pin=user.pin_hash is not None,
        email_verified=user.email_verified,
        phone_verified=user.phone_verified,
    )


def own_drafts(session: Session, actor: Actor) -> list[DraftRow]:
    """The actor's drafts by screen: nobody is shown another's."""
    wanted = select(Draft).where(Draft.user_id == actor.user_id).order_by(Draft.screen)
    return [DraftRow(row.screen, row.body, row.is_open, row.updated_at) for row in session.scalars(wanted)]
