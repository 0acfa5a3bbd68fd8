"""From the closed program to an open database that somebody can log in to: which page follows which."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.filesystems import refuse_share
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.address import file_of, is_encrypted_file, is_server
from clinic_desktop.ui.beginning import Beginning
from clinic_desktop.ui.files import ask_file
from clinic_desktop.ui.holding import Holding
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.passwords import Passwords
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.login.card import CardPage, WaitPage
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.kernel.db import Database
    from clinic_desktop.sync.replica_files import Kept
    from clinic_desktop.ui.opening import Closed, Opened

PAINTED_MS = 100
"""Who loads keeps the interpreter from who paints: first the page, then the rest while the person types."""
_OPENING = "clinic_desktop.ui.opening:"
_UNLOCK = "clinic_desktop.ui.screens.login.unlock:"
_COPYING, _JOINING = "clinic_desktop.ui.copying:", "clinic_desktop.ui.joining:"
_AWAY = frozenset({"unreachable", "host_unknown", "no_answer", "refused", "busy", "other"})
"""Why a server cannot be used that may be back in a while: then the copy is offered. Not where it lets this computer in no more."""
log = logging.getLogger(__name__)


class Door(QObject):
    """``closed`` when a person must open the data, ``opened`` when somebody can log in."""

    closed = Signal(object)
    """First with None, at once; then with ``Closed``, once it is known how it opens."""
    opened = Signal(object)
    copy_offered = Signal(object)
    """A Kept: somebody would go on with it, as the server does not answer."""

    def __init__(
        self,
        window: Window,
        work: Work,
        preferences: Preferences,
        url: str,
        parent: QObject,
        *,
        demo: Callable[..., Any],
        passphrase: str | None,
    ) -> None:
        super().__init__(parent)
        self.window, self.work, self.preferences = window, work, preferences
        self.url, self._passphrase = url, passphrase
        self.home, self._is_copy = url, False
        """Where the clinic's data is, and whether this computer's copy stands in for it."""
        self.holding, self.beginning, self.passwords = Holding(), Beginning(self, demo), Passwords(self)
        self.is_trying, self._accepts_older = False, False
        self._waiting: Callable[[], None] | None = None
        self._trouble: ClinicError | None = None

    def start(self) -> None:
        """Show the first page; the database loads while the person types."""
        file, self._trouble = file_of(self.url), None
        unsafe = _place_trouble(file)
        if unsafe is not None:
            self.say_trouble(unsafe)
        elif is_server(self.url):
            self._connect(late(_COPYING + "begin"))
        elif file is not None and not self.holding.take(file):
            self.say_trouble(DatabaseUnavailable(reason="open_elsewhere", path=str(file)))
        elif not is_encrypted_file(self.url) or self._passphrase is not None:
            self.window.show_page(WaitPage(_("Opening the database…")))
            self.call("open_database", passphrase=self._passphrase, then=self._opened, failed=self.say_trouble)
        elif file is not None and file.exists():
            self.closed.emit(None)
            self.is_trying = True
            QTimer.singleShot(PAINTED_MS, self, self._try_alone)
        else:
            self.beginning.show_choice()
            QTimer.singleShot(PAINTED_MS, self, lambda: self.work.call(self, late(_OPENING + "warm_up")))

    def _connect(self, way: Callable[..., Any]) -> None:
        """Go to the server; work on this computer's copy that was begun while it was away goes on there."""

        def go_on(found: Any) -> None:
            if _is_open(found):
                self._opened(found)
            else:  # a Kept
                self.stand_in(found.url)

        self.window.show_page(WaitPage(_("Connecting to the server…")))
        self.work.call(self, way, url=self.url, then=go_on, failed=self._say_server_trouble)

    def call(self, function: str, **params: Any) -> None:
        """Run one of the functions that open this database."""
        self.work.call(self, late(_OPENING + function), url=self.url, accepts_older=self._accepts_older, **params)

    # Locked data

    def _try_alone(self) -> None:
        self.is_trying = not self.work.is_open  # or a person was faster
        if self.is_trying:
            self.call("open_by_itself", then=self._tried, failed=self._not_alone)

    def _tried(self, found: Opened | Closed) -> None:
        self.is_trying = False
        waiting, self._waiting = self._waiting, None
        if _is_open(found) and (self.work.is_open or self.passwords.is_asking):
            self.attach(found.db)
        elif _is_open(found):
            self._opened(found)
        elif not self.work.is_open:
            self.closed.emit(found)
        if waiting is not None:
            waiting()

    def _not_alone(self, error: ClinicError) -> None:
        self.is_trying, self._waiting = False, None
        if not self.work.is_open:
            self.say_trouble(error)

    def unlock(self, page: CardPage, username: str, password: str, then: Callable[[], None]) -> None:
        """Open the data with a person's password; ``then`` logs them in."""
        if self.is_trying:
            self._waiting = lambda: then() if self.work.is_open else self.unlock(page, username, password, then)
            return

        def go_on(found: Opened) -> None:
            self._opened(found)
            then()

        self.call("open_with_password", username=username, password=password, then=go_on, failed=self.refusal_on(page))

    def refusal_on(self, page: CardPage) -> Callable[[ClinicError], None]:
        """A secret that does not fit is said on its page; what no secret mends has a page of its own."""
        return lambda error: page.refuse(error) if error.field is not None else self.say_trouble(error)

    def ask_recovery_key(self) -> None:
        """Show the page for the printed key."""
        page = load(_UNLOCK + "RecoveryPage")()
        page.entered.connect(
            lambda text: self.call("open_with_recovery_key", text=text, then=self._recovered, failed=self.refusal_on(page))
        )
        page.left.connect(lambda: self.closed.emit(None))
        self.window.show_page(page)

    def ask_passphrase(self) -> None:
        """Show the page for a machine's passphrase."""
        page = load(_UNLOCK + "PassphrasePage")()
        page.entered.connect(lambda text: self.call("open_with_passphrase", text=text, then=self._opened, failed=self.refusal_on(page)))
        page.left.connect(lambda: self.closed.emit(None))
        self.window.show_page(page)

    def _recovered(self, found: Opened) -> None:
        self._opened(found)
        if found.has_people:
            self.passwords.ask_after_recovery()

    # Open

    def _opened(self, found: Opened) -> None:
        self.work.attach(found.db)
        self._passphrase = None
        if found.is_joining:
            self.beginning.chaining.go_on()
        elif found.has_people:
            self.opened.emit(found)
        else:
            self.beginning.show_choice()

    def attach(self, db: Database) -> None:
        """Use data that has opened, with no page to follow; where it opened another way meanwhile, once is enough."""
        if self.work.is_open:
            self.work.call(self, db.close)
        else:
            self.work.attach(db)
            self.passwords.look_for_mail()

    def take(self, url: str, found: Opened) -> None:
        """Use the database of a server from now on."""
        self.url = self.home = url
        self.preferences.remember_database(url)
        self.holding.release()
        self._opened(found)

    def stand_in(self, url: str, found: Opened | Closed | None = None) -> None:
        """The copy takes the server's place, until that is back; nothing of it is remembered: the copy says itself that it is at work."""
        self.url, self._passphrase, self._accepts_older, self._is_copy = url, None, False, True
        if found is None:
            self.start()
        elif _is_open(found):
            self.work.attach(found.db)
        else:
            self.closed.emit(None)
            self.closed.emit(found)

    def return_home(self, found: Opened | Closed | None) -> None:
        """The server's place is its own again."""
        self.url, self._is_copy = self.home, False
        self.holding.release()
        if _is_open(found):
            self.work.attach(found.db)

    def go_on(self, *, then: Callable[[], None] = lambda: None) -> None:
        """The database is open: read it anew and let people log in."""

        def let_in(found: Opened) -> None:
            self.opened.emit(found)
            then()

        self.window.show_page(WaitPage(_("Opening the database…")))
        self.work.call(self, late(_OPENING + "opened"), db=self.work.db, then=let_in)

    # Trouble

    def say_trouble(self, error: ClinicError) -> None:
        """Show what keeps the database closed, and every way on."""
        self._show_trouble(error, None)

    def _show_trouble(self, error: ClinicError, kept: Kept | None) -> None:
        log.info("the database stays closed: %s", error)
        self._trouble = error
        is_copy = kept is None and self._is_copy
        page = load("clinic_desktop.ui.screens.login.trouble:TroublePage")(
            error, f"{error}\n{self.url.rpartition('@')[2]}", kept, is_copy=is_copy
        )
        acts: dict[str, Callable[[], object]] = {
            "copy": lambda: self.copy_offered.emit(kept),
            "server": self._to_server,
            "retry": self.start,
            "other_file": self._ask_file,
            "join": self.beginning.join,
            "restore": self.beginning.restore,
            "accept": self._accept_older,
            "close": self.window.close,
        }
        page.wanted.connect(lambda action: acts[action]())
        self.window.show_page(page)

    def _say_server_trouble(self, error: ClinicError) -> None:
        reason = error.params.get("reason")
        if error.code == "server_refused" and reason == "password":
            self.beginning.ask_server_password()
        elif reason in _AWAY:
            then = partial(self._show_trouble, error)
            self.work.call(self, late(_COPYING + "usable"), url=self.url, then=then, failed=lambda _error: self.say_trouble(error))
        else:
            self.say_trouble(error)

    def _to_server(self) -> None:
        """The copy does not open: to the server without it."""
        self.return_home(None)
        self._connect(late(_JOINING + "open_joined"))

    def back(self) -> None:
        """From joining or restoring to where it was chosen."""
        if self._trouble is not None:
            self.say_trouble(self._trouble)
        else:
            self.beginning.show_choice()

    def _accept_older(self) -> None:
        self._accepts_older = True
        self.start()

    def _ask_file(self) -> None:
        folder = (file_of(self.url) or Path.home()).parent
        kinds = _("Databases (*.db)")
        ask_file(self.window, _("Choose a database"), kinds, lambda path: self.use(f"sqlcipher:///{path.as_posix()}"), start=str(folder))

    def use(self, url: str) -> None:
        """Start with another database, from now on."""
        self._is_copy = False
        self.home, self.url, self._passphrase, self._accepts_older = url, url, None, False
        self.preferences.remember_database(url)
        self.start()


def _place_trouble(file: Path | None) -> DatabaseUnavailable | None:
    """Why nothing may be looked at or made beside this file: a mark on a share whose server is gone would hold the program up."""
    try:
        if file is not None:
            refuse_share(file)
    except DatabaseUnavailable as error:
        return error
    return None


def _is_open(found: Any) -> TypeGuard[Opened]:
    # By what it has, not by its class: that would import the database.
    return hasattr(found, "db")
