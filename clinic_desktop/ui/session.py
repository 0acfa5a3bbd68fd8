"""A person at work: logging in, the shell, locking, logging out. What comes before is the ``Door``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from clinic_desktop import wording
from clinic_desktop.kernel.i18n import _, activate
from clinic_desktop.ui import loading
from clinic_desktop.ui.away import Away
from clinic_desktop.ui.closing import Closing
from clinic_desktop.ui.desk import Desk, Place
from clinic_desktop.ui.display.again import DisplayAgain
from clinic_desktop.ui.door import PAINTED_MS, Door
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.housekeeping import Housekeeping
from clinic_desktop.ui.kiosk.mode import KioskMode
from clinic_desktop.ui.late import late
from clinic_desktop.ui.locking import Lock
from clinic_desktop.ui.logging_in import LoggingIn
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.spec import ScreenSpec, SearchSpec
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.warming import Warming
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.kernel.security import Actor
    from clinic_desktop.ui.entering import Entered
    from clinic_desktop.ui.founding import Founded
    from clinic_desktop.ui.opening import ClinicFacts, Closed, Opened

Registry = Callable[[], tuple[Sequence[ScreenSpec], Sequence[SearchSpec]]]
_ENTERING = "clinic_desktop.ui.entering:"
_SETUP_DRAFT, _AFTER_SETUP = "setup", "first_steps"
_THE_SERVERS = frozenset({"backups"})
"""Screens of no use on this computer's copy: backups are the server's."""


class Session(QObject):
    """Log in, work, lock, log out; ``loaded`` when everything that can be opened is in memory."""

    loaded = Signal()

    def __init__(
        self,
        app: QApplication,
        preferences: Preferences,
        url: str,
        *,
        demo: Callable[..., Any],
        passphrase: str | None,
        registry: Registry,
    ) -> None:
        super().__init__(app)
        self._app, self._registry = app, registry
        self.preferences, self.drafts = preferences, Drafts(self)
        self.wear()
        self.work = Work(parent=self)
        self.window = Window(self.work)
        self.door = Door(self.window, self.work, preferences, url, self, demo=demo, passphrase=passphrase)
        self.desk_lock = Lock(app, self.window, self.work, self)
        self.housekeeping = Housekeeping(self.work, self)
        self.closing = Closing(self.window, self.housekeeping, self)
        self.away = Away(self)
        self.kiosk, self.display = KioskMode(app, self), DisplayAgain(self)
        self._warming = Warming(self.work, registry, self)
        self._warming.loaded.connect(self.loaded)
        preferences.changed.connect(self.rebuild)
        self.window.closed.connect(self.end)
        self.door.closed.connect(self._closed)
        self.door.opened.connect(self._opened)
        self.door.beginning.founded.connect(self._founded)
        self._logging_in = LoggingIn(self.door, self)
        self._logging_in.came_in.connect(self._came_in)
        self.desk_lock.wanted.connect(self.lock)
        self.desk_lock.login_wanted.connect(lambda username, why: self.show_login(username=username, why=why))
        self.desk_lock.switched.connect(self._came_in)
        self.desk_lock.ended.connect(self._ended)
        self.work.rights_changed.connect(lambda _actor: self._begin_anew())

    def wear(self) -> None:
        """Put theme, language and text size on."""
        language = activate(self.preferences.language)
        apply_theme(self._app, self.preferences.theme, right_to_left=language.is_right_to_left, scale=self.preferences.scale)

    def start(self) -> None:
        """Show the first page; the database loads while the person types."""
        loading.begin()
        self.door.start()
        self.window.show()

    # The data is closed, then open

    def _closed(self, ways: Closed | None) -> None:
        if ways is None:
            self.show_login()
        else:
            self._logging_in.show_ways(ways)

    def _opened(self, opened: Opened) -> None:
        self._logging_in.take(opened.clinics)
        self.away.opened(opened)
        if self._logging_in.page is None:  # else somebody types there already, or waits for the answer
            self.show_login()
        self.kiosk.resume(self._logging_in.clinics)
        self.display.look(self._clinic)
        QTimer.singleShot(PAINTED_MS, self, self._warming.begin)

    def _founded(self, founded: Founded) -> None:
        self._logging_in.take(founded.clinics)
        self.preferences.remember_username(founded.username)
        self.work.actor = founded.actor
        self.drafts.load(founded.actor.user_id, ())
        self.drafts.remember_screen(founded.actor.user_id, _AFTER_SETUP)
        self.desk_lock.open_desk(founded.lock_minutes)
        self._warming.begin()
        self.show_shell()

    @property
    def _clinic(self) -> ClinicFacts | None:
        """Where one logs in, once a clinic is known."""
        return self._logging_in.clinic

    @property
    def timezone(self) -> str | None:
        """The clinic's, once one is known."""
        return None if self._clinic is None else self._clinic.timezone

    # Another database takes the place of the open one

    def leave(self) -> Actor | None:
        """Clear the desk, with what is typed kept; who was at work."""
        actor = self.work.actor
        self.clear_desk()
        self.housekeeping.stop()
        return actor

    def arrive(self, opened: Opened, entered: Entered | None) -> None:
        """Go on at another database of the same clinic; whoever cannot do so at once logs in."""
        self._logging_in.take(opened.clinics)
        self.drafts.move(self.door.url)
        if entered is None:
            self.show_login()
        else:
            self._came_in(self.preferences.username, entered)

    # Logging in

    def show_login(self, *, username: str | None = None, why: str = "") -> None:
        """Show the login page, and why it is there when that needs saying."""
        self._leave_desk()
        self._logging_in.show(username=username, why=why)

    def _leave_desk(self) -> None:
        if self.work.actor is not None:
            self.work.actor = None
            self.desk_lock.close_desk()

    def _came_in(self, username: str, entered: Entered) -> None:
        self.kiosk.end()
        self.preferences.remember_username(username)
        self.work.actor = entered.actor
        unfinished = next((row.body for row in entered.drafts if row.screen == _SETUP_DRAFT and row.body is not None), None)
        if unfinished is not None or not self._logging_in.clinics:
            self.door.beginning.begin_setup(unfinished, has_keys=self.work.db.vault.place is not None)
            return
        self.drafts.load(entered.actor.user_id, entered.drafts)
        self.desk_lock.open_desk(entered.lock_minutes)
        self.away.admit(entered.actor, self.show_shell)

    # At work

    def show_shell(self) -> None:
        """Show the departments of whoever is logged in."""
        assert self._clinic is not None
        assert self.work.actor is not None
        clinic, actor = self._clinic, self.work.actor
        wording.tell_times_in(clinic.timezone)
        place = Place(clinic.id, actor.workstation_id, clinic.name, clinic.hospital_name, clinic.timezone, clinic.currency)
        desk = Desk(self.work, place)
        screens, searches = self._registry()
        if self.away.is_on_copy:
            screens = [one for one in screens if one.code not in _THE_SERVERS]
        shell = Shell(desk, self.preferences, self.drafts, screens, searches)
        desk.setParent(shell)
        desk.restore_wanted.connect(self._bring_back)
        desk.move_wanted.connect(self._move)
        shell.locked.connect(self.lock)
        shell.logged_out.connect(self.log_out)
        shell.kiosk_wanted.connect(lambda: self.kiosk.hand_over(clinic))
        self.housekeeping.troubled.connect(shell.status.show_trouble)
        shell.status.show_trouble(self.housekeeping.trouble)
        self.housekeeping.start(place, only_clock=self.away.is_on_copy)
        self.away.keeping.go_on()
        self.display.refresh()
        self.window.show_page(shell)
        # The frame stands before the first screen is made.
        QTimer.singleShot(0, shell, shell.begin)

    def lock(self) -> None:
        """Hide all that is shown; what is typed is kept, and whoever comes back finds it as it was."""
        actor = self.work.actor
        if self._put_aside() and actor is not None and self._clinic is not None:
            self._leave_desk()
            self.desk_lock.show(self.preferences.username, clinic_id=self._clinic.id, workstation_id=actor.workstation_id)

    def _ended(self, why: str) -> None:
        if self._put_aside() or self.kiosk.end():
            self.show_login(why=why)

    def log_out(self) -> None:
        """End the session and go back to the login; what is typed is kept for the same person."""
        actor = self.work.actor
        if self._put_aside():
            if actor is not None and actor.user_id is not None:
                self.work.call(self, late(_ENTERING + "log_out"), db=self.work.db, actor=actor, failed=lambda _error: None)
            self.show_login()

    def _bring_back(self, wanted: object) -> None:
        if self.away.is_on_copy:
            self.window.say(_("This is a copy of the server\u2019s data. A backup is brought back on the server."), Tone.WARN)
        elif self.window.shell is not None and self._clinic is not None and (actor := self.leave()) is not None:
            self.door.beginning.bring_back(wanted, actor.name, self._clinic.timezone)

    def _move(self, wanted: object) -> None:
        actor = self.leave()
        if actor is not None:
            self.door.beginning.move(wanted, actor)

    def clear_desk(self) -> None:
        """Keep what is typed, and let nobody be at work."""
        self._put_aside()
        self._leave_desk()

    def _put_aside(self) -> bool:
        """Keep what is typed; False when nobody is at work."""
        if self.window.shell is None:
            return False
        self.window.shell.keep_drafts()
        return True

    def rebuild(self) -> None:
        """Wear what was chosen and make all pages anew in it."""
        self.wear()
        self.away.tell()
        if self.window.shell is not None:
            self._begin_anew()
        elif self._logging_in.page is not None:
            self.show_login()
        else:
            self.door.beginning.rebuild()

    def _begin_anew(self) -> None:
        """Another look, or other rights: the same desk is made once more, with what was typed."""
        if not self.kiosk.is_opening and self._put_aside():
            self.show_shell()

    def end(self) -> None:
        """Keep what is typed, finish the work and close the database."""
        self._put_aside()
        self.desk_lock.idle.stop()
        self.housekeeping.stop()
        self._warming.stop_loading()
        self.door.beginning.end()
        self.away.end()
        self.work.shut_down()
        self._warming.give_back()
        if self.work.is_open:
            self.work.db.close()
        self.door.holding.release()
