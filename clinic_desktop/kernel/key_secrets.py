"""What opens a clinic's data: the secrets that people type, a computer keeps, or a printer printed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.recovery_key import plain_code, recovery_bytes
from clinic_desktop.kernel.text import clean_line

PASSPHRASE, USER, RECOVERY, DEVICE, CODE = "passphrase", "user", "recovery", "device", "code"
SHORTEST_PASSPHRASE = 8
SHORTEST_CODE = 8
_FIELDS = {PASSPHRASE: "passphrase", USER: "password", RECOVERY: "recovery_key", DEVICE: "device", CODE: "code"}


class WrongPassphrase(ClinicError):
    """No slot opens with this secret (param ``reason``: user, recovery, code, code_expired, data_key); nothing was changed."""

    code = "wrong_passphrase"


@dataclass(frozen=True, slots=True)
class Passphrase:
    """What a machine without a person is started with."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserPassword:
    """A person's own password."""

    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """The printed key as it was typed."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """This computer: the vault takes the key from the keyring of the operating system."""

    key: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code that lets a person choose a new password; their new password uses it up."""

    username: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DataKey:
    """The data key itself: backups and rekeying have it at hand."""

    key: bytes = field(repr=False)


SlotSecret: TypeAlias = Passphrase | UserPassword | RecoveryKey | DeviceKey | OneTimeCode
Secret: TypeAlias = SlotSecret | DataKey


@dataclass(frozen=True, slots=True)
class Trial:
    """A secret as slots see it: which slot it is for, and the bytes that open it."""

    kind: str
    name: str
    material: bytes = field(repr=False)
    is_stretched: bool = True

    def refusal(self) -> WrongPassphrase:
        """The error when it opens nothing."""
        return WrongPassphrase(_FIELDS[self.kind], reason=self.kind)

    def check(self, expires_at: datetime | None) -> None:
        """Refuse what is no good as a new secret."""
        if self.kind == PASSPHRASE and len(self.material.decode()) < SHORTEST_PASSPHRASE:
            raise InvalidInput("passphrase", "too_short", limit=SHORTEST_PASSPHRASE)
        if self.kind == CODE and len(self.material) < SHORTEST_CODE:
            raise InvalidInput("code", "too_short", limit=SHORTEST_CODE)
        if not self.material or (self.kind in (USER, CODE) and not self.name):
            raise InvalidInput(_FIELDS[self.kind], "required")
        if (expires_at is not None) != (self.kind == CODE):
            raise ValueError("one-time codes expire, and nothing else does")


def trial_of(secret: SlotSecret) -> Trial:
    """A secret as slots see it; raises InvalidInput when a recovery key was mistyped."""
    match secret:
        case Passphrase(text):
            return Trial(PASSPHRASE, "", text.encode())
        case UserPassword(username, password):
            return Trial(USER, person(username), unicodedata.normalize("NFKC", password).encode())
        case OneTimeCode(username, code):
            return Trial(CODE, person(username), plain_code(code).encode())
        case RecoveryKey(text):
            return Trial(RECOVERY, "", recovery_bytes(text), is_stretched=False)
        case DeviceKey(key):
            return Trial(DEVICE, derived(key, "clinic device", length=16).hex() if key else "", key, is_stretched=False)


def person(username: str | None) -> str:
    """A username as it is compared."""
    return clean_line(username or "").casefold()
