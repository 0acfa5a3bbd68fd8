"""Making the runner of the open database, and ending it with the database. Imported on the database thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.sync.joining import is_joining
from clinic_desktop.sync.runner import Phase, Runner

load_departments()
_PATIENCE = 0.9
"""Seconds that the end of the program may take for it."""


class Made:
    """A runner that has not begun yet, with its channel."""

    def __init__(self, db: Database, channel: Any, told: Callable[[tuple[Runner, Phase]], None]) -> None:
        self.channel, self.has_ended = channel, False
        self.runner = Runner(db, channel, lambda phase: told((self.runner, phase)))
        db.before_closing(self.stop)

    def stop(self) -> None:
        """End within a second, on whatever thread."""
        if self.has_ended:
            return
        self.has_ended = True
        self.runner.end()
        for act in ("cut", None, "close"):
            if act is None:
                self.runner.stop(_PATIENCE)
            elif hasattr(self.channel, act):
                getattr(self.channel, act)()


def begin(db: Database, connect: Callable[[Database], Any], told: Callable[[tuple[Runner, Phase]], None]) -> Made | None:
    """A runner to begin; None where the database stands alone, or is still loading. Raises VaultLocked or SiteKeyLost."""
    channel = None if is_joining(db) else connect(db)
    return None if channel is None else Made(db, channel, told)
