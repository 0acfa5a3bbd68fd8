"""This computer's copy of the database on the clinic's server: whether there is one, how far it is, and what feeds it."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from clinic_desktop.kernel.errors import ClinicError, PasswordNeeded
from clinic_desktop.ui.late import late
from clinic_desktop.ui.pending import Question
from clinic_desktop.ui.side_thread import SideThread
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.sync.feeding import Feeder
    from clinic_desktop.sync.replica_files import Kept
    from clinic_desktop.sync.replica_standing import Standing
    from clinic_desktop.sync.runner import Phase
    from clinic_desktop.ui.copying import Found

_COPYING = "clinic_desktop.ui.copying:"
_STOPPED = "stopped"
AGAIN_MS = 15_000
"""After how long a first load goes on that the network has cut."""


@dataclass(frozen=True, slots=True)
class CopyState:
    """How it stands with the copy."""

    kept: Kept | None = None
    part: tuple[int, int] | None = None
    """Tables read of all tables, while the first load is under way."""
    phase: Phase | None = None
    """Of what feeds it."""
    trouble: ClinicError | None = None
    """Why the first load does not go on."""
    at_work: Standing | None = None
    """The window stands on the copy itself, as it was when it was opened."""

    @property
    def is_whole(self) -> bool:
        """Whether one can go on with it."""
        return self.kept is not None and self.kept.is_complete and self.kept.detached_at is None

    @property
    def until(self) -> datetime | None:
        """Until when it is complete."""
        if self.kept is None:
            return None
        synced = None if self.phase is None else self.phase.last_synced_at
        return max((one for one in (synced, self.kept.fed_until) if one is not None), default=None)


class Keeping(QObject):
    """``changed`` with the CopyState, on the UI thread. A child of the work, by which others find it (``keeping_of``)."""

    changed = Signal(object)
    left = Signal()
    """Somebody leaves the copy for the server, with its work not handed over."""
    _told = Signal(object)
    _came = Signal(int, int)

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._work = work
        self.state = CopyState()
        self.side = SideThread("copy", self)
        self.side.failed.connect(work.failed)
        self._feeder: Feeder | None = None
        self._ended = Event()
        self._asked, self._is_cancelled = 0, False
        self._later = QTimer(self, interval=AGAIN_MS, singleShot=True)
        self._later.timeout.connect(self.go_on)
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._came.connect(self._advance, Qt.ConnectionType.QueuedConnection)

    def look(self) -> None:
        """See whether this computer keeps a copy of the server's database that is open, and have it fed."""
        self._set(CopyState())
        self._look()

    def _look(self) -> None:
        """What is known stays until the answer is there: between the two nobody is told that there is no copy, and no click is lost."""
        feeder = self.give_feeder()
        if feeder is not None:  # of another server's
            self.side.run(partial(late(_COPYING + "rest"), feeder), then=lambda _nothing: None)
        if self._work.is_open and self._work.db.address.file is None:
            job = partial(late(_COPYING + "look"), self._work.db, self._told.emit)
            self.side.run(job, then=partial(self._found, self._asked), failed=lambda error: self._set(CopyState(trouble=error)))

    def _found(self, asked: int, found: Found) -> None:
        if asked != self._asked:
            self.side.run(partial(late(_COPYING + "rest"), found.feeder), then=lambda _nothing: None)
            return
        self._feeder = found.feeder
        self._set(CopyState(found.kept))
        self.go_on()

    def stand_on(self, standing: Standing | None) -> None:
        """The window stands on the copy itself, or on the server again."""
        self._asked += 1
        self._set(CopyState(at_work=standing))

    def give_feeder(self) -> Feeder | None:
        """Hand over what feeds the copy: whoever takes it stops it."""
        self._asked += 1
        feeder, self._feeder = self._feeder, None
        return feeder

    def end(self) -> None:
        """The program ends."""
        self.cancel()
        feeder = self.give_feeder()
        if feeder is not None:
            self.side.run(partial(late(_COPYING + "rest"), feeder), then=lambda _nothing: None)
        self.side.end()

    # The first load

    def go_on(self) -> None:
        """Go on with a first load that was cut, when whoever is at work may; not after somebody has stopped it."""
        kept, actor = self.state.kept, self._work.actor
        if kept is None or kept.is_complete or self._is_cancelled or self.state.part is not None or actor is None or actor.by_pin:
            return

        def answered(why: str | None) -> None:
            if why is None and not self._is_cancelled:
                self.keep()

        self.ask_why_not(answered)

    def ask_why_not(self, then: Any) -> None:
        """Why whoever is at work cannot keep a copy here; ``then(None)`` where it can be."""
        job = partial(late(_COPYING + "why_not"), self._work.db, self._work.actor)
        self.side.run(job, then=then)

    def keep(self) -> None:
        """Make the copy and load it; the work goes on meanwhile."""
        if self.state.part is not None or self._work.actor is None:
            return
        self._later.stop()
        self._ended, self._is_cancelled = Event(), False
        self._asked += 1
        self._set(replace(self.state, part=(0, 0), trouble=None))
        job = partial(late(_COPYING + "keep"), self._work.db, self._work.actor, platform.node() or "computer", self._came.emit, self._ended)
        self.side.run(job, then=lambda _kept: self._look(), failed=self._not_kept)

    def cancel(self) -> None:
        """Stop the first load; what has arrived stays."""
        self._is_cancelled = True
        self._later.stop()
        self._ended.set()

    def _not_kept(self, error: ClinicError) -> None:
        if isinstance(error, PasswordNeeded):  # the same way as for every other command
            self._look_again(None)
            self._work.password_wanted.emit(Question(self.keep, lambda: None))
            return
        is_stopped = self._is_cancelled or error.params.get("reason") == _STOPPED
        self._look_again(None if is_stopped else error)
        if not is_stopped:
            self._later.start()

    def _look_again(self, trouble: ClinicError | None) -> None:
        """What there is now, after it was cut; nothing begins by itself."""
        asked = self._asked

        def found(there: Kept | None) -> None:
            if asked == self._asked:
                self._set(CopyState(there, trouble=trouble))

        if self._work.is_open:
            self.side.run(partial(late("clinic_desktop.sync.replicas:kept"), self._work.db), then=found)

    @Slot(int, int)
    def _advance(self, done: int, total: int) -> None:
        if self.state.part is not None:
            self._set(replace(self.state, part=(done, total)))

    # What is there

    def update(self) -> None:
        """Feed it now."""
        if self._feeder is not None:
            self._feeder.wake()

    def forget(self, *, anyway: bool, then: Any, failed: Any) -> None:
        """Remove the copy."""
        kept, actor = self.state.kept, self._work.actor
        if kept is None or actor is None:
            return

        def gone(_nothing: object) -> None:
            self._look()
            then()

        def refused(error: ClinicError) -> None:
            self._look()
            if isinstance(error, PasswordNeeded):
                self._work.password_wanted.emit(Question(partial(self.forget, anyway=anyway, then=then, failed=failed), lambda: None))
            else:
                failed(error)

        job = partial(late(_COPYING + "forget"), self._work.db, actor, kept, self.give_feeder(), anyway=anyway)
        self.side.run(job, then=gone, failed=refused)

    @Slot(object)
    def _take(self, phase: Phase) -> None:
        if self._feeder is not None:
            self._set(replace(self.state, phase=phase))

    def _set(self, state: CopyState) -> None:
        self.state = state
        self.changed.emit(state)


def keeping_of(work: Work) -> Keeping | None:
    """What this program knows of the copy; None where only a part of it stands, as in tests."""
    return work.findChild(Keeping)
