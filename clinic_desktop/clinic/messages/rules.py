"""Kinds and pure rules of messages: states, waiting times, and what each message says."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from clinic_desktop.clinic.access.rules import OtpPurpose, grouped
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.states import StateMachine

MOST_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LEASE = timedelta(minutes=5)
"""How long a message belongs to the program that took it: one that crashed in between leaves it to the next."""
LONGEST_ERROR = 300


class Channel(StrEnum):
    """By what way a message leaves."""

    EMAIL = "EMAIL"
    SMS = "SMS"


class MessageStatus(StrEnum):
    """Where a message is on its way."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    """Will be tried again."""
    DEAD = "DEAD"
    """Given up: too old, too often, or refused for good."""


MESSAGE_STATES = StateMachine(
    "message",
    {
        MessageStatus.QUEUED: (MessageStatus.SENDING, MessageStatus.DEAD),
        MessageStatus.SENDING: (MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.DEAD),
        MessageStatus.FAILED: (MessageStatus.SENDING, MessageStatus.QUEUED, MessageStatus.DEAD),
        MessageStatus.DEAD: (MessageStatus.QUEUED,),
    },
)


class Security(StrEnum):
    """How the connection to the mail server is protected; ``UNPROTECTED`` is for a server on this computer only."""

    STARTTLS = "STARTTLS"
    TLS = "TLS"
    UNPROTECTED = "UNPROTECTED"


class MailNotSetUp(ClinicError):
    """No mail server is set up, or its password cannot be read here."""

    code = "mail_not_set_up"


class Undeliverable(ClinicError):
    """A message was not taken: param ``reason``; ``for_good`` when trying again is of no use."""

    code = "undeliverable"

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason=reason[:LONGEST_ERROR])
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a transport takes it; ``message_id`` is the same at every attempt."""

    message_id: UUID
    recipient: str
    subject: str
    body: str = field(repr=False)


def is_this_computer(host: str) -> bool:
    """Whether a host is this computer itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def wait_after(attempts: int, spread: float) -> timedelta:
    """How long to wait after so many attempts: doubling to a limit, and up to a fifth more or less (``spread`` from 0 to 1)."""
    doubled = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 20)), LONGEST_WAIT)
    return doubled * (0.8 + 0.4 * spread)


@dataclass(frozen=True, slots=True)
class Text:
    """What a message says."""

    subject: str
    body: str = field(repr=False)


def reset_text(full_name: str, hospital: str, token: str, expires_at: datetime, timezone: str) -> Text:
    """The mail to somebody who forgot the password."""
    until = datetime_text(expires_at, timezone=timezone)
    body = _(
        "Dear {name},\n\nsomebody, we hope you, asked for a new password at {hospital}.\n\n"
        "The code is:\n\n    {code}\n\n"
        "Type it on the log-in page under “Forgotten password”. It works once, until {until}.\n"
        "If it was not you, do nothing: your password stays as it is."
    )
    subject = _("Your new password at {hospital}").format(hospital=hospital)
    return Text(subject, body.format(name=full_name, hospital=hospital, code=grouped(token), until=until))


def code_text(purpose: str, hospital: str, code: str, expires_at: datetime, timezone: str) -> Text:
    """The message that proves an address or a number."""
    until = datetime_text(expires_at, timezone=timezone)
    if purpose == OtpPurpose.VERIFY_PHONE.value:
        body = _("{hospital}: the code {code} confirms this telephone number. It works until {until}.")
    else:
        body = _("The code {code} confirms this e-mail address at {hospital}. It works until {until}.")
    return Text(_("Your code from {hospital}").format(hospital=hospital), body.format(hospital=hospital, code=grouped(code), until=until))
