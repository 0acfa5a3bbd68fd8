"""The second person: proves who they are with their own password, or told the cashier a code that they made at their own desk."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.access.rules import Act, is_otp
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import BusyButton, Form, Label, LineEdit

_CONFIRM = late("clinic_desktop.clinic.access.login:confirm_identity")
_CONFIRM_CODE = late("clinic_desktop.clinic.access.codes:confirm_approval")


class Approval(QWidget):
    """Fields for the second person's username and password, or code; hidden until somebody is needed."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self.text = Label(voice=Text.STRONG, tone="warn", wrap=True)
        self.form = Form(columns=2, starred=False)
        self.username = LineEdit()
        self.password = PasswordEdit("")
        self.form.add("username", _("Username of the second person"), self.username, required=True)
        self.form.add("password", _("Password, or approval code"), self.password, required=True)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.text)
        column.addWidget(self.form)
        column.addWidget(self.problem)
        self.is_wanted = False
        self.hide()

    def ask(self, error: ClinicError) -> None:
        """Say why a second person is needed and let them type."""
        if self.is_wanted:
            self.refuse(_("You cannot approve this yourself: somebody else must."))
            return
        self.is_wanted = True
        self.text.setText(wording.sentence(error))
        self.show()
        self.username.setFocus()

    def confirm(self, button: BusyButton, act: Act, then: Callable[[Actor], object]) -> None:
        """Check the password, or the code for this act; ``then(actor)`` when it was right, the error below the fields when not."""
        values = self.form.values()
        if values is None or button.is_busy:
            return
        self.problem.hide()
        found: list[Actor] = []

        def settled() -> None:
            button.set_busy(False)
            if found:
                then(found[0])

        button.set_busy(True)
        typed = values["password"]
        shown = {"code": typed, "act": act} if is_otp(typed) else {"password": typed}
        self._screen.work.call(
            self,
            _CONFIRM_CODE if is_otp(typed) else _CONFIRM,
            db=self._screen.work.db,
            username=values["username"],
            asking=self._screen.desk.actor,
            **shown,
            then=found.append,
            failed=lambda error: self.refuse(wording.sentence(error)),
            settled=settled,
        )

    def refuse(self, text: str) -> None:
        """Say why this person's approval does not count, and let another one type."""
        self.password.clear()
        self.problem.setText(text)
        self.problem.show()
        self.password.setFocus()
