"""A front desk whose clinic can send text messages, for tests of what patients are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MessageStatus, Outgoing, Undeliverable
from clinic_desktop.clinic.messages.ways import SMS_URL, SMTP_HOST, SMTP_SENDER
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import parse_phone
from clinic_desktop.kernel.settings import Setting
from tests.clinic.frontdesk.desk import Desk

WAITS = (MessageStatus.QUEUED, MessageStatus.FAILED)


@dataclass
class Handset:
    """What patients receive, and when; it refuses as often as it is told."""

    desk: Desk
    refusals: list[Undeliverable] = field(default_factory=list)
    received: list[tuple[datetime, Outgoing]] = field(default_factory=list)

    def send(self, message: Outgoing) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.received.append((self.desk.clock.now, message))
        return "taken"

    def deliver(self) -> list[str]:
        """One turn of the delivery; the texts that it handed over."""
        before = len(self.received)
        deliver_due(self.desk.db, self)
        return [message.body for _at, message in self.received[before:]]


def can_send(desk: Desk, *, by_mail: bool = False) -> None:
    """Set up a way to send, and give every patient a number and an address."""
    values: list[tuple[Setting[str], str]] = [(SMTP_HOST, "mail.example"), (SMTP_SENDER, "desk@mail.example")] if by_mail else []
    for one, value in values or [(SMS_URL, "https://texts.example/send")]:
        desk.db.run(desk.world.system(), set_setting, key=one.key, value=value)
    with desk.db.write(desk.world.system()) as tx:
        tx.command = "test.phones"
        for number, key in enumerate(desk.patients):
            patient = tx.session.get_one(Patient, key)
            patient.set_phone(parse_phone(f"98765400{number:02}", "IN"), None)
            patient.email = f"patient{number}@home.example"


def setting(desk: Desk, one: Setting[object], value: object) -> None:
    desk.db.run(desk.world.system(), set_setting, key=one.key, value=value)


def queue_of(desk: Desk, appointment_id: UUID | None, *, statuses: tuple[MessageStatus, ...] = WAITS) -> list[QueuedMessage]:
    """An appointment's messages in those states, by the time at which they are wanted."""
    with desk.db.read() as session:
        rows = session.scalars(select(QueuedMessage).where(QueuedMessage.appointment_id == appointment_id))
        return sorted((row for row in rows if row.status in statuses), key=lambda row: (row.not_before, row.id))


def waiting(desk: Desk, appointment_id: UUID) -> list[tuple[str, datetime | None]]:
    """What waits to be said of an appointment, and from when on."""
    return [(row.topic, row.not_before) for row in queue_of(desk, appointment_id)]
