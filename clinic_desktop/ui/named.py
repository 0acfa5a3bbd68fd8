"""Whom the words of a search mean: from one key press to the next most of them stay as they are, and are asked for once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from clinic_desktop.kernel.text import search_form

Person = tuple[UUID, str]
"""A patient and the name that a line says."""
_MOST, _LASTS = 16, timedelta(seconds=30)
"""So many texts, for the time that one types: who is registered meanwhile is found by the next search."""


class Named:
    """What one search box has found lately, by the text. Never on disk: it names patients."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[datetime, Sequence[Person]]] = {}
        self._lock = Lock()

    def keep(self, text: str, people: Sequence[Person], now: datetime) -> None:
        """Note who was found; the one that was longest of no use is forgotten."""
        with self._lock:
            self._found.pop(search_form(text), None)
            self._found[search_form(text)] = now, people
            if len(self._found) > _MOST:
                del self._found[next(iter(self._found))]

    def of(self, text: str, now: datetime) -> Sequence[Person] | None:
        """Who was found by a text a moment ago; None when that is to be asked."""
        with self._lock:
            asked_at, people = self._found.get(search_form(text), (now, None))
            return people if now - asked_at <= _LASTS else None
