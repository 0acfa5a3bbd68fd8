"""Making the runner of the open database, and ending it with the database. Imported on the database thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from clinic_desktop.kernel.db import Database
from clinic_desktop.sync.scope import is_linked
from clinic_desktop.ui.late import late, load

if TYPE_CHECKING:
    from clinic_desktop.sync.channel import Channel
    from clinic_desktop.sync.runner import Phase, Runner
    from clinic_desktop.sync.watching import Watching

_PATIENCE = 0.9
"""Seconds that the end of the program may take for it."""


class Made:
    """A runner that has not begun yet, with its channel."""

    def __init__(self, db: Database, channel: Channel | None, told: Callable[[tuple[Runner | Watching, Phase]], None]) -> None:
        self.channel, self.has_ended = channel, False
        self.runner: Runner | Watching
        if channel is None:
            self.runner = load("clinic_desktop.sync.watching:Watching")(db, lambda phase: told((self.runner, phase)))
        else:
            self.runner = load("clinic_desktop.sync.runner:Runner")(db, channel, lambda phase: told((self.runner, phase)))
        db.before_closing(self.stop)

    def stop(self) -> None:
        """End within a second, on whatever thread."""
        if self.has_ended:
            return
        self.has_ended = True
        self.runner.end()
        if self.channel is not None:
            self.channel.cut()
        self.runner.stop(_PATIENCE)
        if self.channel is not None:
            self.channel.close()


def begin(
    db: Database, connect: Callable[[Database], Channel | None], told: Callable[[tuple[Runner | Watching, Phase]], None]
) -> Made | None:
    """A runner to begin; None where the database stands alone, or is still loading. Raises VaultLocked or SiteKeyLost.

    On a clinic's own server, where people have logins of their own, its service runs sync: here one only looks.
    """
    if not is_linked(db):
        return None
    late("clinic_desktop.clinic.departments:load_departments")()
    if db.seats.is_needed:
        return Made(db, None, told)
    channel = None if late("clinic_desktop.sync.linked:is_joining")(db) else connect(db)
    return None if channel is None else Made(db, channel, told)
