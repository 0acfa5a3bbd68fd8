"""The transactions of a delivery; ``messages.delivery`` runs them around the network, which no transaction waits for."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import or_, select

from clinic_desktop.clinic.messages.commands.renewing import renew
from clinic_desktop.clinic.messages.commands.setup import DELIVER, SET_UP, program_only
from clinic_desktop.clinic.messages.events import MessageQueued, MessageSettled
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import LEASE, LONGEST_WAIT, Channel, MessageStatus, Outgoing, wait_after
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound

_WAITING = (MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.SENDING)


@command(DELIVER)
def claim_due(tx: Tx, *, channels: Sequence[Channel], limit: int) -> list[Outgoing]:
    """Take what is due for sending, for nobody else to take meanwhile; what is too old or was tried too often is given up."""
    program_only(tx)
    # A clock that was set back must not keep a message waiting for years.
    is_due = or_(QueuedMessage.next_attempt_at <= tx.now, QueuedMessage.next_attempt_at > tx.now + 2 * LONGEST_WAIT)
    is_wanted = or_(QueuedMessage.not_before.is_(None), QueuedMessage.not_before <= tx.now)
    waits = (QueuedMessage.status.in_(_WAITING), is_due, is_wanted, QueuedMessage.channel.in_(channels))
    is_old, is_tired = QueuedMessage.not_after <= tx.now, QueuedMessage.retry_count >= QueuedMessage.max_attempts
    given_up = select(QueuedMessage).where(*waits, or_(is_old, is_tired)).with_for_update(skip_locked=True)
    for row in tx.session.scalars(given_up.order_by(QueuedMessage.id)):
        _give_up(tx, row, "too_often" if row.retry_count >= row.max_attempts else "too_old")
    tx.session.flush()
    taken: list[Outgoing] = []
    due = select(QueuedMessage.id).where(*waits).order_by(QueuedMessage.next_attempt_at, QueuedMessage.id)
    for message_id in tx.session.scalars(due).all():
        mine = _locked(tx, message_id)
        if mine is not None:
            taken.append(_take(tx, mine))
        if len(taken) == limit:
            break
    return taken


def _locked(tx: Tx, message_id: UUID) -> QueuedMessage | None:
    """A message that is still to be sent and nobody else's; it says what is so at this very moment."""
    renew(tx, message_id=message_id)
    mine = select(QueuedMessage).where(QueuedMessage.id == message_id).with_for_update(skip_locked=True)
    row = tx.session.scalar(mine.execution_options(populate_existing=True))
    if row is None or row.status not in _WAITING or (row.not_before is not None and row.not_before > tx.now):
        return None
    is_others = row.next_attempt_at > tx.now and row.next_attempt_at <= tx.now + 2 * LONGEST_WAIT
    return None if is_others else row


def _take(tx: Tx, row: QueuedMessage) -> Outgoing:
    row.go_to(MessageStatus.SENDING)
    row.retry_count += 1
    row.next_attempt_at = tx.now + LEASE
    said = msgspec.json.decode(row.payload or "{}", type=dict[str, str])
    return Outgoing(row.id, row.recipient, said.get("subject", ""), said.get("body", ""), row.channel)


def _give_up(tx: Tx, row: QueuedMessage, reason: str) -> None:
    row.go_to(MessageStatus.DEAD)
    row.payload = None
    row.last_error = row.last_error or reason
    tx.emit(MessageSettled(row.id, row.status.value))


@command(DELIVER)
def settle(tx: Tx, *, message_id: UUID, provider_id: str | None = None, error: str | None = None, for_good: bool = False) -> None:
    """Note that a message was taken, or why not; one that was settled meanwhile stays as it is."""
    program_only(tx)
    row = tx.session.get(QueuedMessage, message_id, with_for_update=True, populate_existing=True)
    if row is None or row.status is not MessageStatus.SENDING:
        return
    row.last_error = error
    if error is None:
        row.go_to(MessageStatus.SENT)
        row.sent_at, row.provider_id, row.payload = tx.now, provider_id, None
        tx.emit(MessageSettled(row.id, row.status.value))
    elif for_good or row.retry_count >= row.max_attempts:
        _give_up(tx, row, error)
    else:
        row.go_to(MessageStatus.FAILED)
        row.next_attempt_at = tx.now + wait_after(row.retry_count, secrets.randbelow(1_001) / 1_000)


@command(SET_UP)
def try_again(tx: Tx, *, message_id: UUID) -> None:
    """Send a failed message at the next turn."""
    row = tx.session.get(QueuedMessage, message_id, with_for_update=True)
    if row is None:
        raise NotFound(entity="notification_queue", key=str(message_id))
    if row.payload is None:
        raise InvalidInput("message_id", "message_emptied")
    row.go_to(MessageStatus.QUEUED)
    row.next_attempt_at, row.retry_count = tx.now, 0
    tx.emit(MessageQueued(row.id))
