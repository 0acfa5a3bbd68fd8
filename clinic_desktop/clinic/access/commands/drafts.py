"""Drafts: what a person has typed and not saved, kept for nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.permissions import OWN_DRAFTS
from clinic_desktop.clinic.access.models import Draft, User
from clinic_desktop.clinic.access.rules import LONGEST_SCREEN, MOST_DRAFTED, DraftsTooLarge
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.text import required_line


@command(OWN_DRAFTS)
def keep_drafts(tx: Tx, *, changed: Mapping[str, str | None], open_screen: str | None) -> None:
    """Keep the actor's own drafts by screen, as JSON (None forgets one), and which screen is open; raises DraftsTooLarge."""
    user_id, opened = tx.actor.user_id, {open_screen} if open_screen is not None else set()
    for screen in changed.keys() | opened:
        required_line(screen, "screen", limit=LONGEST_SCREEN)
    # Two computers of one person take turns: both may write the first draft of a screen.
    if user_id is None or tx.session.get(User, user_id, with_for_update={"key_share": True}) is None:
        raise NotFound(entity="users", key=str(user_id))
    rows = {row.screen: row for row in tx.session.scalars(select(Draft).where(Draft.user_id == user_id))}
    bodies = {screen: row.body for screen, row in rows.items()} | dict(changed)
    if sum(len(screen) + len(body or "") for screen, body in bodies.items()) > MOST_DRAFTED:
        raise DraftsTooLarge(limit=MOST_DRAFTED)
    for screen in bodies.keys() | opened:
        body, is_open, row = bodies.get(screen), screen == open_screen, rows.get(screen)
        if row is None and (body is not None or is_open):
            tx.add(Draft(user_id=user_id, screen=screen, body=body, is_open=is_open, updated_at=tx.now))
        elif row is not None and body is None and not is_open:
            tx.session.delete(row)
        elif row is not None:
            row.updated_at = row.updated_at if row.body == body else tx.now
            row.body, row.is_open = body, is_open
