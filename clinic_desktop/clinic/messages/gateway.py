"""Text messages by the HTTP gateway of a provider: certificates are verified, and nothing goes unprotected over a network.

Of what the gateway answers only the number of its status is kept: an answer may repeat the message, its code, or our secret.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from clinic_desktop.clinic.messages.rules import (
    BodyForm,
    Outgoing,
    TextsNotSetUp,
    TextUndeliverable,
    check_template,
    message_body,
    service_address,
)
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import clean_line

TIMEOUT = 20.0
"""Seconds to wait for any answer of the gateway."""
LONGEST_ANSWER = 2_000
"""Bytes of an answer that are read for whoever sends a test message."""
_TRY_AGAIN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
"""What will be taken once somebody has repaired the key, or later; every other 4xx refuses this one message."""
_TYPES = {BodyForm.FORM: "application/x-www-form-urlencoded", BodyForm.JSON: "application/json"}
_SCHEMES = frozenset(("apikey", "basic", "bearer", "token"))

for _name in ("httpx", "httpcore"):  # they log addresses and headers, and an address may hold a key
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class GatewayTransport:
    """A text message gateway; raises TextsNotSetUp when messages would cross a network unprotected, or say nothing.

    ``context`` is for tests: by default the certificates that this computer trusts are verified.
    """

    url: str
    form: BodyForm
    template: str
    sender: str = ""
    header: str = ""
    secret: str | None = field(default=None, repr=False)
    timeout: float = TIMEOUT
    context: ssl.SSLContext | None = None
    tells_answer: bool = False
    """Whether a refusal tells what the gateway says: for a test message, which holds nothing that is somebody's."""

    def __post_init__(self) -> None:
        try:
            service_address(self.url)
            check_template(self.form, self.template)
        except InvalidInput as error:
            raise TextsNotSetUp(reason="unprotected" if error.reason == "unprotected_texts" else "incomplete") from error

    def send(self, message: Outgoing) -> str:
        """Hand one message over; returns the key by which the gateway may tell a second copy. Raises TextUndeliverable."""
        # Imported here: who sends nothing does not wait for it (150 ms).
        import httpx  # noqa: PLC0415

        said = {"to": message.recipient, "text": message.body, "sender": self.sender}
        headers = {"Accept-Encoding": "identity", "Content-Type": _TYPES[self.form], "Idempotency-Key": str(message.message_id)}
        if self.header and self.secret:
            headers[self.header] = self.secret
        context = self.context or _trust(self.url)
        try:
            body = message_body(self.form, self.template, said)
            # What the surroundings say of proxies and passwords (.netrc) is not heeded: messages go where they were set up to go.
            with (
                httpx.Client(verify=context, timeout=self.timeout, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", self.url, content=body, headers=headers) as answer,
            ):
                if not answer.is_success:
                    told = self._told(answer.iter_raw(512)) if self.tells_answer else ""
                    status = answer.status_code
                    raise TextUndeliverable(_status(status) + told, for_good=400 <= status < 500 and status not in _TRY_AGAIN)
        except UnicodeError as error:  # half a character: no attempt will write it
            raise TextUndeliverable(type(error).__name__, for_good=True) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise TextUndeliverable(self._without_secret(f"{type(error).__name__}: {error}", type(error).__name__)) from error
        return str(message.message_id)

    def _told(self, answer: Iterable[bytes]) -> str:
        read, until = b"", time.monotonic() + self.timeout
        for part in answer:
            read += part
            if len(read) >= LONGEST_ANSWER or time.monotonic() > until:
                break
        told = clean_line(read[:LONGEST_ANSWER].decode(errors="replace"))
        return self._without_secret(f": {told}" if told else "", "")

    def _without_secret(self, text: str, otherwise: str) -> str:
        """The text, or the other one where any word of the secret stands in it, however it is escaped."""
        secret = (self.secret or "").casefold()
        words = [word for word in re.findall(r"[^\W_]{4,}", secret) if word not in _SCHEMES] or [secret]
        return otherwise if secret and any(word in text.casefold() for word in words) else text


def _trust(url: str) -> ssl.SSLContext:
    """What this computer trusts; reading it takes 25 ms, so it is not read for a gateway on this computer itself, without TLS."""
    return ssl.create_default_context() if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _status(code: int) -> str:
    known = code in HTTPStatus._value2member_map_
    return f"{code} {HTTPStatus(code).phrase}" if known else str(code)
