"""Joining codes: which invitation, its secret, and which server it is for, in 24 characters that can be read out.

The first four name the invitation's one-time login, twelve are its password (60 random bits for fifteen minutes), and eight are the
beginning of the fingerprint of the server's certificate, so that nothing is sent to another server.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.recovery_key import plain_code

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NAME, _SECRET, _PIN = 4, 12, 8
LENGTH = _NAME + _SECRET + _PIN


@dataclass(frozen=True, slots=True)
class JoiningCode:
    """A code's parts."""

    name: str
    secret: str = field(repr=False)
    pin: str

    @property
    def text(self) -> str:
        """The code as it is shown."""
        whole = self.name + self.secret + self.pin
        return "-".join(whole[start : start + 4] for start in range(0, LENGTH, 4))

    def fits(self, certificate: bytes) -> bool:
        """Whether a server's certificate (DER) is the one that the code was made for."""
        return secrets.compare_digest(self.pin, pin_of(certificate))


def new_code(certificate: bytes) -> JoiningCode:
    """A new code for the server with that certificate."""
    return JoiningCode(_random(_NAME), _random(_SECRET), pin_of(certificate))


def read_code(typed: str) -> JoiningCode:
    """A code as a person typed it."""
    text = plain_code(typed)
    if not text:
        raise InvalidInput("code", "required")
    if len(text) != LENGTH or any(one not in LETTERS for one in text):
        raise InvalidInput("code", "not_a_joining_code", limit=LENGTH)
    return JoiningCode(text[:_NAME], text[_NAME:-_PIN], text[-_PIN:])


def pin_of(certificate: bytes) -> str:
    """The beginning of a certificate's fingerprint in the letters of a code."""
    bits = int.from_bytes(sha256(certificate).digest()[:5], "big")
    return "".join(LETTERS[bits >> 5 * place & 31] for place in reversed(range(_PIN)))


def _random(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))
