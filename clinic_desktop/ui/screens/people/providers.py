"""The mail server and the text message service, as they are set up."""

from __future__ import annotations

from typing import Any

from clinic_desktop import wording
from clinic_desktop.clinic.messages.queries import MailServer, TextService
from clinic_desktop.clinic.messages.rules import TEMPLATES, BodyForm, Security
from clinic_desktop.clinic.messages.ways import LONGEST_ADDRESS, LONGEST_SENDER
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.screens.people.provider import ProviderCard
from clinic_desktop.ui.widgets import Choice, Form, LineEdit, Notes, NumberField, PhoneField

_SEALING = "clinic_desktop.clinic.messages.sealing:"
_DELIVERY = "clinic_desktop.clinic.messages.delivery:"
_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.UNPROTECTED: 25}


class MailCard(ProviderCard):
    """The mail server."""

    secret = "password"  # noqa: S105 - the name of a field

    def __init__(self, screen: Screen) -> None:
        hint = _("Without it, a forgotten password is replaced by a code that an administrator gives.")
        super().__init__(screen, self._fields, hint)
        self.form["security"].currentIndexChanged.connect(lambda _place: self._propose_port())

    def _fields(self, form: Form) -> None:
        form.add("host", _("Server"), LineEdit(limit=200), span=2)
        form.add("security", _("Protection"), Choice("", [(wording.status(one), one) for one in Security]))
        form.add("port", _("Port"), NumberField(1, 65_535))
        form.add("sender", _("Address that messages come from"), LineEdit(limit=254), span=2)
        form.add("username", _("Username at the server"), LineEdit(limit=200))
        form.add("password", _("Password"), PasswordEdit(""))
        form["password"].setPlaceholderText(_("As it is"))

    def put(self, found: MailServer) -> None:
        """Show in the form what is set up."""
        for name in ("host", "sender", "username"):
            self.form[name].setText(getattr(found, name))
        self.form["security"].set_value(found.security)
        self.form["port"].setValue(found.port)

    def save_changes(self, values: dict[str, Any], **hooks: Any) -> None:
        """Set it up."""
        work, changes = self._screen.work, {**values, "host": values["host"] or ""}
        work.call(self, late(_SEALING + "set_mail_server"), db=work.db, actor=work.actor, **hooks, **changes)

    def try_out(self, **hooks: Any) -> None:
        """Send a test message to the clinic's own address, on the second thread: a server may take its time."""
        work, address = self._screen.work, self.form["sender"].text()
        work.background(self, late(_DELIVERY + "send_test"), db=work.db, recipient=address, **hooks)

    @property
    def took(self) -> str:
        """What is said of a test message that was taken."""
        return _("The server took the test message.")

    def _propose_port(self) -> None:
        if self.form["port"].value() in _PORTS.values() and self.form["security"].value() is not None:
            self.form["port"].setValue(_PORTS[self.form["security"].value()])


class TextCard(ProviderCard):
    """The text message service."""

    secret = "secret"  # noqa: S105 - the name of a field
    aside = "recipient"

    def __init__(self, screen: Screen) -> None:
        hint = _("Without it, text messages wait.")
        super().__init__(screen, self._fields, hint)
        self.form["form"].currentIndexChanged.connect(lambda _place: self._propose_template())

    def _fields(self, form: Form) -> None:
        form.add("url", _("Web address of the service"), LineEdit(placeholder="https://", limit=LONGEST_ADDRESS), span=2)
        form.add("form", _("Sent as"), Choice("", [(wording.status(one), one) for one in BodyForm]))
        form.add("sender", _("Name of the sender"), LineEdit(limit=LONGEST_SENDER))
        form.add("template", _("What is sent, with {to}, {text} and {sender}"), Notes("", lines=2), span=2)
        form.add("header", _("Header of the secret"), LineEdit(placeholder="Authorization", limit=100))
        form.add("secret", _("Secret"), PasswordEdit(""))
        form["secret"].setPlaceholderText(_("As it is"))
        form.add("recipient", _("Number for a test message"), PhoneField(""), span=2)

    def put(self, found: TextService) -> None:
        """Show in the form what is set up."""
        for name in ("url", "header", "sender"):
            self.form[name].setText(getattr(found, name))
        self.form["form"].set_value(found.form)
        self.form["template"].set_value(found.template)

    def save_changes(self, values: dict[str, Any], **hooks: Any) -> None:
        """Set it up."""
        work = self._screen.work
        work.call(self, late(_SEALING + "set_text_service"), db=work.db, actor=work.actor, **hooks, **values)

    def try_out(self, **hooks: Any) -> None:
        """Send a test message to the number that is typed, on the second thread: a service may take its time."""
        work, number = self._screen.work, self.form["recipient"].value()
        work.background(self, late(_DELIVERY + "send_test_text"), db=work.db, actor=work.actor, recipient=number, **hooks)

    @property
    def took(self) -> str:
        """What is said of a test message that was taken."""
        return _("The service took the test message.")

    def _propose_template(self) -> None:
        chosen = self.form["form"].value()
        if chosen is not None and (self.form["template"].value() or "") in {"", *TEMPLATES.values()}:
            self.form["template"].set_value(TEMPLATES[chosen])
