"""What is typed and not saved, kept per person while the program runs: lock, logout and a new language lose nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID


class Drafts:
    """Drafts by user and screen. They stay in memory: a file beside the database would hold patients' data in the clear."""

    def __init__(self) -> None:
        self._kept: dict[UUID | None, dict[str, dict[str, Any]]] = {}
        self._screens: dict[UUID | None, str] = {}

    def keep(self, user: UUID | None, screen: str, draft: dict[str, Any] | None) -> None:
        """Keep a draft; None forgets it."""
        if draft is None:
            self._kept.get(user, {}).pop(screen, None)
        else:
            self._kept.setdefault(user, {})[screen] = draft

    def take(self, user: UUID | None, screen: str) -> dict[str, Any] | None:
        """The draft of a screen, once."""
        return self._kept.get(user, {}).pop(screen, None)

    def remember_screen(self, user: UUID | None, screen: str) -> None:
        """Where the person was."""
        self._screens[user] = screen

    def last_screen(self, user: UUID | None) -> str | None:
        """Where the person was when the program was locked."""
        return self._screens.get(user)
