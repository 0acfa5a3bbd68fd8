"""Password hashes: Argon2id, always outside a transaction because one hash takes a tenth of a second."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from clinic_desktop.clinic.access.rules import check_password, check_pin, password_form
from clinic_desktop.kernel.lan.scram import person_secret
from clinic_desktop.kernel.stretching import chosen

LONGEST_TYPED = 512
"""What is typed beyond this is not looked at: longer than any password that could have been set."""


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """A password that met the rules, as its Argon2id text: the only form in which commands take one."""

    encoded: str
    login_secret: str | None = None
    """What it opens on a server whose people have logins of their own."""

    def __repr__(self) -> str:
        return "HashedPassword(…)"


@dataclass(frozen=True, slots=True)
class HashedPin:
    """A PIN that met the rules, as its Argon2id text."""

    encoded: str

    def __repr__(self) -> str:
        return "HashedPin(…)"


@dataclass(frozen=True, slots=True)
class HashedCode:
    """A one-time code: its Argon2id text, which is kept, and itself, which is shown or sent once."""

    encoded: str = field(repr=False)
    plain: str = field(repr=False)


def new(password: str, *, username: str, login_of: UUID | None = None) -> HashedPassword:
    """Hash a new password, for the server's login of a person too; raises InvalidInput when it is too short, too long or too common."""
    checked = check_password(password, username=username)
    return HashedPassword(_hasher().hash(checked), None if login_of is None else person_secret(login_of, checked))


def pin(text: str) -> HashedPin:
    """Hash a new PIN; raises InvalidInput when it is no PIN or one that everybody tries first."""
    return HashedPin(_hasher().hash(check_pin(text)))


def code(plain: str) -> HashedCode:
    """Hash a code that the program has made."""
    return HashedCode(_hasher().hash(plain), plain)


def again(password: str) -> HashedPassword:
    """Hash a password that was just verified, at the present parameters."""
    return HashedPassword(_hasher().hash(password_form(password)))


def matches(encoded: str | None, password: str) -> bool:
    """Whether the password is the one of this hash; without a hash the same work is done for nothing."""
    typed = password_form(password[:LONGEST_TYPED])
    if encoded is None:
        _hasher().hash(typed)  # an unknown username must take as long as a wrong password
        return False
    try:
        return _hasher().verify(encoded, typed)
    except (VerificationError, InvalidHashError):
        return False


def outdated(encoded: str) -> bool:
    """Whether a hash was made with other parameters than the present ones."""
    return _hasher().check_needs_rehash(encoded)


def _hasher() -> PasswordHasher:
    costs = chosen()
    return PasswordHasher(costs.passes, costs.memory_kib, costs.lanes, hash_len=32, salt_len=16, type=Type.ID)
