"""Messages that are about one thing and said once: an offer, a turn that is near, a follow-up that is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.messages.addressing import consents_of, person_of, recipient_of, rules_of
from clinic_desktop.clinic.messages.commands.noticing import is_waiting, new_message, put, told_of, withdraw, worded
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.rules import MessageStatus
from clinic_desktop.clinic.messages.rules.notices import Notice
from clinic_desktop.clinic.messages.rules.wanted import Rules, Told, Wanted
from clinic_desktop.clinic.messages.ways import ways
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.person import person_ids
from clinic_desktop.kernel.db import Tx

Want = Callable[[Sequence[Told], Rules], Wanted | None]
Say = Callable[[Wanted, Patient, str], Mapping[str, str]]
"""What stands in the places of the text, in a language."""


def renew_single(tx: Tx, *, notice: Notice, about_id: UUID, clinic_id: UUID, patient_id: UUID, want: Want, say: Say) -> None:
    """Make what waits to be sent about a thing what should wait: one message or none, of whoever the patient is by now."""
    by, rows = ways(tx.session), _messages_of(tx, notice, patient_id, about_id)
    if not by and not rows:
        return
    patient = person_of(tx.session, patient_id)
    recipient = recipient_of(
        tx.session, patient, clinic_id=clinic_id, by=by, consents=consents_of(tx.session, {patient.id}).get(patient.id, ())
    )
    found = None if recipient.channel is None else want(told_of(rows, tx.now), rules_of(tx.session, clinic_id))
    text = None if found is None else worded(tx, recipient, notice, say(found, patient, recipient.language))
    key = "" if found is None or text is None else f"{notice}:{found.about}:{found.turn}"
    for row in rows:
        if (is_waiting(row, tx.now) or row.status is MessageStatus.DEAD) and row.idempotency_key != key:
            withdraw(tx, row, recipient.why or "changed")
    if found is not None and text is not None and recipient.channel is not None:
        known = next((row for row in rows if row.idempotency_key == key), None)
        row = known or new_message(tx, found, key, patient_id=patient.id, appointment_id=None)
        put(tx, row, found, recipient.channel, recipient.address, text)
    tx.session.flush()


def _messages_of(tx: Tx, notice: Notice, patient_id: UUID, about_id: UUID) -> list[QueuedMessage]:
    of_person = (QueuedMessage.patient_id.in_(person_ids(tx.session, patient_id)), QueuedMessage.topic == notice.value)
    rows = select(QueuedMessage).where(*of_person, QueuedMessage.about.startswith(f"{about_id}|"))
    locked = rows.order_by(QueuedMessage.id).with_for_update().execution_options(populate_existing=True)
    return list(tx.session.scalars(locked))
