"""When the clinic's server goes away: on this computer's copy, and back. Nobody waits for the network, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui import away_words
from clinic_desktop.ui.away_strip import Shown, shown, tell_on
from clinic_desktop.ui.keeping import CopyState, Keeping
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.syncing import syncing_of
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets.dialogs import ask, tell

if TYPE_CHECKING:
    from clinic_desktop.kernel.db import Database
    from clinic_desktop.kernel.security import Actor
    from clinic_desktop.sync.replica_files import Kept
    from clinic_desktop.ui.copying import Moved
    from clinic_desktop.ui.opening import Opened
    from clinic_desktop.ui.session import Session

GRACE_MS = 3_000
"""How long a server may say nothing before the copy is offered: a cable that was touched moves nothing on the screen."""
_PAINTED_MS = 100
_COPYING = "clinic_desktop.ui.copying:"


@dataclass(slots=True)
class _Left:
    """What was left behind on the server: its database with the logins that this program holds there, and who was at work."""

    database: Database
    actor: Actor | None


class Away(QObject):
    """Offers the copy, stands on it, hands over and goes back; what it says stands in the strip of the window."""

    _sent = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._window, self._work, self._door = session, session.window, session.work, session.door
        self.keeping = Keeping(session.work)
        self._left: _Left | None = None
        self._is_lost, self._is_moving, self._waiting = False, False, 0
        self._handing: tuple[int, int] | None = None
        self._shows = Shown.NOTHING
        self._ended = Event()
        self._patience = QTimer(self, interval=GRACE_MS, singleShot=True)
        self._patience.timeout.connect(self._lose)
        self._sent.connect(self._advance, Qt.ConnectionType.QueuedConnection)
        self._work.reachable.connect(self._reached)
        self.keeping.changed.connect(lambda _state: self.tell())
        self.keeping.left.connect(self.leave_copy)
        self._window.strip.pressed.connect(self._press)
        self._door.copy_offered.connect(lambda kept: self.ask(kept, lambda: self._door.stand_in(kept.url)))

    @property
    def is_on_copy(self) -> bool:
        """Whether the window stands on the copy."""
        return self.keeping.state.at_work is not None

    def opened(self, found: Opened) -> None:
        """A database was opened at the door."""
        self._patience.stop()
        self._is_lost = False
        if found.copy is None:
            self.keeping.look()
        else:
            self.keeping.stand_on(found.copy)

    def admit(self, actor: Actor, then: Any) -> None:
        """Somebody comes in: on a copy on which nobody has worked yet, work begins now."""
        standing = self.keeping.state.at_work
        if standing is None or standing.detached_at is not None:
            then()
            return

        def begun(_nothing: object) -> None:
            self.keeping.stand_on(replace(standing, detached_at=self._work.db.clock()))
            then()

        def refused(error: ClinicError) -> None:
            self._session.show_login(why=wording.sentence(error))

        self._work.call(self, late(_COPYING + "detach"), db=self._work.db, who=actor, then=begun, failed=refused)

    def end(self) -> None:
        """The program ends; what is on its way is cut, and goes on another time."""
        self._patience.stop()
        self._ended.set()
        self.keeping.end()
        self._forget_left()

    # What the strip says

    def tell(self) -> None:
        """Say how it stands."""
        syncing, state = syncing_of(self._work), self.keeping.state
        phase = None if syncing is None else syncing.state.phase
        self._shows = Shown.NOTHING if self._is_moving else shown(state, phase, is_lost=self._is_lost, waiting=self._waiting)
        tell_on(self._window.strip, self._shows, self._at, state, phase, self._handing, self._waiting)

    def _at(self, then: datetime | None) -> str:
        return away_words.at(then, self._session.timezone)

    def _press(self) -> None:
        shell = self._window.shell
        if self._shows is Shown.LOST:
            self.ask(self.keeping.state.kept, self._go)
        elif self._shows is Shown.BACK:
            self.hand_over()
        elif self._shows is Shown.REFUSED and shell is not None:
            shell.show_sync()
        elif self._shows is Shown.WAITING and shell is not None:
            self._waiting = 0
            shell.open("reconcile")
            self.tell()

    # The server is gone

    def _reached(self, is_reached: bool) -> None:
        if is_reached:
            self._patience.stop()
            self._is_lost = False
            self.tell()
        elif not self._is_moving:
            self._patience.start()

    def _lose(self) -> None:
        self._is_lost = True
        self.tell()

    def ask(self, kept: Kept | None, then: Any) -> None:
        """Say what is possible on the copy and what is not; ``then()`` on yes."""
        if kept is not None and QApplication.activeModalWidget() is None:
            until = self._at(self.keeping.state.until or kept.fed_until)
            title = _("Go on with this computer\u2019s copy?")
            ask(self._window, title, away_words.question(until, kept.code), yes=_("Go on with the copy"), no=_("Wait"), then=then)

    def _go(self) -> None:
        kept = self.keeping.state.kept
        if kept is None or not self._is_lost or self._is_moving:  # it was back before the question was answered
            self.tell()
            return
        if not self._door.holding.take(kept.file):
            self._window.say(_("Another program on this computer works on the copy already."), Tone.WARN)
            return
        who, lan, syncing = self._session.leave(), self._work.db, syncing_of(self._work)
        self._left = _Left(lan, who)
        self._begin_move(_("Opening this computer\u2019s copy\u2026"))
        feeder, runner = self.keeping.give_feeder(), None if syncing is None else syncing.rest()
        job = partial(late(_COPYING + "to_copy"), kept, feeder, lan, runner, who)
        self.keeping.side.run(job, then=partial(self._on_copy, kept), failed=self._not_on_copy, settled=self._end_move)

    def _on_copy(self, kept: Kept, moved: Moved) -> None:
        self._is_lost, self._is_moving = False, False
        self._work.detach()
        self._door.stand_in(kept.url, moved.opened)
        self._arrive(moved)

    def _not_on_copy(self, error: ClinicError) -> None:
        self._is_lost = False
        self._work.detach()
        self._forget_left()
        self._door.return_home(None)
        self._sync_again()
        self._door.say_trouble(error)

    def _begin_move(self, text: str) -> None:
        self._is_moving = True
        self.tell()
        self._window.show_page(WaitPage(text))

    def _end_move(self) -> None:
        self._is_moving = False
        self.tell()

    def _arrive(self, moved: Moved) -> None:
        """At the other database: whoever was at work goes on there, or logs in."""
        found: Any = moved.opened
        if hasattr(found, "db"):
            self.opened(found)
            self._session.arrive(found, moved.entered)
        self._sync_again()

    def _sync_again(self) -> None:
        syncing = syncing_of(self._work)
        if syncing is not None:
            syncing.again()

    # The server is back

    def hand_over(self) -> None:
        """Send what was done here, and go back; work goes on meanwhile."""
        if self._handing is not None or not self.is_on_copy or self._is_moving:
            return
        syncing = syncing_of(self._work)
        unsent = 0 if syncing is None or syncing.state.phase is None else syncing.state.phase.unsent
        self._handing, self._ended = (0, max(unsent, 1)), Event()
        self.tell()
        runner = None if syncing is None else syncing.rest()
        job = partial(late(_COPYING + "hand_over"), self._work.db, runner, self._sent.emit, self._ended)
        self.keeping.side.run(job, then=self._go_back, failed=self._not_handed_over, settled=self._handed)

    @Slot(int)
    def _advance(self, sent: int) -> None:
        if self._handing is not None:
            self._handing = (min(sent, self._handing[1]), self._handing[1])
            self.tell()

    def _handed(self) -> None:
        self._handing = None
        self.tell()

    def _not_handed_over(self, error: ClinicError) -> None:
        self._sync_again()
        title = _("Not handed over yet")
        tell(self._window, title, wording.sentence(error) + "\n\n" + _("Nothing is lost. Work goes on on this computer\u2019s copy."))

    def leave_copy(self) -> None:
        """To the server, with nothing handed over: the copy keeps it."""
        self._go_back(None)

    def _go_back(self, sent: int | None) -> None:
        self._handing = None
        syncing, left = syncing_of(self._work), self._left
        runner, who = None if syncing is None else syncing.rest(), self._session.leave()
        before = None if left is None or who is None or who.by_pin else left.actor
        if before is not None and who is not None and before.user_id != who.user_id:
            before = None
        self._begin_move(_("Going back to the clinic\u2019s server\u2026"))
        lan = None if left is None else left.database
        job = partial(late(_COPYING + "to_server"), self._door.home, lan, self._work.db, runner, before)

        def begin(_nothing: object) -> None:
            self.keeping.side.run(job, then=partial(self._on_server, sent), failed=self._not_on_server, settled=self._end_move)

        self._work.call(self, lambda: None, then=begin)  # what was asked of the copy before is done

    def _on_server(self, sent: int | None, moved: Moved) -> None:
        self._is_moving, self._left, self._waiting = False, None, moved.waiting
        self._work.detach()
        self.keeping.stand_on(None)
        self._door.return_home(moved.opened)
        self._arrive(moved)
        if sent is not None:  # said once the page stands there
            QTimer.singleShot(_PAINTED_MS, self, lambda: self._window.say(away_words.handed_over(sent), Tone.GOOD))

    def _not_on_server(self, error: ClinicError) -> None:
        """All is handed over, and the server has gone once more: the door says so, and offers the copy again."""
        db = self._work.db
        self._work.detach()
        self.keeping.side.run(db.close, then=lambda _nothing: None)
        self._forget_left()
        self.keeping.stand_on(None)
        self._door.return_home(None)
        self._sync_again()
        self._door.start()
        self._window.say(wording.sentence(error), Tone.WARN)

    def _forget_left(self) -> None:
        left, self._left = self._left, None
        if left is not None:
            left.database.close()


def state_of(session: Session) -> CopyState:
    """How it stands with the copy of a program."""
    return session.away.keeping.state
