"""How a person likes the calendar on this computer: remembered beside theme and language, nothing of it about patients."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.screens.calendar.board import STEPS

_NAME = "calendar"


@dataclass(slots=True)
class Likes:
    """View, zoom, the doctors left out and the one whose week is shown."""

    view: View = View.DAY
    step: int = STEPS[2]
    hidden: set[UUID] = field(default_factory=set)
    doctor_id: UUID | None = None


def read_likes(desk: Desk) -> Likes:
    """What is remembered of the person at the desk; the usual where that cannot be read."""
    if desk.preferences is None or desk.actor.user_id is None:
        return Likes()
    try:
        kept: dict[str, Any] = json.loads(desk.preferences.remembered(desk.actor.user_id, _NAME) or "{}")
        return Likes(
            View(kept.get("view", View.DAY)),
            kept["step"] if kept.get("step") in STEPS else STEPS[2],
            {UUID(one) for one in kept.get("hidden", ())},
            UUID(kept["doctor"]) if kept.get("doctor") else None,
        )
    except (ValueError, TypeError, AttributeError):
        return Likes()


def keep_likes(desk: Desk, likes: Likes) -> None:
    """Remember it."""
    if desk.preferences is None or desk.actor.user_id is None:
        return
    doctor = None if likes.doctor_id is None else str(likes.doctor_id)
    kept = {"view": likes.view.value, "step": likes.step, "hidden": sorted(map(str, likes.hidden)), "doctor": doctor}
    desk.preferences.remember(desk.actor.user_id, _NAME, json.dumps(kept))
