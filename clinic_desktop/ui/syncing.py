"""Sync while the program is open: one runner on its own thread, from when the data is open to when it is closed. Nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from clinic_desktop.clinic.reconciling.events import SiteLinked
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.happenings import ChangedElsewhere
from clinic_desktop.ui.late import late
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.sync.runner import Phase, Runner
    from clinic_desktop.ui.sync_runner import Made

OWN_COMMITS_MS = 2_000
"""What is committed here goes out after a moment: a burst of work is one round."""
_SITES = "sites"
Connect = Callable[[Any], Any]
CHANNEL_OF = late("clinic_desktop.sync.joining:channel_of")


@dataclass(frozen=True, slots=True)
class SyncState:
    """How sync stands now: no phase where this database stands alone, or where it cannot begin for the reason given."""

    phase: Phase | None = None
    trouble: ClinicError | None = None

    @property
    def is_alone(self) -> bool:
        """Whether there is no central server for this database."""
        return self.phase is None and self.trouble is None


class Syncing(QObject):
    """``changed`` with the SyncState, on the UI thread. A child of the work, by which screens find it (``syncing_of``)."""

    changed = Signal(object)
    _told = Signal(object)

    def __init__(self, work: Work, connect: Connect = CHANNEL_OF) -> None:
        super().__init__(work)
        self._work, self.channel_of = work, connect
        self._made: Made | None = None
        self._asked, self._rests = 0, False
        self.state = SyncState()
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._soon = QTimer(self, interval=OWN_COMMITS_MS, singleShot=True)
        self._soon.timeout.connect(self.now)
        work.changed.connect(self._heard)

    def look(self) -> None:
        """Begin where the open database takes part in a chain and nothing runs yet."""
        if not self._work.is_open or self._runs or self._rests:
            return
        self._asked += 1
        asked = self._asked

        def fail(error: ClinicError) -> None:
            if asked == self._asked:
                self._show(SyncState(trouble=error))

        self._work.call(
            self,
            late("clinic_desktop.ui.sync_runner:begin"),
            db=self._work.db,
            connect=self.channel_of,
            told=self._told.emit,
            then=lambda made: self._begin(asked, made),
            failed=fail,
        )

    def again(self) -> None:
        """The way to central is another one, or there is none any more; or it goes on after a rest."""
        made = self.rest()
        if made is not None:
            made.stop()
        self._rests = False
        self._show(SyncState())
        self.look()

    def rest(self) -> Made | None:
        """Nothing is sent or read from here until it is told to go on; returns what runs, for whoever stops it."""
        self._asked += 1
        self._rests = True
        made, self._made = self._made, None
        return made

    def now(self) -> None:
        """Send and read now."""
        self._soon.stop()
        if self._made is not None and self._runs:
            self._made.runner.wake()
        else:
            self.look()

    @property
    def _runs(self) -> bool:
        return self._made is not None and not self._made.has_ended

    def _begin(self, asked: int, made: Made | None) -> None:
        if asked != self._asked:
            if made is not None:
                made.stop()
        elif made is None:
            self._show(SyncState())
        else:
            self._made = made
            self._show(SyncState(made.runner.phase))
            made.runner.start()

    def _show(self, state: SyncState) -> None:
        self.state = state
        self.changed.emit(state)

    @Slot(object)
    def _take(self, told: tuple[Runner, Phase]) -> None:
        runner, phase = told
        if self._made is not None and runner is self._made.runner and self._runs:  # not one that was stopped since
            self._show(SyncState(phase))

    @Slot(list)
    def _heard(self, events: list[object]) -> None:
        if any(isinstance(one, SiteLinked) for one in events):
            self.again()
        elif not self._runs and any(isinstance(one, ChangedElsewhere) and _SITES in one.tables for one in events):
            self.look()  # another program has joined the chain
        elif self._runs and any(not isinstance(one, ChangedElsewhere) for one in events):
            self._soon.start()


def syncing_of(work: Work) -> Syncing | None:
    """The sync of the program; None where only a part of it stands, as in tests."""
    return work.findChild(Syncing)
