"""My account: one's own password and PIN, whether the address is proved, and approving an act of somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.queries import OwnAccountRow, own_account
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.screens.people.proving import ProveAddress
from clinic_desktop.ui.screens.people.words import role_name
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Dialog, Form, Label, line, row

_CHANGE = late("clinic_desktop.clinic.access.login:change_password")
_SET_PIN = late("clinic_desktop.clinic.access.pins:set_pin")


class AccountDialog(Dialog):
    """Who I am here, and a button for each thing that I can change about it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, _("My account"), width=460)
        self._desk = desk
        self._account = OwnAccountRow("", "", None, None, has_pin=False, email_verified=False, phone_verified=False)
        self.who = Label(wrap=True)
        self.body.addWidget(self.who)
        self.body.addWidget(line())
        self.password = Button(_("Change my password…"), icon_name="key-round")
        self.pin = Button("", icon_name="hash")
        self.no_pin = BusyButton(_("Do without a PIN"), role="quiet")
        self.pin_hint = Label(_("A PIN brings you back quickly where you have logged in with the password today."), tone="muted", wrap=True)
        self.mail = ProveAddress(desk, self)
        self.body.addLayout(row(self.password))
        self.body.addLayout(row(self.pin, self.no_pin))
        self.body.addWidget(self.pin_hint)
        self.body.addWidget(self.mail)
        self.add_button(_("Close"), "primary", self.accept)  # not by Enter: it confirms the code
        self.password.clicked.connect(lambda: PasswordDialog(desk, self._account.username, self).open())
        self.pin.clicked.connect(self._ask_pin)
        self.no_pin.clicked.connect(self._clear_pin)
        self.mail.proved.connect(self.read)
        self.read()

    def read(self) -> None:
        """Read the account again."""
        self._desk.work.read(self, own_account, actor=self._desk.actor, then=self._show, latest="account")

    def _show(self, account: OwnAccountRow) -> None:
        self._account = account
        roles = ", ".join(role_name(code) for code in sorted(self._desk.actor.roles))
        text = _("{name}, username {username}. Roles: {roles}.")
        names = {"name": account.full_name, "username": account.username, "roles": roles}
        self.who.setText(text.format(**{key: isolated(value) for key, value in names.items()}))
        self.pin.setText(_("Change my PIN…") if account.has_pin else _("Choose a PIN…"))
        self.no_pin.setVisible(account.has_pin)
        self.mail.show_account(account)

    def _ask_pin(self) -> None:
        dialog = PinDialog(self._desk, self)
        dialog.accepted.connect(self.read)
        dialog.open()

    def _clear_pin(self) -> None:
        self.no_pin.run(self._desk.work, self, commands.clear_own_pin, then=lambda _nothing: self.read())


class _OwnDialog(Dialog):
    """Fields that end in one call on the database thread."""

    def __init__(self, desk: Desk, title: str, text: str, yes: str, parent: QWidget) -> None:
        super().__init__(parent, title, text)
        self._desk = desk
        self.form = Form(columns=1, starred=False)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.post = BusyButton(yes, icon_name="check", parent=self)
        self.post.setDefault(True)
        self.buttons.addWidget(self.post)
        self.post.clicked.connect(self._post)

    def _post(self) -> None:
        raise NotImplementedError

    def _typed_twice(self, first: str, second: str) -> dict[str, Any] | None:
        """The values, when both fields hold the same and no answer is awaited."""
        return None if self.post.is_busy else self.form.typed_twice(first, second)

    def _call(self, function: Callable[..., Any], said: str, **params: Any) -> None:
        self.problem.hide()
        self.post.set_busy(True)
        work = self._desk.work
        work.call(
            self,
            function,
            db=work.db,
            then=lambda _nothing: self._done(said),
            failed=self.refuse,
            settled=lambda: self.post.set_busy(False),
            **params,
        )

    def _done(self, said: str) -> None:
        self._desk.toast(said, tone=Tone.GOOD)
        self.accept()

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at its field or below the form."""
        if error.code == "login_refused":
            self.form.fields["current"].set_error(_("This is not your password."))
            self.form["current"].setFocus()
        elif not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()


class PasswordDialog(_OwnDialog):
    """The password now, and the new one twice."""

    def __init__(self, desk: Desk, username: str, parent: QWidget) -> None:
        text = _("At least 8 characters; a few words are easier to remember than signs. Your sessions at other computers end.")
        super().__init__(desk, _("Change my password"), text, _("Change the password"), parent)
        self._username = username
        self.form.add("current", _("Your password now"), PasswordEdit(""), required=True)
        self.form.add("password", _("New password"), PasswordEdit(""), required=True)
        self.form.add("again", _("New password once more"), PasswordEdit(""), required=True)
        self.form["current"].setFocus()

    def _post(self) -> None:
        values = self._typed_twice("password", "again")
        if values is not None:
            actor, said = self._desk.actor, _("Your password is changed.")
            self._call(_CHANGE, said, username=self._username, current=values["current"], new=values["password"], at_work=actor)


class PinDialog(_OwnDialog):
    """The password, and the PIN twice."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        text = _("4 to 8 digits. After three wrong ones only your password opens. Money back and administration ask for the password.")
        super().__init__(desk, _("My PIN"), text, _("Set the PIN"), parent)
        self.form.add("current", _("Your password"), PasswordEdit(""), required=True)
        self.form.add("pin", _("PIN"), PasswordEdit(""), required=True)
        self.form.add("again", _("PIN once more"), PasswordEdit(""), required=True)
        self.form["current"].setFocus()

    def _post(self) -> None:
        values = self._typed_twice("pin", "again")
        if values is not None:
            self._call(_SET_PIN, _("Your PIN is set."), actor=self._desk.actor, password=values["current"], pin=values["pin"])
