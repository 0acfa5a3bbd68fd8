"""Messages: the ways by which they leave, and those that could not be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.messages import commands, events
from clinic_desktop.clinic.messages.queries import MailServer, MessageRow, TextService, mail_server, outbound, text_service
from clinic_desktop.clinic.messages.rules import Channel, MessageStatus
from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, phone_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.people.provider import ProviderCard
from clinic_desktop.ui.screens.people.providers import MailCard, TextCard
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import BusyButton, Label, Page, row

_TONES = {MessageStatus.SENT: Tone.GOOD, MessageStatus.FAILED: Tone.WARN, MessageStatus.DEAD: Tone.BAD}


@dataclass(frozen=True, slots=True)
class Messages:
    """The ways that are set up and the newest messages."""

    server: MailServer
    service: TextService
    messages: list[MessageRow]


def messages(session: Any) -> Messages:
    """What the screen shows."""
    return Messages(mail_server(session), text_service(session), outbound(session))


def topic_text(topic: str) -> str:
    """What a message is about; what it says is nobody else's business."""
    known = {"password_reset": _("New password"), "one_time_code": _("Code")}
    return known.get(topic) or (wording.status(topic) if topic.isupper() else topic)


def recipient_text(message: MessageRow) -> str:
    """To whom a message goes."""
    return phone_text(message.recipient) if message.channel is Channel.SMS else message.recipient


class MailScreen(Screen):
    """The ways on one side, one behind the other; the queue on the other side."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        page = Page(self, _("Messages"))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setFixedWidth(scaled(372))
        self.mail, self.texts = MailCard(self), TextCard(self)
        self.cards: dict[str, ProviderCard] = {"mail": self.mail, "texts": self.texts}
        self.tabs.addTab(self.mail, _("Mail server"))
        self.tabs.addTab(self.texts, _("Text messages"))
        self.problem = Label(tone="bad", wrap=True)
        self.again = BusyButton(_("Send again now"), icon_name="refresh-cw", role=None)
        self.table = TableView(
            _("Messages on their way"), self._columns(), empty=_("Nothing was sent yet."), empty_icon="mail", parent=self
        )
        page.body.addLayout(row(self.tabs, self._queue(), fill=True, gap=GAP_16), 1)
        self.again.clicked.connect(self._send_again)
        self.table.selected.connect(lambda one: self.again.setEnabled(one is not None and one.status is MessageStatus.FAILED))
        self.again.setEnabled(False)
        begin_at(self, self.mail.form["host"])
        self.watch(events.MessageQueued, events.MessageSettled, SettingChanged)

    def _queue(self) -> QWidget:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        self.problem.hide()
        column.addWidget(self.table)
        column.addWidget(self.problem)
        self.table.tools.addWidget(self.again)
        return holder

    def _columns(self) -> list[Column]:
        return [
            Column(_("To"), recipient_text, width=0, tooltip=lambda one: one.last_error or ""),
            Column(_("About"), lambda one: topic_text(one.topic), width=120),
            Column(_("Status"), lambda one: wording.status(one.status), chip=lambda one: _TONES.get(one.status, Tone.NEUTRAL), width=116),
            Column(_("When"), lambda one: datetime_text(one.created_at, timezone=self.desk.place.timezone), width=184, hidden=True),
            Column(_("Error"), lambda one: one.last_error or "", width=200, hidden=True),
        ]

    def refresh(self) -> None:
        """Read the ways and the messages again."""
        self.work.read(self, messages, latest="messages", then=self._show)

    def draft(self) -> dict[str, Any] | None:
        """What is typed into either card, but for their secrets."""
        typed = {name: card.draft() for name, card in self.cards.items()}
        return {name: draft for name, draft in typed.items() if draft is not None} or None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back once the ways are read, and show a card that something is typed into."""
        for name, typed in draft.items():
            self.cards[name].restore(typed)
        self.tabs.setCurrentWidget(self.cards[next(iter(draft))])

    def _show(self, found: Messages) -> None:
        self.table.set_rows(found.messages)
        self.mail.show_found(found.server)
        self.texts.show_found(found.service)

    def _send_again(self) -> None:
        chosen: MessageRow | None = self.table.current
        if chosen is not None:
            self.problem.hide()
            self.again.run(self.work, self, commands.try_again, message_id=chosen.id, failed=self._refuse)

    def _refuse(self, error: ClinicError) -> None:
        self.problem.setText(wording.sentence(error))
        self.problem.show()
