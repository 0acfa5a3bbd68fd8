"""This computer serves the clinic: who its first administrator is, and the rest by itself."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.widgets.inputs import LineEdit


class ServePage(CardPage):
    """``entered(full name, username, password)``, ``left`` back."""

    entered = Signal(str, str, str)
    left = Signal()

    def __init__(self) -> None:
        text = _("The clinic's data will be on this computer, and the others join it with a code. Leave it switched on while they work.")
        super().__init__(_("Serve the clinic from this computer"), text, _("Set up the server"), width=460)
        self.form.add("full_name", _("Your name"), LineEdit(limit=200), required=True)
        self.form.add("username", _("Username"), LineEdit(limit=40), required=True)
        self.secret("password", _("Password"))
        self.secret("again", _("The same again"))
        self.back = self.add_link(_("Back"), self.left)
        self.enter_submits()
        self.setFocusProxy(self.form["full_name"])

    def submit(self) -> None:
        """Hand over who administers the clinic, once."""
        given = None if self.button.is_busy else self.form.typed_twice("password", "again")
        if given is not None:
            self.wait(True)
            self.entered.emit(given["full_name"], given["username"], given["password"])
