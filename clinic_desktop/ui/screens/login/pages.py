"""The pages before the shell: log in, change the password."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QTimer, Signal

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.inputs import LineEdit

FREE_FAILURES = 5
"""Wrong passwords before a locked database makes whoever guesses wait."""


class LoginPage(CardPage):
    """Username and password; ``entered(username, password)``. On a locked database the same two open it as well."""

    entered = Signal(str, str)
    place_chosen = Signal(object)
    recovery_wanted = Signal()
    passphrase_wanted = Signal()
    forgotten = Signal()
    left = Signal()
    """Back to the choice how to begin: from a demo clinic."""

    def __init__(self, *, username: str = "", is_locked: bool = False) -> None:
        super().__init__(_("Clinic Desktop"), _("Log in to continue."), _("Log in"))
        self.username = LineEdit(_("Username"), limit=60)
        self.form.add("username", _("Username"), self.username, required=True)
        self.password = self.secret("password", _("Password"))
        self.clinic = Choice(_("Clinic"))
        self._clinic_field = self.form.add("clinic", _("Clinic"), self.clinic)
        self._clinic_field.hide()
        self.username.setText(username)
        self.enter_submits()
        self.forgot = self.add_link(_("I have forgotten my password"), self.forgotten)
        self.recovery = self.add_link(_("Use the recovery key"), self.recovery_wanted)
        self.passphrase = self.add_link(_("Use a passphrase"), self.passphrase_wanted)
        self.leave = self.add_link(_("Leave the demo clinic"), self.left)
        for link in (self.forgot, self.recovery, self.passphrase, self.leave):
            link.hide()
        self.setFocusProxy(self.password if username else self.username)
        self._seconds, self._failures = 0, 0
        self._countdown = QTimer(self, interval=1_000)
        self._countdown.timeout.connect(self._tick)
        if is_locked:
            self.text.setText(_("The clinic's data is encrypted on this computer. Your password opens it."))
            self.recovery.show()
            self.forgot.show()  # an administrator's code opens the data, too

    def show_clinics(self, hospital: str, clinics: Sequence[tuple[str, UUID]], *, chosen: UUID | None = None) -> None:
        """The database is open: say whose it is, and offer its clinics."""
        self.heading.setText(hospital or _("Clinic Desktop"))
        self.text.setText(_("Log in to continue."))
        self.clinic.set_options(clinics)
        if chosen is not None:
            self.clinic.set_value(chosen)
        self._clinic_field.setVisible(len(clinics) > 1)
        self.recovery.hide()
        self.passphrase.hide()
        self.forgot.show()

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if self.button.is_busy or self._countdown.isActive():
            return
        if not self.username.text().strip() or not self.password.text():
            self.form.values()
            return
        self.wait(True)
        self.place_chosen.emit(self.clinic.value())
        self.entered.emit(self.username.text().strip(), self.password.text())

    def refuse(self, error: ClinicError) -> None:
        """Say why not; after too many failures count down until the next attempt."""
        self.wait(False)
        self.password.show_text(False)
        if error.code == "login_locked":
            self._count_down(int(error.params["seconds"]))
        elif error.code == "wrong_passphrase":
            # What is wrong opens no database that could count it: the page itself lets nobody guess quickly.
            self._failures += 1
            self.say(_("Wrong username or password."))
            if self._failures >= FREE_FAILURES:
                self._count_down(min(30 * 2 ** (self._failures - FREE_FAILURES), 900))
        else:
            self.say(wording.sentence(error))
        self.password.setFocus()
        self.password.selectAll()

    def _count_down(self, seconds: int) -> None:
        self._seconds = seconds
        self._countdown.start()
        self._show_seconds()

    def _tick(self) -> None:
        self._seconds -= 1
        if self._seconds > 0:
            self._show_seconds()
        else:
            self._countdown.stop()
            self.button.setEnabled(True)
            self.say(None)

    def _show_seconds(self) -> None:
        self.button.setEnabled(False)
        minutes, seconds = divmod(self._seconds, 60)
        self.say(_("Too many failed attempts. Try again in {time}.").format(time=f"{minutes}:{seconds:02}"))


class NewPasswordPage(CardPage):
    """The password must be changed before work begins; ``entered(new password)``."""

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("Choose a new password"), _("The password that you were given works once."), _("Change password"))
        self.first = self.secret("password", _("New password"))
        self.secret("again", _("The same again"))
        self.enter_submits()
        self.setFocusProxy(self.first)

    def submit(self) -> None:
        """Hand over the new password when both are the same."""
        if self.button.is_busy:
            return
        found = self.form.typed_twice("password", "again")
        if found is None:
            return
        self.wait(True)
        self.entered.emit(found["password"])
