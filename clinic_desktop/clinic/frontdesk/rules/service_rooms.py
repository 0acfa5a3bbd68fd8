"""Rooms without a doctor, to which patients are sent between arrival and consultation: nurse, measuring, ECG; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import optional_line

Waiter = TypeVar("Waiter")
_MOST, _LONGEST = 20, 40
_FIELD = "queue.service_rooms"


def service_rooms(typed: str) -> tuple[str, ...]:
    """The rooms of a setting such as ``Measuring, ECG``, each once; raises InvalidInput for too many, or for a name too long."""
    names: dict[str, str] = {}
    for part in re.split(r"[,;\u060c\n]+", typed):  # an Arabic keyboard has a comma of its own
        name = optional_line(part, _FIELD, limit=_LONGEST)
        if name is not None:
            names.setdefault(name.casefold(), name)
    if len(names) > _MOST:
        raise InvalidInput(_FIELD, "too_many", limit=_MOST)
    return tuple(names.values())


def with_rooms(for_doctors: Sequence[Waiter], for_rooms: Sequence[Waiter], most: int) -> list[Waiter]:
    """Whom a display of so many lines names as the next: the doctors' first ones, and of the rooms' at least a third of the lines."""
    of_rooms = list(for_rooms)[: max(most // 3, most - len(for_doctors))]
    return [*for_doctors[: most - len(of_rooms)], *of_rooms]


def room_named(rooms: Iterable[str], wanted: str) -> str | None:
    """The room as the clinic writes it, whatever the case of what was typed."""
    return next((one for one in rooms if one.casefold() == wanted.casefold()), None)
