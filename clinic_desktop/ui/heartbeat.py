"""Whether the session at this desk still stands: asked every three seconds while somebody is at work, and shown once a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from clinic_desktop.ui.executor import Answer, Job
from clinic_desktop.ui.late import late

if TYPE_CHECKING:
    from clinic_desktop.kernel.db import Database
    from clinic_desktop.kernel.security import Actor

HEARTBEAT_MS = 3_000
"""How long somebody who was shut out elsewhere can go on looking at what is on the screen."""
HEARTBEAT = 0
"""The number of these jobs: they stand beside what screens ask for, so nothing looks busy."""
_BEATS_A_SIGHTING = 20
_NOTE_SEEN = late("clinic_desktop.clinic.access.commands:note_seen")


class Heartbeat(QObject):
    """A timer that puts a small read on the database thread; nothing while the last one is unanswered."""

    def __init__(self, ask: Callable[[Job], None], parent: QObject) -> None:
        super().__init__(parent)
        self._ask = ask
        self._at_work: tuple[Database, Actor] | None = None
        self._asked_for: Actor | None = None
        self._beats = 0
        self._timer = QTimer(self, interval=HEARTBEAT_MS)
        self._timer.timeout.connect(self.beat)

    def watch(self, db: Database | None, actor: Actor | None) -> None:
        """Watch over a person's session, or over nobody's."""
        self._at_work, self._beats = None, 0
        if db is not None and actor is not None and actor.session_id is not None:
            self._at_work = (db, actor)
            self._timer.start()
        else:
            self._timer.stop()

    def beat(self) -> None:
        """Ask now, unless the last question waits for its answer."""
        if self._at_work is None or self._asked_for is not None:
            return
        db, actor = self._at_work
        self._asked_for = actor
        shows_itself = self._beats % _BEATS_A_SIGHTING == 0
        self._beats += 1

        def ask() -> None:
            with db.read(actor):
                pass
            if shows_itself:
                db.run(actor, _NOTE_SEEN)

        self._ask(Job(HEARTBEAT, ask))

    def answered(self, answer: Answer) -> Actor | None:
        """Take in the answer; who was asked about."""
        asked_for, self._asked_for = self._asked_for, None
        if answer.trouble is not None:  # reported once in the log; every command and every read still asks
            self._timer.stop()
        return asked_for
