"""Who sets the clinic up: the first administrator, whose password opens the encrypted data."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.widgets.inputs import LineEdit

SECRETS = ("password", "again")


class You(Step):
    """``password_typed(username, password)`` asks for a look at the password before Continue does."""

    password_typed = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.form.add("full_name", _("Your name"), LineEdit(limit=200), required=True)
        self.form.add("username", _("Username"), LineEdit(limit=40), required=True)
        for name, label in zip(SECRETS, (_("Password"), _("The same again")), strict=True):
            edit = PasswordEdit(label)
            field = self.form.add(name, label, edit, required=True)
            edit.caps_lock.connect(lambda on, field=field: field.set_hint(_("Caps Lock is on") if on else None))
        self.form["password"].editingFinished.connect(self._ask_for_a_look)
        self.settle()

    def read(self) -> dict[str, Any] | None:
        """Name, username and password, when both passwords are the same."""
        return self.form.typed_twice("password", "again")

    def draft(self) -> dict[str, Any]:
        """What is typed, without the passwords."""
        return {name: raw for name, raw in self.form.draft().items() if name not in SECRETS}

    def say_weakness(self, error: ClinicError) -> None:
        """The password will not do: said as soon as the field is left, while its owner thinks of one."""
        if self.form["password"].text():
            focused = self.focusWidget()
            self.form.refuse(error)
            if focused is not None:
                focused.setFocus()

    def _ask_for_a_look(self) -> None:
        if self.form["password"].text():
            self.password_typed.emit(self.form["username"].text(), self.form["password"].text())
