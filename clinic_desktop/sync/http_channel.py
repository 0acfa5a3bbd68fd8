"""A site's way to its central server over HTTPS: known again by its pin or vouched for by an authority, with a token that renews itself.

Nothing is tried again here but one question with a new token: when to come back is for whoever runs sync to decide.
"""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID
from weakref import WeakSet

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clinic_desktop.kernel.certificates import pinned_context
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.credentials import (
    CONTENT_TYPE,
    AskToken,
    Challenge,
    Enrol,
    Enrolled,
    EnrolmentCode,
    Problem,
    Token,
    read,
    sign_challenge,
    sign_enrolment,
    write,
)
from clinic_desktop.sync.errors import Busy, Offline, Refused
from clinic_desktop.sync.wire import MOST_BYTES

T = TypeVar("T", bound=msgspec.Struct)
Watch = Callable[[str, dict[str, Any]], None]
TIMEOUT = httpx.Timeout(connect=10.0, read=90.0, write=60.0, pool=10.0)
"""Central answers within a minute, or says when to come again."""
RENEWED_BEFORE = 60.0
"""Seconds before its end at which a token is renewed: a page under way is not to be asked for twice."""
_PREFIX = "/sync/v1"
_PORT = 8443
_STALE = frozenset({"token_expired", "token_foreign", "token_forged"})
"""A token that a new one replaces: its time is over, central came back from a backup under another id, or its data key was replaced."""
_BUSY = frozenset({"central_busy", "central_unavailable", "central_failed", "door_locked"})


@dataclass(frozen=True, slots=True)
class Site:
    """Who asks: the site, its database and its key."""

    site_id: UUID
    database_id: UUID
    key: Ed25519PrivateKey = field(repr=False)
    formers: tuple[UUID, ...] = ()
    """The databases that this one was restored from."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What comes of enrolling: who the site is from now on, and the pin by which the server is known again, if by one."""

    enrolled: Enrolled
    pin: bytes | None


class HttpChannel(Channel):
    """A ``Channel`` over HTTPS. One program's threads may share it; each begins as a new runner."""

    def __init__(self, address: str, site: Site, *, pin: bytes | None, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._site = site
        self._client = httpx.Client(base_url=central_url(address), verify=_trust(pin), timeout=timeout, follow_redirects=False)
        self._lock = Lock()
        self._token, self._until, self._fence = "", 0.0, 0
        self._sockets: WeakSet[socket.socket] = WeakSet()

    def cut(self) -> None:
        """End what is under way at once, from another thread: it raises Offline."""
        for one in list(self._sockets):
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def ask(self, verb: str, body: bytes) -> bytes:
        """Central's answer; raises Offline, Busy or Refused."""
        token = self._present_token()
        try:
            return self._asked(verb, body, token)
        except Refused as refusal:
            if refusal.reason not in _STALE:
                raise
        with self._lock:
            if self._token == token:
                self._until = 0.0  # this computer's clock stood still, or central's was set forward
        return self._asked(verb, body, self._present_token())

    def _present_token(self) -> str:
        with self._lock:
            if monotonic() >= self._until:
                granted = self._granted()
                self._token, self._fence = granted.token, granted.fence
                self._until = monotonic() + max(granted.lasts - RENEWED_BEFORE, granted.lasts / 2)
            return self._token

    def _granted(self) -> Token:
        offered = read(Challenge, _post(self._client, "challenge", b"", watch=self._watch))
        site = self._site
        asked = AskToken(site.site_id, site.database_id, offered.challenge, b"", self._fence, list(site.formers))
        signed = msgspec.structs.replace(asked, signature=sign_challenge(site.key, asked))
        return read(Token, _post(self._client, "token", write(signed), watch=self._watch))

    def _asked(self, verb: str, body: bytes, token: str) -> bytes:
        return _post(self._client, verb, body, {"Authorization": f"Bearer {token}"}, self._watch)

    def _watch(self, event: str, told: dict[str, Any]) -> None:
        """Remember the connections, to be able to cut them."""
        if event == "connection.start_tls.complete":
            self._sockets.add(told["return_value"].get_extra_info("socket"))


def enrol(
    address: str, code: EnrolmentCode, key: Ed25519PrivateKey, database_id: UUID, *, program: str, revision: str, clinics: list[str]
) -> Joined:
    """Enrol with a code. With a pin in it no other server is told a word; raises Offline, Busy or Refused."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    asked = Enrol(code.secret, database_id, public, sign_enrolment(key, code.secret, database_id), program, revision, clinics)
    seen: list[bytes] = []

    def fits(pin: bytes) -> bool:
        seen.append(pin)
        return code.fits(pin)

    trust = pinned_context(fits) if code.pin else ssl.create_default_context()
    with httpx.Client(base_url=central_url(address), verify=trust, timeout=TIMEOUT, follow_redirects=False) as client:
        return Joined(read(Enrolled, _post(client, "enrol", write(asked))), seen[-1] if seen else None)


def central_url(address: str) -> str:
    """The address of a central server as a person types it: a name, perhaps a port, and nothing but HTTPS."""
    typed = address.strip()
    text = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise InvalidInput("address", "not_a_central_address", address=typed) from error
    if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.username or parts.fragment:
        raise InvalidInput("address", "not_a_central_address", address=typed)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"https://{host}:{port or (_PORT if '://' not in typed else 443)}"


def _trust(pin: bytes | None) -> ssl.SSLContext:
    if pin is None:
        return ssl.create_default_context()
    return pinned_context(lambda shown: secrets.compare_digest(shown, pin))


def _post(client: httpx.Client, verb: str, body: bytes, headers: dict[str, str] | None = None, watch: Watch | None = None) -> bytes:
    sent = {"Content-Type": CONTENT_TYPE, **(headers or {})}
    try:
        extensions = {} if watch is None else {"trace": watch}
        request = client.build_request("POST", f"{_PREFIX}/{verb}", content=body, headers=sent, extensions=extensions)
        response = client.send(request, stream=True)
        try:
            content = _whole(response)
        finally:
            response.close()
    except httpx.TimeoutException as error:
        raise Offline(reason="timeout") from error
    except httpx.HTTPError as error:
        if _is_distrust(error):
            raise Refused("untrusted") from error
        raise Offline(reason="unreachable") from error
    if response.headers.get("content-type", "").partition(";")[0] != CONTENT_TYPE:
        raise Offline(reason="not_central", status=response.status_code)  # a proxy's page, or quite another server's
    if response.status_code == httpx.codes.OK:
        return content
    raise _problem(content)


def _whole(response: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in response.iter_raw():
        size += len(part)
        if size > MOST_BYTES:
            raise Refused("oversized", most=MOST_BYTES)
        parts.append(part)
    return b"".join(parts)


def _problem(content: bytes) -> Exception:
    problem = read(Problem, content)
    params: dict[str, Any] = {name: value for name, value in problem.params.items() if name not in ("self", "reason")}
    if problem.code in _BUSY:
        return Busy(retry_after=float(params.get("retry_after", 5.0)))
    return Refused(problem.code, **params)


def _is_distrust(error: BaseException | None) -> bool:
    """Whether a connection failed because the server was not the right one."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
