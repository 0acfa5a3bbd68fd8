"""Other ways into the encrypted data: the printed recovery key, a passphrase; and a new password once the key has opened it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.inputs import LineEdit


class RecoveryPage(CardPage):
    """The key as it stands on the sheet; ``entered(text)``, ``left`` back to the login."""

    entered = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        text = _("Type the key from the recovery sheet. Capital or small letters make no difference, and dashes may be left out.")
        super().__init__(_("Recovery key"), text, _("Open the data"), width=560)
        self.key = LineEdit(_("Recovery key"), placeholder="XXXXX-XXXXX-…", limit=120)
        self.form.add("recovery_key", _("Recovery key"), self.key, required=True)
        self.enter_submits()
        self.back = self.add_link(_("Back to the login"), self.left)
        self.setFocusProxy(self.key)

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if not self.button.is_busy and self.form.values() is not None:
            self.wait(True)
            self.entered.emit(self.key.text())


class PassphrasePage(CardPage):
    """Asks for the passphrase of a machine; ``entered(text)``, ``left`` back to the login."""

    entered = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(_("Passphrase"), _("It opens the data; everybody still logs in with their own password."), _("Open the data"))
        self.first = self.secret("passphrase", _("Passphrase"))
        self.enter_submits()
        self.back = self.add_link(_("Back to the login"), self.left)
        self.setFocusProxy(self.first)

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if not self.button.is_busy and self.form.values() is not None:
            self.wait(True)
            self.entered.emit(self.first.text())

    def refuse(self, error: ClinicError) -> None:
        """The passphrase was wrong: select it, so that typing replaces it."""
        super().refuse(error)
        self.first.setFocus()
        self.first.selectAll()


class RecoveredPage(CardPage):
    """The key has opened the data: an administrator may choose a new password. ``entered(username, password)``, ``left`` to the login."""

    entered = Signal(str, str)
    left = Signal()

    def __init__(self, people: Sequence[tuple[str, str]]) -> None:
        text = _("The recovery key has opened the data. If the password is forgotten, choose a new one here.")
        super().__init__(_("The data is open"), text, _("Set the password and log in"), width=460)
        self.person = Choice(_("Administrator"), people)
        self.form.add("username", _("Administrator"), self.person, required=True)
        self.first = self.secret("password", _("New password"))
        self.secret("again", _("The same again"))
        self.enter_submits()
        self.known = self.add_link(_("I know my password"), self.left)
        self.setFocusProxy(self.first)

    def submit(self) -> None:
        """Hand over the new password when both are the same."""
        if self.button.is_busy:
            return
        found = self.form.typed_twice("password", "again")
        if found is None:
            return
        self.wait(True)
        self.entered.emit(found["username"], found["password"])
