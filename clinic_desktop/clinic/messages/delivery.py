"""One turn of the outbound queue: take what is due, hand it over, note what became of it.

The desktop runs it on its second thread every half minute; ``clinic messages send`` runs it on a machine without a screen.
Two programs at once share the work. A crash between the hand-over and its note sends a message twice, with one Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from clinic_desktop.clinic.access.rules import email_form
from clinic_desktop.clinic.messages.commands import claim_due, settle
from clinic_desktop.clinic.messages.queries import mail_server
from clinic_desktop.clinic.messages.rules import Channel, MailNotSetUp, Outgoing, Undeliverable
from clinic_desktop.clinic.messages.sealing import opened
from clinic_desktop.clinic.messages.smtp import SmtpTransport
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor

AT_ONCE = 20
"""Messages that one turn takes: it must end well before others take them for left behind."""

log = logging.getLogger(__name__)


class Transport(Protocol):
    """Something that hands messages over."""

    def send(self, message: Outgoing) -> str:
        """Hand one message over; returns the provider's name for it, or raises Undeliverable."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one turn did."""

    sent: int = 0
    failed: int = 0
    last_error: str | None = None


def deliver_due(db: Database, transport: Transport | None = None, *, progress: Callable[[int, int], object] | None = None) -> Delivered:
    """Send the mail that is due, by the server that is set up unless another transport is given. Raises MailNotSetUp."""
    sending = transport or mail_transport(db)
    program, sent, failed, last_error = Actor.system("messages"), 0, 0, None
    # One at a time: a server that hangs holds up one message's lease, not those of all.
    for done in range(AT_ONCE):
        taken = db.run(program, claim_due, channels=(Channel.EMAIL,), limit=1)
        if not taken:
            break
        try:
            provider_id = sending.send(taken[0])
        except Undeliverable as error:
            failed, last_error = failed + 1, str(error.params["reason"])
            log.info("a message was not taken: %s", last_error)
            db.run(program, settle, message_id=taken[0].message_id, error=last_error, for_good=error.for_good)
        else:
            sent += 1
            db.run(program, settle, message_id=taken[0].message_id, provider_id=provider_id)
        if progress is not None:
            progress(done + 1, AT_ONCE)
    return Delivered(sent, failed, last_error)


def deliver_in_background(db: Database) -> Delivered:
    """The desktop's turn: where no mail server is set up there is nothing to do."""
    with db.read() as session:
        if not mail_server(session).is_set_up:
            return Delivered()
    return deliver_due(db)


def send_test(db: Database, recipient: str) -> None:
    """Send a first mail past the queue, to see whether the server takes it; raises MailNotSetUp or Undeliverable."""
    address = email_form(recipient, "recipient")
    if address is None:
        raise InvalidInput("recipient", "required")
    mail_transport(db).send(Outgoing(new_id(), address, _("Test message"), _("The mail server is set up: this message came through it.")))


def mail_transport(db: Database) -> SmtpTransport:
    """The mail server that is set up; raises MailNotSetUp."""
    with db.read() as session:
        server = mail_server(session)
    if not server.is_set_up:
        raise MailNotSetUp(reason="missing")
    password = None if server.sealed is None else opened(db, Channel.EMAIL, server.sealed)
    return SmtpTransport(server.host, server.port, server.security, server.sender, server.username, password)
