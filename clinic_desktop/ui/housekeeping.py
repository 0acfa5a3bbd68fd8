"""Work that the program does by itself while it is open, on the second thread: messages, backups, the clock, who never came."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.clinic.doctor.finding import Finding
    from clinic_desktop.ui.upkeep import BackedUp

MESSAGES_MS, BACKUPS_MS, CLOCK_MS, DAY_MS = 30_000, 300_000, 300_000, 120_000
FIRST_MS = 10_000
"""After a login the screens come first."""
_OF_THE_DAY = {"appointments.book", "appointments.cancel"}
_UPKEEP = "clinic_desktop.ui.upkeep:"
_DOCTOR = "clinic_desktop.wording.doctor:"


class Housekeeping(QObject):
    """``troubled`` with what is wrong now, worded, or nothing: for the status line, never a dialog in the midst of work."""

    troubled = Signal(str)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._place: Place | None = None
        self._only_clock = False
        self._wrong: dict[str, str] = {}
        self._running: set[str] = set()
        self.wants_backup = False
        """Whether closing the program is a reason for a backup."""
        self._first = self._timer(FIRST_MS, self.turn)
        self._first.setSingleShot(True)
        self._timers = [
            self._timer(MESSAGES_MS, self.send),
            self._timer(BACKUPS_MS, self.back_up),
            self._timer(CLOCK_MS, self.look_at_clock),
            self._timer(DAY_MS, self.sweep_day),
        ]

    def _timer(self, pause: int, turn: Callable[[], None]) -> QTimer:
        made = QTimer(self, interval=pause)
        made.timeout.connect(turn)
        return made

    @property
    def trouble(self) -> str:
        """What is wrong now."""
        return "  ".join(self._wrong.values())

    def start(self, place: Place, *, only_clock: bool = False) -> None:
        """Somebody is at work at that place; the first turn comes when their screens are there.

        On a copy of the server's data messages and backups are the server's: each message would go out twice.
        """
        self._only_clock, self.wants_backup = only_clock, self.wants_backup and not only_clock
        for name in ("messages", "backups") if only_clock else ():
            self._note(name, "")
        if self._place is None:
            self._first.start()
        self._place = place
        for timer in self._timers:
            timer.start()

    def stop(self) -> None:
        """The program ends, or a restore takes the place of the database: what was to come of itself comes no more."""
        self._place = None
        for timer in (self._first, *self._timers):
            timer.stop()

    def turn(self) -> None:
        """Do all of it now."""
        self.look_at_clock()
        self.send()
        self.sweep_day()
        self.back_up()

    def look_at_clock(self) -> None:
        """See whether this computer's clock can be true: every entry is dated by it."""
        self._run("clock", "look_at_clock", self._looked_at_clock)

    def send(self) -> None:
        """Hand over the messages that are due."""
        if not self._only_clock:
            self._run("messages", "send_messages", lambda error: self._say("messages", error))

    def sweep_day(self) -> None:
        """Record who never came, and let offers that nobody answered pass on: at whichever desk may do so, and each thing once."""
        actor = self._work.actor
        # A server lets a computer write what the person at it may write.
        is_allowed = actor is not None and actor.permissions >= _OF_THE_DAY
        if self._place is not None and is_allowed and not self._only_clock:
            self._run("day", "sweep_day", lambda _nothing: self._note("day", ""), clinic_id=self._place.clinic_id)

    def back_up(self) -> None:
        """Make the backups that are due."""
        if self._place is not None and not self._only_clock:
            self._run("backups", "back_up", self._backed_up, clinic_id=self._place.clinic_id, workstation_id=self._place.workstation_id)

    def back_up_for_closing(self, then: Callable[[ClinicError | None], object], progress: Progress) -> None:
        """Make the backup of the day's end, with its progress."""
        assert self._place is not None
        self._work.background(
            self,
            late(_UPKEEP + "back_up"),
            progress=progress,
            db=self._work.db,
            clinic_id=self._place.clinic_id,
            workstation_id=self._place.workstation_id,
            closing=True,
            then=lambda done: then(done.error),
            failed=then,
        )

    def _run(self, name: str, function: str, then: Callable[..., object], **params: Any) -> None:
        if self._place is None or name in self._running or not self._work.is_open:
            return
        self._running.add(name)
        self._work.background(
            self,
            late(_UPKEEP + function),
            db=self._work.db,
            **params,
            then=then,
            failed=lambda error: self._say(name, error),
            settled=lambda: self._running.discard(name),
        )

    def _backed_up(self, done: BackedUp) -> None:
        self.wants_backup = done.is_worth_closing
        self._say("backups", done.error)

    def _looked_at_clock(self, found: Finding | None) -> None:
        told = [] if found is None else [load(_DOCTOR + name)(found.code, found.params) for name in ("said", "advice")]
        self._note("clock", " ".join(told))

    def _say(self, name: str, error: ClinicError | None) -> None:
        is_told = error is not None and (error.params.get("reason") == "unreachable" or error.code == "backup_running")
        # The status line says the one already, and the other ends by itself.
        self._note(name, "" if error is None or is_told else wording.sentence(error))

    def _note(self, name: str, wrong: str) -> None:
        before = self.trouble
        if wrong:
            self._wrong[name] = wrong
        else:
            self._wrong.pop(name, None)
        if self.trouble != before:
            self.troubled.emit(self.trouble)
