"""Messages: the mail server by which they leave, and those that could not be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.messages import commands, events
from clinic_desktop.clinic.messages.queries import MailServer, MessageRow, mail_server, outbound
from clinic_desktop.clinic.messages.rules import MessageStatus, Security
from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import BusyButton, Card, Choice, Form, Label, LineEdit, Page, keyed, row

_SET_UP = late("clinic_desktop.clinic.messages.sealing:set_mail_server")
_TEST = late("clinic_desktop.clinic.messages.delivery:send_test")
_TONES = {MessageStatus.SENT: Tone.GOOD, MessageStatus.FAILED: Tone.WARN, MessageStatus.DEAD: Tone.BAD}
_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.UNPROTECTED: 25}


@dataclass(frozen=True, slots=True)
class Mail:
    """The server and the newest messages."""

    server: MailServer
    messages: list[MessageRow]


def mail(session: Any) -> Mail:
    """What the screen shows."""
    return Mail(mail_server(session), outbound(session))


def topic_text(topic: str) -> str:
    """What a message is about; what it says is nobody else's business."""
    known = {"password_reset": _("New password"), "one_time_code": _("Code")}
    return known.get(topic, topic)


class MailScreen(Screen):
    """A form on one side, the queue on the other."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._clean: dict[str, Any] = {}
        self._waiting: dict[str, Any] | None = None
        page = Page(self, _("Messages"))
        self.form = Form(columns=2)
        self.problem = Label(tone="bad", wrap=True)
        self.save = BusyButton(_("Save"), icon_name="save")
        self.test = BusyButton(_("Send a test message"), icon_name="mail", role=None)
        self.again = BusyButton(_("Send again now"), icon_name="refresh-cw", role=None)
        self.table = TableView(
            _("Messages on their way"), self._columns(), empty=_("Nothing was sent yet."), empty_icon="mail", parent=self
        )
        page.body.addLayout(row(self._server_card(), self._queue(), fill=True, gap=GAP_16), 1)
        self._wire()
        self.setFocusProxy(self.form["host"])
        self.watch(events.MessageQueued, events.MessageSettled, SettingChanged)

    def _server_card(self) -> Card:
        card = Card(_("Mail server"), self)
        card.setFixedWidth(scaled(372))
        port = QSpinBox()
        port.setRange(1, 65_535)
        self.form.add("host", _("Server"), LineEdit(limit=200), span=2)
        self.form.add("security", _("Protection"), Choice("", [(wording.status(one), one) for one in Security]))
        self.form.add("port", _("Port"), port)
        self.form.add("sender", _("Address that messages come from"), LineEdit(limit=254), span=2)
        self.form.add("username", _("Username at the server"), LineEdit(limit=200))
        self.form.add("password", _("Password"), PasswordEdit(""))
        self.form["password"].setPlaceholderText(_("As it is"))
        hint = Label(_("Without it, a forgotten password is replaced by a code that an administrator gives."), tone="muted", wrap=True)
        self.problem.hide()
        for widget in (self.form, hint, self.problem):
            card.body.addWidget(widget)
        card.body.addStretch(1)
        card.body.addLayout(row(self.save, self.test))
        return card

    def _queue(self) -> QWidget:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.table.tools.addWidget(self.again)
        return holder

    def _columns(self) -> list[Column]:
        return [
            Column(_("To"), lambda one: one.recipient, width=0, tooltip=lambda one: one.last_error or ""),
            Column(_("About"), lambda one: topic_text(one.topic), width=120),
            Column(_("Status"), lambda one: wording.status(one.status), chip=lambda one: _TONES.get(one.status, Tone.NEUTRAL), width=116),
            Column(_("When"), lambda one: datetime_text(one.created_at, timezone=self.desk.place.timezone), width=184, hidden=True),
            Column(_("Error"), lambda one: one.last_error or "", width=200, hidden=True),
        ]

    def _wire(self) -> None:
        self.save.clicked.connect(self._save)
        self.test.clicked.connect(self._send_test)
        self.again.clicked.connect(self._send_again)
        self.form["security"].currentIndexChanged.connect(lambda _place: self._propose_port())
        self.table.selected.connect(lambda one: self.again.setEnabled(one is not None and one.status is MessageStatus.FAILED))
        self.again.setEnabled(False)
        keyed(self.save, "Ctrl+S")

    def refresh(self) -> None:
        """Read server and messages again."""
        self.work.read(self, mail, latest="mail", then=self._show)

    def draft(self) -> dict[str, Any] | None:
        """What is typed, but for the password."""
        if self._waiting is not None:
            return self._waiting
        typed = {name: value for name, value in self.form.draft().items() if name != "password"}
        return {"form": typed} if self._clean and typed != self._clean else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back once the server is read."""
        self.form.restore(draft["form"])
        self._waiting = draft

    def _show(self, found: Mail) -> None:
        self.table.set_rows(found.messages)
        self.test.setEnabled(found.server.is_set_up)
        if self.draft() is None or self._waiting is not None:
            self._fill(found.server)
        if self._waiting is not None:
            self.form.restore(self._waiting["form"])
            self._waiting = None

    def _fill(self, server: MailServer) -> None:
        for name in ("host", "sender", "username"):
            self.form[name].setText(getattr(server, name))
        self.form["security"].set_value(server.security)
        self.form["port"].setValue(server.port)
        self.form["password"].clear()
        self._clean = {name: value for name, value in self.form.draft().items() if name != "password"}

    def _propose_port(self) -> None:
        if self.form["port"].value() in _PORTS.values() and self.form["security"].value() is not None:
            self.form["port"].setValue(_PORTS[self.form["security"].value()])

    # What can be done

    def _save(self) -> None:
        values = self.form.values()
        if values is not None:
            self._call(self.save, _SET_UP, _("Saved."), **{**values, "host": values["host"] or ""})

    def _send_test(self) -> None:
        self._call(self.test, _TEST, _("The server took the test message."), own_actor=False, recipient=self.form["sender"].text())

    def _call(self, button: BusyButton, function: Any, said: str, *, own_actor: bool = True, **params: Any) -> None:
        if button.is_busy:
            return
        self.problem.hide()
        button.set_busy(True)
        hooks: dict[str, Any] = {
            "then": lambda _nothing: self._done(said),
            "failed": self._refuse,
            "settled": lambda: button.set_busy(False),
        }
        if own_actor:
            self.work.call(self, function, db=self.work.db, actor=self.work.actor, **hooks, **params)
        else:  # on the second thread: a server may take its time
            self.work.background(self, function, db=self.work.db, **hooks, **params)

    def _done(self, said: str) -> None:
        self._clean = {}
        self.desk.toast(said, tone=Tone.GOOD)
        self.refresh()

    def _send_again(self) -> None:
        chosen: MessageRow | None = self.table.current
        if chosen is not None:
            self.again.run(self.work, self, commands.try_again, message_id=chosen.id, failed=self._refuse)

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()
