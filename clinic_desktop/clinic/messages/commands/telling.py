"""What people at the desk do about messages to patients: tell by telephone or paper, send again, let be."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.messages.addressing import person_of
from clinic_desktop.clinic.messages.commands.noticing import messages_of, planned_of, renew_notices, withdraw
from clinic_desktop.clinic.messages.commands.renewing import renew
from clinic_desktop.clinic.messages.events import MessageQueued, MessageSettled
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import SENT_BY_PROGRAM, Channel, MessageStatus, NothingToTell
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

TELL = permission(
    "messages.tell", N_("See what patients were told, tell them, and send again what could not be sent"), "receptionist", "nurse"
)


@command(TELL)
def mark_told(tx: Tx, *, appointment_id: UUID, channel: Channel) -> None:
    """Somebody called, or gave a slip: the patient knows, and nothing is sent about it any more."""
    if channel in SENT_BY_PROGRAM:
        raise InvalidInput("channel", "told_by_people")
    appointment = tx.session.get(Appointment, appointment_id, with_for_update={"key_share": True})
    if appointment is None:
        raise NotFound(entity="appointments", key=str(appointment_id))
    planned = planned_of(appointment)
    if not planned.is_held or planned.start <= tx.now:
        raise NothingToTell
    rows = messages_of(tx, appointment_id)
    key = f"told:{appointment_id}:{planned.about}:{channel}"
    row = next((one for one in rows if one.idempotency_key == key), None) or _telling(tx, appointment, channel, planned.about, key)
    if row.status is MessageStatus.WITHDRAWN:
        row.go_to(MessageStatus.SENT)  # said again after it had been taken back
    row.last_error, row.sent_at, row.provider_id = None, row.sent_at or tx.now, tx.actor.name
    tx.session.flush()
    tx.emit(MessageSettled(row.id, row.status.value))
    renew_notices(tx, appointment_id=appointment_id)


def _telling(tx: Tx, appointment: Appointment, channel: Channel, about: str, key: str) -> QueuedMessage:
    phone = person_of(tx.session, appointment.patient_id).phone
    return tx.add(
        QueuedMessage(
            channel=channel,
            topic=Notice.REMINDER.value,
            recipient=(phone or "") if channel is Channel.PHONE else "",
            payload=None,
            status=MessageStatus.SENT,
            retry_count=0,
            max_attempts=1,
            next_attempt_at=tx.now,
            not_after=appointment.start_time,
            sent_at=tx.now,
            last_error=None,
            provider_id=None,
            idempotency_key=key,
            patient_id=appointment.patient_id,
            appointment_id=appointment.id,
            about=about,
            not_before=None,
        )
    )


@command(TELL)
def take_back_told(tx: Tx, *, appointment_id: UUID) -> None:
    """It was not said after all: what would have been sent is planned again."""
    told = [row for row in messages_of(tx, appointment_id) if row.status is MessageStatus.SENT and row.channel not in SENT_BY_PROGRAM]
    if not told:
        raise NothingToTell
    for row in told:
        withdraw(tx, row, "taken_back")
    tx.session.flush()
    renew_notices(tx, appointment_id=appointment_id)


@command(TELL)
def send_again(tx: Tx, *, message_id: UUID) -> None:
    """Send what could not be sent, in the words and to the number of now; raises NothingToTell when it would be wrong by now."""
    row = _to_patient(tx, message_id)
    if row.status is MessageStatus.DEAD:
        row.go_to(MessageStatus.QUEUED)
    row.next_attempt_at, row.retry_count, row.max_attempts = tx.now, 0, max(row.max_attempts, 1)
    tx.session.flush()
    renew(tx, message_id=row.id, is_news=row.topic == Notice.BOOKED)
    if row.status is not MessageStatus.QUEUED and row.status is not MessageStatus.FAILED:
        raise NothingToTell
    tx.emit(MessageQueued(row.id))


@command(TELL)
def let_be(tx: Tx, *, message_id: UUID) -> None:
    """What could not be sent is not to be sent any more."""
    withdraw(tx, _to_patient(tx, message_id), "let_be")


def _to_patient(tx: Tx, message_id: UUID) -> QueuedMessage:
    known = tx.session.get(QueuedMessage, message_id)
    if known is None or known.patient_id is None:
        raise NotFound(entity="notification_queue", key=str(message_id))
    if known.appointment_id is None:
        tx.session.refresh(known, with_for_update=True)
        row: QueuedMessage | None = known
    else:
        row = next((one for one in messages_of(tx, known.appointment_id) if one.id == message_id), None)
    if row is None or row.status not in (MessageStatus.DEAD, MessageStatus.FAILED):
        raise NothingToTell
    return row
