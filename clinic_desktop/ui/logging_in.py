"""A person with a name and a password: the data is opened by them where it is closed, and they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.door import Door
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.screens.login.pages import LoginPage

if TYPE_CHECKING:
    from clinic_desktop.ui.entering import Entered
    from clinic_desktop.ui.opening import ClinicFacts, Closed

_ENTERING = "clinic_desktop.ui.entering:"


class LoggingIn(QObject):
    """The login page and the clinic chosen on it. ``came_in(username, Entered)``; a refusal is said on the page."""

    came_in = Signal(str, object)

    def __init__(self, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self._door, self._work = door, door.work
        self.clinics: tuple[ClinicFacts, ...] = ()
        self.clinic: ClinicFacts | None = None
        """Where one logs in."""
        door.passwords.chosen.connect(self._chosen)

    # The page

    @property
    def page(self) -> LoginPage | None:
        """The login page, while it is shown."""
        page = self._door.window.centralWidget()
        return page if isinstance(page, LoginPage) else None

    def take(self, clinics: tuple[ClinicFacts, ...]) -> None:
        """These are the clinics of the open database; whoever is at the page may choose among them."""
        chosen = None if self.clinic is None else self.clinic.id
        self.clinics = clinics
        self.clinic = next((one for one in clinics if one.id == chosen), clinics[0] if clinics else None)
        if self.page is not None:
            self._show_clinics(self.page)

    def show(self, *, username: str | None, why: str) -> None:
        """Show the page, and why it is there when that needs saying."""
        door = self._door
        page = LoginPage(username=door.preferences.username if username is None else username, is_locked=not self._work.is_open)
        page.place_chosen.connect(self._choose)
        page.entered.connect(lambda username, password: self.enter(page, username, password))
        page.recovery_wanted.connect(door.ask_recovery_key)
        page.passphrase_wanted.connect(door.ask_passphrase)
        page.forgotten.connect(lambda: door.passwords.ask_code(page.username.text().strip()))
        page.left.connect(door.beginning.leave_demo)
        page.leave.setVisible(door.beginning.is_demo)
        if self._work.is_open:
            self._show_clinics(page)
        page.say(why)
        door.window.show_page(page)

    def show_ways(self, ways: Closed) -> None:
        """It is known how the closed data opens."""
        if self.page is not None:
            self.page.passphrase.setVisible(ways.has_passphrase)

    def _show_clinics(self, page: LoginPage) -> None:
        hospital = self.clinics[0].hospital_name if self.clinics else ""
        chosen = None if self.clinic is None else self.clinic.id
        page.show_clinics(hospital, [(one.name, one.id) for one in self.clinics], chosen=chosen)

    def _choose(self, clinic_id: object) -> None:
        self.clinic = next((one for one in self.clinics if one.id == clinic_id), self.clinic)

    # The way in

    def enter(self, page: CardPage, username: str, password: str) -> None:
        """Let somebody in."""
        if self._work.is_open:
            self._log_in(page, username, password)
        else:
            self._door.unlock(page, username, password, lambda: self._log_in(page, username, password))

    def _chosen(self, username: str, password: str) -> None:
        page = self._door.window.centralWidget()
        assert isinstance(page, CardPage)
        self._log_in(page, username, password)

    def _log_in(self, page: CardPage, username: str, password: str) -> None:
        def refuse(error: ClinicError) -> None:
            if error.code == "password_change_required":
                self._door.passwords.ask_new(username, password)
            else:
                page.refuse(error)

        self._work.call(
            page,
            late(_ENTERING + "log_in"),
            db=self._work.db,
            username=username,
            password=password,
            clinic_id=None if self.clinic is None else self.clinic.id,
            workstation_id=self._door.preferences.workstation_id,
            then=lambda entered: self._logged_in(username, password, entered),
            failed=refuse,
            settled=lambda: page.wait(False),
        )

    def _logged_in(self, username: str, password: str, entered: Entered) -> None:
        keys = late(_ENTERING + "keep_keys")
        self._work.background(self, keys, db=self._work.db, actor=entered.actor, username=username, password=password)
        self.came_in.emit(username, entered)
