"""What is typed and not saved, by person and screen: kept here over lock, logout and a new language, in the database over a crash.

It lives nowhere else: a file beside the database would hold patients' data in the clear.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.late import load

if TYPE_CHECKING:  # the login window must not wait for the database to load
    from clinic_desktop.clinic.access.queries import DraftRow
    from clinic_desktop.ui.work import Work

_KEEP = "clinic_desktop.clinic.access.commands:keep_drafts"


@dataclass(frozen=True, slots=True)
class _State:
    """The drafts of a person as JSON, by screen, and the screen that is open."""

    bodies: dict[str, str] = field(default_factory=dict)
    screen: str | None = None

    def since(self, former: _State) -> dict[str, str | None]:
        """What became different; None where nothing is left."""
        either = self.bodies.keys() | former.bodies.keys()
        return {code: self.bodies.get(code) for code in either if self.bodies.get(code) != former.bodies.get(code)}


@dataclass(slots=True)
class _Own:
    now: _State = field(default_factory=_State)
    held: _State = field(default_factory=_State)
    """What the database holds."""
    asked: _State | None = None
    """What it was last asked to hold: the same is not asked twice, not even after a refusal."""
    typed_before: dict[str, datetime] = field(default_factory=dict)
    held_at: dict[str, _State] = field(default_factory=dict)
    """What other databases hold that were open before."""
    places: dict[str, str] = field(default_factory=dict)
    """Where the person was on screens with nothing typed: for this program only."""


class Drafts(QObject):
    """Keeps drafts as JSON, so that what comes back after a crash is what comes back after a lock."""

    written = Signal()
    """The database holds what was kept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._of: dict[UUID | None, _Own] = {}
        self._database = ""

    def keep(self, user: UUID | None, screen: str, draft: dict[str, Any] | None) -> None:
        """Keep what ``Screen.kept`` gave, which is plain enough for JSON; None forgets it. The database gets what is typed."""
        own, body = self._own(user), json.dumps(draft)
        bodies = {code: other for code, other in own.now.bodies.items() if code != screen}
        own.places.pop(screen, None)
        if draft is not None:
            (bodies if draft["is_typed"] else own.places)[screen] = body
        own.now = _State(bodies, own.now.screen)

    def draft(self, user: UUID | None, screen: str) -> dict[str, Any] | None:
        """What is kept of a screen."""
        own = self._own(user)
        body = own.now.bodies.get(screen) or own.places.get(screen)
        return None if body is None else json.loads(body)

    def remember_screen(self, user: UUID | None, screen: str) -> None:
        """Where the person is."""
        own = self._own(user)
        own.now = _State(own.now.bodies, screen)

    def last_screen(self, user: UUID | None) -> str | None:
        """Where the person was last."""
        return self._own(user).now.screen

    def load(self, user: UUID | None, rows: Iterable[DraftRow]) -> None:
        """Take over what the database holds at a login; what it could not be told yet stays."""
        own, found = self._own(user), list(rows)
        untold, former = own.now.since(own.held), own.held.bodies
        own.held = _State(
            {row.screen: row.body for row in found if row.body is not None}, next((row.screen for row in found if row.is_open), None)
        )
        bodies = own.held.bodies | untold
        own.now = _State({code: body for code, body in bodies.items() if body is not None}, own.now.screen or own.held.screen)
        own.asked = None
        own.typed_before = {row.screen: row.updated_at for row in found if row.body not in (None, former.get(row.screen))}

    def move(self, database: str) -> None:
        """Another database of the same clinic is open: it holds what it held when it was left, and gets all else."""
        for own in self._of.values():
            own.held_at[self._database] = own.held
            own.held, own.asked = own.held_at.pop(database, _State()), None
        self._database = database

    def typed_before(self, user: UUID | None) -> dict[str, datetime]:
        """Screens whose drafts this program did not see being typed, and when they were: told once."""
        own = self._own(user)
        told, own.typed_before = own.typed_before, {}
        return told

    def write(self, work: Work, *, again: bool = False) -> None:
        """Have the database hold what is kept here, where it holds something else; ``again`` after a failure, too."""
        actor, command = work.actor, load(_KEEP)
        if actor is None or actor.user_id is None or not actor.may(command.permission):
            return
        own = self._own(actor.user_id)
        wanted = own.now
        if wanted == own.held or (wanted == own.asked and not again):
            return
        own.asked = wanted

        def held(_nothing: object) -> None:
            own.held = wanted
            self.written.emit()

        def refused(error: ClinicError) -> None:
            if error.params.get("reason") != "unreachable" and error.code != "session_ended":  # which others say
                work.refused.emit(error)

        work.do(work, command, then=held, failed=refused, changed=wanted.since(own.held), open_screen=wanted.screen)

    def _own(self, user: UUID | None) -> _Own:
        return self._of.setdefault(user, _Own())
