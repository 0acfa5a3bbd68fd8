"""From the closed database to a person at work: which page follows which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _, activate
from clinic_desktop.ui import loading
from clinic_desktop.ui.desk import Desk, Place
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.garbage import Collector
from clinic_desktop.ui.late import late
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.screens.login.card import CardPage, WaitPage
from clinic_desktop.ui.screens.login.first_run import FirstRunPage
from clinic_desktop.ui.screens.login.pages import LoginPage, NewPasswordPage, UnlockPage
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.spec import ScreenSpec, SearchSpec
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets.dialogs import tell
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Progress, Work

if TYPE_CHECKING:
    from clinic_desktop.ui.entering import Entered
    from clinic_desktop.ui.opening import ClinicFacts, Opened

Registry = Callable[[], tuple[Sequence[ScreenSpec], Sequence[SearchSpec]]]
_OPENING = "clinic_desktop.ui.opening:"
_ENTERING = "clinic_desktop.ui.entering:"
_PAINTED_MS = 100
"""Who loads keeps the interpreter from who paints: first the page, then the rest while the person types."""


def file_of(url: str) -> Path | None:
    """The file of a database address, told without SQLAlchemy; None for a server."""
    return Path(url.partition(":///")[2].partition("?")[0]) if url.startswith(("sqlite", "sqlcipher")) else None


class Session(QObject):
    """Unlock, set up, log in, work, lock, log out; ``loaded`` when everything that can be opened is in memory."""

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
        self._registry = registry
        self._app, self._url, self._demo, self._passphrase = app, url, demo, passphrase
        self.preferences, self.drafts = preferences, Drafts(self)
        self.wear()
        self.work = Work(parent=self)
        self.window = Window(self.work)
        self._loader, self._collector = loading.Loader(self), Collector(self)
        self._loader.finished.connect(self._collector.start)
        self._loader.finished.connect(self.loaded)
        self._clinics: tuple[ClinicFacts, ...] = ()
        self._clinic: ClinicFacts | None = None
        preferences.changed.connect(self.rebuild)
        self.window.closed.connect(self.end)

    def wear(self) -> None:
        """Put theme, language and text size on."""
        language = activate(self.preferences.language)
        apply_theme(self._app, self.preferences.theme, right_to_left=language.is_right_to_left, scale=self.preferences.scale)

    def start(self) -> None:
        """Show the first page; the database loads while the person types."""
        loading.begin()
        file = file_of(self._url)
        if self._url.startswith("sqlcipher") and self._passphrase is None:
            page = UnlockPage(creating=file is not None and not file.exists())
            page.entered.connect(lambda secret: self._open(secret, page))
            self.window.show_page(page)
            QTimer.singleShot(_PAINTED_MS, self, lambda: self.work.call(self, late(_OPENING + "warm_up")))
        else:
            self.window.show_page(WaitPage(_("Opening the database…")))
            self._open(self._passphrase, None)
        self.window.show()

    def _open(self, passphrase: str | None, page: CardPage | None) -> None:
        failed = page.refuse if page is not None else self._say_closed
        self.work.call(
            self.window, late(_OPENING + "open_database"), url=self._url, passphrase=passphrase, then=self._opened, failed=failed
        )

    def _say_closed(self, error: ClinicError) -> None:
        self.window.show_page(WaitPage(_("The database is not open.")))
        dialog = tell(self.window, _("The database cannot be opened"), wording.sentence(error))
        dialog.finished.connect(self.window.close)

    def _opened(self, opened: Opened) -> None:
        self.work.attach(opened.db)
        self._use(opened.clinics)
        QTimer.singleShot(_PAINTED_MS, self, self._load_departments)

    def _load_departments(self) -> None:
        # Behind the login page; who is faster finds the departments loaded all the same: ``entering`` brings them.
        self.work.call(self, late(_ENTERING + "warm_up"))
        self.work.call(self, late("clinic_desktop.clinic.departments:load_queries"), then=self._load_screens)

    def _load_screens(self, _loaded: object) -> None:
        screens, searches = self._registry()
        self._loader.start([*(one.factory for one in screens), *(one.find for one in searches)])

    def _use(self, clinics: tuple[ClinicFacts, ...]) -> None:
        self._clinics = clinics
        if clinics:
            self._clinic = clinics[0]
            self.show_login()
        else:
            self._show_first_run()

    # An empty database

    def _show_first_run(self) -> None:
        page = FirstRunPage()
        page.entered.connect(
            lambda form: self.work.call(
                page,
                late(_ENTERING + "set_up"),
                db=self.work.db,
                form=form,
                then=self._use,
                failed=page.refuse,
                settled=lambda: page.wait(False),
            )
        )
        page.demo_wanted.connect(self._fill)
        self.window.show_page(page)

    def _fill(self) -> None:
        progress = Progress(self)
        page = WaitPage(_("Making up a clinic…"), cancel=progress.cancel)
        progress.advanced.connect(page.advance)
        self.window.show_page(page)
        fill = late(_ENTERING + "fill_with_demo")
        self.work.background(
            self, fill, progress=progress, db=self.work.db, demo=self._demo, then=self._filled, settled=progress.deleteLater
        )

    def _filled(self, report: Any) -> None:
        names, password = ", ".join(report.usernames), report.password
        text = _("Log in as one of: {names}.\n\nThe password of all of them:\n{password}").format(names=names, password=password)
        self.work.call(self, late(_OPENING + "clinics_of"), db=self.work.db, then=self._use)
        tell(self.window, _("The demo clinic is ready"), text)

    # Logging in

    def show_login(self, *, username: str | None = None) -> None:
        """Show the login page."""
        self.work.actor = None
        chosen = self._clinic.id if self._clinic is not None else None
        hospital = self._clinics[0].hospital_name if self._clinics else ""
        name = self.preferences.username if username is None else username
        page = LoginPage(hospital, [(c.name, c.id) for c in self._clinics], chosen=chosen, username=name)
        page.place_chosen.connect(self._choose_clinic)
        page.entered.connect(lambda username, password: self._log_in(page, username, password))
        self.window.show_page(page)

    def _choose_clinic(self, clinic_id: object) -> None:
        self._clinic = next((one for one in self._clinics if one.id == clinic_id), self._clinic)

    def _log_in(self, page: CardPage, username: str, password: str) -> None:
        assert self._clinic is not None

        def refuse(error: ClinicError) -> None:
            if error.code == "password_change_required":
                self._ask_new_password(username, password)
            else:
                page.refuse(error)

        self.work.call(
            page,
            late(_ENTERING + "log_in"),
            db=self.work.db,
            username=username,
            password=password,
            clinic_id=self._clinic.id,
            then=lambda entered: self._logged_in(username, entered),
            failed=refuse,
            settled=lambda: page.wait(False),
        )

    def _ask_new_password(self, username: str, current: str) -> None:
        page = NewPasswordPage()
        page.entered.connect(
            lambda new: self.work.call(
                page,
                late(_ENTERING + "change_password"),
                db=self.work.db,
                username=username,
                current=current,
                new=new,
                then=lambda _nothing: self._log_in(page, username, new),
                failed=page.refuse,
            )
        )
        self.window.show_page(page)

    def _logged_in(self, username: str, entered: Entered) -> None:
        self.preferences.remember_username(username)
        self.work.actor = entered.actor
        self.drafts.load(entered.actor.user_id, entered.drafts)
        self.show_shell()

    # At work

    def show_shell(self) -> None:
        """Show the departments of whoever is logged in."""
        assert self._clinic is not None
        clinic = self._clinic
        wording.tell_times_in(clinic.timezone)
        place = Place(clinic.id, None, clinic.name, clinic.hospital_name, clinic.timezone, clinic.currency)
        desk = Desk(self.work, place)
        screens, searches = self._registry()
        shell = Shell(desk, self.preferences, self.drafts, screens, searches)
        desk.setParent(shell)
        shell.locked.connect(self.lock)
        shell.logged_out.connect(self.log_out)
        self.window.show_page(shell)
        # The frame stands before the first screen is made.
        QTimer.singleShot(0, shell, shell.begin)

    def lock(self) -> None:
        """Go back to the login; what is typed is kept."""
        if self._put_aside():
            self.show_login()

    def log_out(self) -> None:
        """End the session and go back to the login; what is typed is kept for the same person."""
        actor = self.work.actor
        if self._put_aside():
            if actor is not None and actor.user_id is not None:
                self.work.call(self, late(_ENTERING + "log_out"), db=self.work.db, actor=actor, failed=lambda _error: None)
            self.show_login()

    def _put_aside(self) -> bool:
        """Keep what is typed; False when nobody is at work."""
        if self.window.shell is None:
            return False
        self.window.shell.keep_drafts()
        return True

    def rebuild(self) -> None:
        """Wear what was chosen and make all pages anew in it."""
        is_at_work = self._put_aside()
        self.wear()
        if is_at_work:
            self.show_shell()
        elif isinstance(self.window.centralWidget(), LoginPage):
            self.show_login()

    def end(self) -> None:
        """Keep what is typed, finish the work and close the database."""
        self._put_aside()
        self._loader.stop()
        self.work.shut_down()
        self._collector.stop()
        if self.work.is_open:
            self.work.db.close()
