"""A forgotten password: a code from an administrator, or a mail where the clinic can send one."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.card import CardPage
from clinic_desktop.ui.widgets.inputs import LineEdit


class ForgottenPage(CardPage):
    """``entered(username, code, new password)``; ``mail_wanted(name)``; ``left`` back to the login."""

    entered = Signal(str, str, str)
    mail_wanted = Signal(str)
    mail_asked = Signal()
    left = Signal()

    def __init__(self, username: str) -> None:
        text = _("An administrator can give you a code on any computer of the clinic. It works once, for half an hour.")
        super().__init__(_("Forgotten password"), text, _("Set the password and log in"), width=460)
        self.username = LineEdit(_("Username"), limit=254)
        self.form.add("username", _("Username"), self.username, required=True)
        self.code = LineEdit(_("Code"), limit=40)
        self.form.add("code", _("Code"), self.code, required=True)
        self.first = self.secret("password", _("New password"))
        self.secret("again", _("The same again"))
        self.username.setText(username)
        self.enter_submits()
        self.mail = self.add_link(_("Send me a code by e-mail"), self.mail_asked)
        self.mail_asked.connect(self._ask_mail)
        self.mail.hide()
        self.back = self.add_link(_("Back to the login"), self.left)
        self.setFocusProxy(self.code if username else self.username)

    def offer_mail(self, can_mail: bool) -> None:
        """The clinic can send mail, or not."""
        self.mail.setVisible(can_mail)

    def say_mailed(self) -> None:
        """Said whether or not there is such an account: whoever asks learns nothing."""
        self.wait(False)
        self.trouble.set_tone("good")
        self.say(_("If this account has an e-mail address, a code is on its way to it."))
        self.code.setFocus()

    def say(self, text: str | None) -> None:
        """Show what went wrong, or take it away."""
        if text is None:
            self.trouble.set_tone("bad")
        super().say(text)

    def submit(self) -> None:
        """Hand over what was typed, once, when both passwords are the same."""
        if self.button.is_busy:
            return
        found = self.form.typed_twice("password", "again")
        if found is None:
            return
        self.wait(True)
        self.entered.emit(found["username"], found["code"], found["password"])

    def _ask_mail(self) -> None:
        name = self.username.text().strip()
        if not name:
            self.form.fields["username"].set_error(_("Please fill this in."))
            self.username.setFocus()
        elif not self.button.is_busy:
            self.wait(True)
            self.mail_wanted.emit(name)
