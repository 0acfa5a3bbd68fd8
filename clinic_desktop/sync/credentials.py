"""What is said before sync begins: enrolling with a code, and the signed word by which a site gets its short token.

These few bodies travel as plain msgpack: they are small, and whoever sends them is not known yet.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.recovery_key import plain_code
from clinic_desktop.sync.errors import Refused

T = TypeVar("T")
CONTENT_TYPE = "application/vnd.clinic.sync"
"""Of every body of this protocol, in both directions."""
MOST_BYTES = 64 << 10
"""Of one of the bodies here."""
_ENROL, _TOKEN = b"clinic sync enrol 1", b"clinic sync token 1"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HALF = 16
"""Characters of a code's secret, and of the server's pin behind it: 80 bits each."""


class Enrol(msgspec.Struct, frozen=True):
    """A site brings its code and its public key, with a signature that shows that it has the private one."""

    code: str
    database_id: UUID
    public_key: bytes
    signature: bytes
    program: str
    revision: str
    clinics: list[str]


class Enrolled(msgspec.Struct, frozen=True):
    """Central's answer: who the site is from now on."""

    site_id: UUID
    site_code: str
    site_name: str
    central_id: UUID
    keeps_shared_data: bool
    founds: bool
    """Central is empty: it begins with this site's data."""


class Challenge(msgspec.Struct, frozen=True):
    """Random bytes that only a moment's answer may carry."""

    challenge: bytes
    central_id: UUID


class AskToken(msgspec.Struct, frozen=True):
    """A site proves itself. ``fence`` 0 begins as a new runner; a runner that goes on says the fence it has."""

    site_id: UUID
    database_id: UUID
    challenge: bytes
    signature: bytes
    fence: int = 0
    formers: list[UUID] = []
    """The databases that this one was restored from, if it was."""


class Token(msgspec.Struct, frozen=True):
    """What to show with every question, for how many seconds, and which runner that makes."""

    token: str
    lasts: int
    fence: int


class Problem(msgspec.Struct, frozen=True):
    """Why something was refused."""

    code: str
    params: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code's secret, and the first half of the pin of the server that it was made at; no pin where an authority vouches for it."""

    secret: str = field(repr=False)
    pin: str = ""

    @property
    def text(self) -> str:
        """The code as it is shown."""
        whole = self.secret + self.pin
        return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))

    def fits(self, pin: bytes) -> bool:
        """Whether a server's pin is the one that the code was made for."""
        return bool(self.pin) and secrets.compare_digest(self.pin, short_pin(pin))


def new_code(pin: bytes | None) -> EnrolmentCode:
    """A new code for the server with that pin."""
    return EnrolmentCode("".join(secrets.choice(_ALPHABET) for _ in range(_HALF)), short_pin(pin) if pin else "")


def read_code(typed: str) -> EnrolmentCode:
    """A code as a person typed it."""
    text = plain_code(typed)
    if not text:
        raise InvalidInput("code", "required")
    if len(text) not in (_HALF, 2 * _HALF) or any(one not in _ALPHABET for one in text):
        raise InvalidInput("code", "not_an_enrolment_code", limit=2 * _HALF, found=len(text))
    return EnrolmentCode(text[:_HALF], text[_HALF:])


def short_pin(pin: bytes) -> str:
    """The first 80 bits of a pin in the letters of a code."""
    bits = int.from_bytes(pin[:10], "big")
    return "".join(_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_HALF)))


def pin_text(pin: bytes) -> str:
    """A whole pin as it is shown and stored."""
    return pin.hex()


def sign_enrolment(key: Ed25519PrivateKey, code: str, database_id: UUID) -> bytes:
    """The signature of a site that enrols."""
    return key.sign(_enrolment_words(code, database_id))


def check_enrolment(asked: Enrol) -> None:
    """Raise Refused unless whoever enrols has the private key."""
    _check(asked.public_key, asked.signature, _enrolment_words(asked.code, asked.database_id))


def sign_challenge(key: Ed25519PrivateKey, asked: AskToken) -> bytes:
    """The signature of a site that asks for a token."""
    return key.sign(_token_words(asked))


def check_challenge(public_key: bytes, asked: AskToken) -> None:
    """Raise Refused unless the site's own key signed."""
    _check(public_key, asked.signature, _token_words(asked))


def write(body: msgspec.Struct) -> bytes:
    """A body as it travels."""
    return msgspec.msgpack.encode(body)


def read(kind: type[T], body: bytes) -> T:
    """A body as it was; raises Refused(malformed)."""
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise Refused("malformed", detail=type(error).__name__) from error


def _enrolment_words(code: str, database_id: UUID) -> bytes:
    return _ENROL + plain_code(code).encode() + database_id.bytes


def _token_words(asked: AskToken) -> bytes:
    who = asked.site_id.bytes + asked.database_id.bytes + asked.fence.to_bytes(8, "big", signed=True)
    return _TOKEN + who + len(asked.formers).to_bytes(2, "big") + b"".join(one.bytes for one in asked.formers) + asked.challenge


def _check(public_key: bytes, signature: bytes, words: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, words)
    except (InvalidSignature, ValueError) as error:
        raise Refused("forged") from error
