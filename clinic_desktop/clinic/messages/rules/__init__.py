"""Kinds and pure rules of messages: states, waiting times, what each message says, and what a text message service is sent."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import msgspec

from clinic_desktop.clinic.access.rules import OtpPurpose, grouped
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.states import StateMachine

MOST_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LEASE = timedelta(minutes=5)
"""How long a message belongs to the program that took it: one that crashed in between leaves it to the next."""
LONGEST_ERROR = 300


class Channel(StrEnum):
    """By what way a message reaches somebody. The last two are people: what they told stands in the queue as sent, and never is too."""

    EMAIL = "EMAIL"
    SMS = "SMS"
    PHONE = "PHONE"
    """Somebody called."""
    PAPER = "PAPER"
    """A slip was printed and given."""


SENT_BY_PROGRAM = (Channel.EMAIL, Channel.SMS)


class MessageStatus(StrEnum):
    """Where a message is on its way."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    """Will be tried again."""
    DEAD = "DEAD"
    """Given up: too old, too often, or refused for good."""
    WITHDRAWN = "WITHDRAWN"
    """No longer to be said: what it is about has changed."""


MESSAGE_STATES = StateMachine(
    "message",
    {
        MessageStatus.QUEUED: (MessageStatus.SENDING, MessageStatus.DEAD, MessageStatus.WITHDRAWN),
        MessageStatus.SENDING: (
            *(MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.FAILED),
            *(MessageStatus.DEAD, MessageStatus.WITHDRAWN),
        ),
        MessageStatus.FAILED: (MessageStatus.SENDING, MessageStatus.QUEUED, MessageStatus.DEAD, MessageStatus.WITHDRAWN),
        MessageStatus.DEAD: (MessageStatus.QUEUED, MessageStatus.WITHDRAWN),
        MessageStatus.WITHDRAWN: (MessageStatus.QUEUED, MessageStatus.SENT),
        MessageStatus.SENT: (MessageStatus.WITHDRAWN,),  # only of what a person told
    },
)


class Security(StrEnum):
    """How the connection to the mail server is protected; ``UNPROTECTED`` is for a server on this computer only."""

    STARTTLS = "STARTTLS"
    TLS = "TLS"
    UNPROTECTED = "UNPROTECTED"


class BodyForm(StrEnum):
    """How a text message service wants to be written to."""

    FORM = "FORM"
    """As a web page sends its form: ``to=…&text=…``."""
    JSON = "JSON"


class MailNotSetUp(ClinicError):
    """No mail server is set up, or its password cannot be read here."""

    code = "mail_not_set_up"


class TextsNotSetUp(ClinicError):
    """No text message service is set up, or its secret cannot be read here."""

    code = "texts_not_set_up"


class CopySendsNothing(ClinicError):
    """This is a copy of the clinic's data: messages are sent by the server, each once."""

    code = "copy_sends_nothing"


class NothingToTell(ClinicError):
    """What a message would say is not so any more: the appointment was moved, given up, or is over."""

    code = "nothing_to_tell"


class Undeliverable(ClinicError):
    """A message was not taken: param ``reason``; ``for_good`` when trying again is of no use."""

    code = "undeliverable"

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason=reason[:LONGEST_ERROR])
        self.for_good = for_good


class TextUndeliverable(Undeliverable):
    """The text message service did not take a message."""

    code = "text_undeliverable"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a transport takes it; ``message_id`` is the same at every attempt."""

    message_id: UUID
    recipient: str
    subject: str
    body: str = field(repr=False)
    channel: Channel = Channel.EMAIL


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


# --- what a text message service is sent ----------------------------------------------------------------------------

PLACES = ("to", "text", "sender")
"""What a template may hold in braces."""
TEMPLATES = {BodyForm.FORM: "to={to}&text={text}&from={sender}", BodyForm.JSON: '{"to": "{to}", "text": "{text}", "from": "{sender}"}'}
"""What many services take as it is."""
MOST_FIELDS = 50
_PLACE = re.compile(r"\{(\w+)\}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OUR_HEADERS = frozenset(
    ("accept-encoding", "connection", "content-length", "content-type", "expect", "host", "idempotency-key", "transfer-encoding")
)


def service_address(url: str, field_name: str = "url") -> str:
    """The address if messages may go there: https, or http to this computer itself. A password in it would be kept in the clear."""
    try:
        parts = urlsplit(url)
        host, _port, has_password = parts.hostname, parts.port, "@" in parts.netloc
    except ValueError as error:
        raise InvalidInput(field_name, "not_a_web_address") from error
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch(r"[!#-;=?-\[\]_a-z~%]+", url):
        raise InvalidInput(field_name, "not_a_web_address")
    if has_password:
        raise InvalidInput(field_name, "address_with_password")
    if parts.scheme == "http" and not is_this_computer(host):
        raise InvalidInput(field_name, "unprotected_texts")
    return url


def secret_header(name: str, field_name: str = "header") -> str:
    """The name of the header that carries the secret; refuses what is no name, or has another meaning."""
    if not _HEADER.fullmatch(name) or name.lower() in _OUR_HEADERS:
        raise InvalidInput(field_name, "not_a_header")
    return name


def header_value(secret: str, field_name: str = "secret") -> str:
    """The secret as a header carries it; refuses what would end the header or cannot be written in one."""
    value = secret.strip()
    if not value.isascii() or not value.isprintable() or len(value) > 4_000:
        raise InvalidInput(field_name, "not_a_header_value")
    return value


def check_template(form: BodyForm, template: str, field_name: str = "template") -> frozenset[str]:
    """What a template wants put in; refuses one that cannot be read, or that has no place for the number or the text."""
    try:
        wanted = frozenset(name for value in _values(_template(form, template)) for name in _PLACE.findall(value))
    except ValueError as error:
        raise InvalidInput(field_name, "not_a_form" if form is BodyForm.FORM else "not_json") from error
    for name in sorted(wanted - set(PLACES)):
        raise InvalidInput(field_name, "unknown_place", name=f"{{{name}}}")
    for name in ("to", "text"):
        if name not in wanted:
            raise InvalidInput(field_name, "missing_place", name=f"{{{name}}}")
    return wanted


def message_body(form: BodyForm, template: str, said: Mapping[str, str]) -> bytes:
    """The body of a request. What is said is put into the values that were read, so it cannot change how they are read."""
    filled = _filled(_template(form, template), said)
    return urlencode(filled).encode() if form is BodyForm.FORM else msgspec.json.encode(filled)


def _template(form: BodyForm, template: str) -> Any:
    if form is BodyForm.FORM:
        on_one_line = "".join(line.strip() for line in template.splitlines())
        fields = parse_qsl(on_one_line, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS)
        if any(not name.strip() for name, _value in fields):
            raise ValueError("a field without a name")
        return [(name.strip(), value) for name, value in fields]
    found = msgspec.json.decode(template)
    if not isinstance(found, (dict, list)):
        raise ValueError("neither an object nor an array")
    return found


def _values(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict):
        yield from _values(list(template.values()))
    elif isinstance(template, list):
        for one in template:
            yield from _values(one[1] if isinstance(one, tuple) else one)


def _filled(template: Any, said: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        return _PLACE.sub(lambda place: said[place[1]], template)
    if isinstance(template, dict):
        return {name: _filled(value, said) for name, value in template.items()}
    if isinstance(template, tuple):  # a field of a form: its name stays
        return template[0], _filled(template[1], said)
    return [_filled(one, said) for one in template] if isinstance(template, list) else template
