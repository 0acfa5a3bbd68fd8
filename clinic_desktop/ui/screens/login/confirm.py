"""The password, asked for in the midst of work: a PIN is not enough for what was wanted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.widgets.buttons import BusyButton
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.widgets.form import FormField


class ConfirmPassword(Dialog):
    """``entered(password)``; it stays open until the password was right or the person gives up."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None, name: str) -> None:
        text = _("You came in with your PIN. For this, {name}, your password is needed once; it then holds for ten minutes.")
        super().__init__(parent, _("Your password, please"), text.format(name=name))
        self.password = PasswordEdit(_("Password"))
        self.field = FormField("password", _("Password"), self.password, required=True, starred=False)
        self.password.caps_lock.connect(lambda on: self.field.set_hint(_("Caps Lock is on") if on else None))
        self.body.addWidget(self.field)
        self.add_button(_("Cancel"), None, self.reject)
        self.button = BusyButton(_("Go on"))
        self.button.setDefault(True)
        self.button.clicked.connect(self.submit)
        self.buttons.addWidget(self.button)
        self.password.setFocus()

    def submit(self) -> None:
        """Hand over what was typed, once."""
        if self.button.is_busy:
            return
        if not self.password.text():
            self.field.set_error(_("Please fill this in."))
            return
        self.button.set_busy(True)
        self.entered.emit(self.password.text())

    def refuse(self, error: ClinicError) -> None:
        """The password was wrong: typing replaces it."""
        self.button.set_busy(False)
        text = _("This is not your password.") if error.code == "login_refused" else wording.sentence(error)
        self.field.set_error(text)
        self.password.setFocus()
        self.password.selectAll()
