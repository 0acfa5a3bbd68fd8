"""The pages before the shell: unlock, log in, change the password."""

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

SHORTEST_PASSPHRASE = 8


class UnlockPage(CardPage):
    """Asks for the passphrase of the encrypted database, twice when it is created."""

    entered = Signal(str)

    def __init__(self, *, creating: bool) -> None:
        text = (
            _("The clinic's data is encrypted on this computer. Choose a passphrase and keep it safe: without it nobody can read the data.")
            if creating
            else _("The clinic's data is encrypted on this computer.")
        )
        super().__init__(_("Protect your data") if creating else _("Unlock"), text, _("Continue") if creating else _("Unlock"))
        self.first = self.secret("passphrase", _("Passphrase"))
        self.again = self.secret("again", _("The same again")) if creating else None
        self.enter_submits()
        self.setFocusProxy(self.first)

    def submit(self) -> None:
        """Check what the person can check, then hand it on."""
        if self.button.is_busy:
            return
        found = self.form.values()
        if found is None:
            return
        if self.again is not None and len(found["passphrase"]) < SHORTEST_PASSPHRASE:
            self.form.fields["passphrase"].set_error(_("At least {limit} characters.").format(limit=SHORTEST_PASSPHRASE))
        elif self.again is not None and found["again"] != found["passphrase"]:
            self.form.fields["again"].set_error(_("The two are not the same."))
        else:
            self.wait(True)
            self.entered.emit(found["passphrase"])

    def refuse(self, error: ClinicError) -> None:
        """The passphrase was wrong: select it, so that typing replaces it."""
        super().refuse(error)
        self.first.setFocus()
        self.first.selectAll()


class LoginPage(CardPage):
    """Username and password; ``entered(username, password)``."""

    entered = Signal(str, str)
    place_chosen = Signal(object)

    def __init__(self, hospital: str, clinics: Sequence[tuple[str, UUID]], *, chosen: UUID | None = None, username: str = "") -> None:
        super().__init__(hospital or _("Clinic Desktop"), _("Log in to continue."), _("Log in"))
        self.username = LineEdit(_("Username"), limit=60)
        self.form.add("username", _("Username"), self.username, required=True)
        self.password = self.secret("password", _("Password"))
        self.clinic = Choice(_("Clinic"), clinics)
        if chosen is not None:
            self.clinic.set_value(chosen)
        if len(clinics) > 1:
            self.form.add("clinic", _("Clinic"), self.clinic)
        self.username.setText(username)
        self.enter_submits()
        self.setFocusProxy(self.password if username else self.username)
        self._seconds = 0
        self._countdown = QTimer(self, interval=1_000)
        self._countdown.timeout.connect(self._tick)

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if self.button.is_busy or self._countdown.isActive():
            return
        if self.form.values() is None:
            return
        self.wait(True)
        self.place_chosen.emit(self.clinic.value())
        self.entered.emit(self.username.text().strip(), self.password.text())

    def refuse(self, error: ClinicError) -> None:
        """Say why not; after too many failures count down until the next attempt."""
        self.wait(False)
        self.password.show_text(False)
        if error.code == "login_locked":
            self._seconds = int(error.params["seconds"])
            self._countdown.start()
            self._show_seconds()
        else:
            self.say(wording.sentence(error))
        self.password.setFocus()
        self.password.selectAll()

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
        found = self.form.values()
        if found is None:
            return
        if found["again"] != found["password"]:
            self.form.fields["again"].set_error(_("The two are not the same."))
            return
        self.wait(True)
        self.entered.emit(found["password"])
