"""What the proving of a patient's number or address reads, and how it words it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.access import queries as access
from clinic_desktop.clinic.access.queries import SentCodeRow
from clinic_desktop.clinic.access.rules import OtpPurpose, masked
from clinic_desktop.clinic.messages import queries as messages
from clinic_desktop.clinic.messages.queries import MessageRow
from clinic_desktop.clinic.messages.rules import MessageStatus
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.queries import ContactRow
from clinic_desktop.kernel.formats import isolated, time_text
from clinic_desktop.kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the proof has come; ``contact`` is None when the patient has none any more."""

    contact: ContactRow | None
    sent: SentCodeRow | None
    message: MessageRow | None
    """The message with the code, on its way."""
    can_send: bool


def proof_of(session: Any, *, patient_id: UUID, purpose: OtpPurpose) -> Proof:
    """The contact, the code that went to it last, and what became of its message."""
    contact = next((one for one in patients.contacts(session, patient_id) if one.purpose is purpose), None)
    sent = access.sent_code(session, purpose=purpose, patient_id=patient_id)
    if contact is None or sent is None or sent.sent_to != contact.address:
        sent = None  # what went to a former number proves nothing of this one
    waiting = [] if sent is None else messages.outbound(session)
    message = next((one for one in waiting if sent is not None and (one.recipient, one.created_at) == (sent.sent_to, sent.sent_at)), None)
    return Proof(contact, sent, message, _can_send(session, purpose))


def _can_send(session: Any, purpose: OtpPurpose) -> bool:
    return messages.mail_is_set_up(session) if purpose is OtpPurpose.VERIFY_EMAIL else messages.text_service(session).is_set_up


def where_to(proof: Proof, now: datetime, zone: str) -> str:
    """Where the code went, or would go."""
    if proof.contact is None:
        return ""
    at = isolated(masked(proof.contact.address))
    if proof.sent is not None and proof.sent.is_good(now):
        said = _("A code was sent to {address} at {time}. It works until {end}. The patient reads it out; please type it here.")
        times = {"time": time_text(proof.sent.sent_at, timezone=zone), "end": time_text(proof.sent.expires_at, timezone=zone)}
        return said.format(address=at, **times)
    return _("A code of six digits goes to {address}. The patient reads it out, and you type it here.").format(address=at)


def no_way(purpose: OtpPurpose) -> str:
    """That nothing can be sent, and who can change that."""
    if purpose is OtpPurpose.VERIFY_EMAIL:
        return _("No code can be sent: no mail server is set up. An administrator can do it under “Messages”.")
    return _("No code can be sent: no text message service is set up. An administrator can do it under “Messages”.")


def way_of(proof: Proof, now: datetime) -> str:
    """What became of the message with the code that can still be shown."""
    message = proof.message
    if message is None or proof.sent is None or not proof.sent.is_good(now):
        return ""
    reason = isolated(message.last_error or "")
    if message.status is MessageStatus.SENT:
        return _("The message was sent.")
    if message.status is MessageStatus.FAILED:
        return _("The message could not be sent yet, and will be tried again: {reason}").format(reason=reason)
    if message.status is MessageStatus.DEAD:
        return _("The message could not be sent: {reason}").format(reason=reason)
    return _("The message is sent within half a minute.")
