"""One turn of the outbound queue: take what is due, hand it over, note what became of it.

The desktop runs it on its second thread every half minute; ``clinic messages send`` runs it on a machine without a screen.
Two programs at once share the work. A crash between the hand-over and its note sends a message twice, with one Message-ID or key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from clinic_desktop.clinic.access.rules import email_form
from clinic_desktop.clinic.messages.commands import SET_UP, claim_due, plan_turns, settle
from clinic_desktop.clinic.messages.gateway import GatewayTransport
from clinic_desktop.clinic.messages.queries import mail_server, near_and_untold, text_service
from clinic_desktop.clinic.messages.rules import Channel, CopySendsNothing, MailNotSetUp, Outgoing, TextsNotSetUp, Undeliverable
from clinic_desktop.clinic.messages.sealing import opened
from clinic_desktop.clinic.messages.smtp import SmtpTransport
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.region import PHONE_REGION
from clinic_desktop.clinic.patients.rules import parse_phone
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.sharing import series_of

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
    stuck: Undeliverable | None = None
    """Why nothing left by a way by which something should have."""


def deliver_due(db: Database, transport: Transport | None = None, *, progress: Callable[[int, int], object] | None = None) -> Delivered:
    """Send what is due, by the ways that are set up unless one transport for all is given.

    Raises MailNotSetUp where no way is set up; and that or TextsNotSetUp, after the others were served, where one cannot be used;
    CopySendsNothing where this is a copy of the server's data.
    """
    with db.read() as session:
        if series_of(session):
            raise CopySendsNothing
    ways, unusable = _ways(db) if transport is None else (dict.fromkeys(Channel, transport), [])
    program, sent, failed, last_error = Actor.system("messages"), 0, 0, None
    refused: dict[Channel, Undeliverable] = {}
    served: set[Channel] = set()
    if ways:
        _plan(db, program)
    # One at a time: a server that hangs holds up one message's lease, not those of all.
    for done in range(AT_ONCE if ways else 0):
        taken = db.run(program, claim_due, channels=tuple(ways), limit=1)
        if not taken:
            break
        message = taken[0]
        try:
            provider_id = ways[message.channel].send(message)
        except Undeliverable as error:
            failed, last_error = failed + 1, str(error.params["reason"])
            refused[message.channel] = error
            log.info("a message was not taken: %s", last_error)
            db.run(program, settle, message_id=message.message_id, error=last_error, for_good=error.for_good)
        else:
            sent += 1
            served.add(message.channel)
            db.run(program, settle, message_id=message.message_id, provider_id=provider_id)
        if progress is not None:
            progress(done + 1, AT_ONCE)
    if unusable:
        raise unusable[0]
    return Delivered(sent, failed, last_error, next((error for way, error in refused.items() if way not in served), None))


def _plan(db: Database, program: Actor) -> None:
    """What nobody's act makes due, but the queue as it moves on."""
    with db.read() as session:
        is_wanted = bool(near_and_untold(session, now=db.clock()))
    if is_wanted:
        db.run(program, plan_turns, limit=AT_ONCE)


def deliver_in_background(db: Database) -> Delivered:
    """The desktop's turn: where no way is set up there is nothing to do."""
    with db.read() as session:
        if not mail_server(session).is_set_up and not text_service(session).is_set_up:
            return Delivered()
    return deliver_due(db)


def _ways(db: Database) -> tuple[dict[Channel, Transport], list[ClinicError]]:
    """The ways by which messages leave, and why others are none though they should be."""
    found: dict[Channel, Transport] = {}
    refusals: list[ClinicError] = []
    for channel, way in ((Channel.EMAIL, mail_transport), (Channel.SMS, text_transport)):
        try:
            found[channel] = way(db)
        except (MailNotSetUp, TextsNotSetUp) as error:
            refusals.append(error)
    unusable = [error for error in refusals if error.params["reason"] != "missing"]
    return found, unusable or ([] if found else refusals)


def send_test(db: Database, recipient: str) -> None:
    """Send a first mail past the queue, to see whether the server takes it; raises MailNotSetUp or Undeliverable."""
    address = email_form(recipient, "recipient")
    if address is None:
        raise InvalidInput("recipient", "required")
    mail_transport(db).send(Outgoing(new_id(), address, _("Test message"), _("The mail server is set up: this message came through it.")))


def send_test_text(db: Database, actor: Actor, recipient: str | None) -> None:
    """Send a first text message past the queue; what the service answers is told when it refuses. Raises TextsNotSetUp or Undeliverable."""
    actor.require(SET_UP, "messages.send_test_text")
    if not recipient or not recipient.strip():
        raise InvalidInput("recipient", "required")
    with db.read() as session:
        number = parse_phone(recipient, setting_value(session, PHONE_REGION, clinic_id=actor.clinic_id), field="recipient").e164
    said = _("The text message service is set up: this message came through it.")
    text_transport(db, tells_answer=True).send(Outgoing(new_id(), number, "", said, Channel.SMS))


def mail_transport(db: Database) -> SmtpTransport:
    """The mail server that is set up; raises MailNotSetUp."""
    with db.read() as session:
        server = mail_server(session)
    if not server.is_set_up:
        raise MailNotSetUp(reason="missing")
    password = None if server.sealed is None else opened(db, Channel.EMAIL, server.sealed)
    return SmtpTransport(server.host, server.port, server.security, server.sender, server.username, password)


def text_transport(db: Database, *, tells_answer: bool = False) -> GatewayTransport:
    """The text message service that is set up; raises TextsNotSetUp."""
    with db.read() as session:
        service = text_service(session)
    if not service.is_set_up:
        raise TextsNotSetUp(reason="missing")
    secret = None if service.sealed is None else opened(db, Channel.SMS, service.sealed)
    said = (service.form, service.template, service.sender)
    return GatewayTransport(service.url, *said, header=service.header, secret=secret, tells_answer=tells_answer)
