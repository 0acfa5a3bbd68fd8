"""An encrypted database that tests open and close again, and keyrings as an operating system shows them."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from clinic_desktop.kernel import keys
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import SlotSecret
from clinic_desktop.kernel.keys import (
    OneTimeCode,
    Passphrase,
    UserPassword,
    key_file_path,
)
from tests.conftest import FrozenClock

HEAD, MEERA = Passphrase("correct horse"), UserPassword("Meera", "battery staple")


class Clinic:
    """An encrypted database file that tests open and close again."""

    def __init__(self, file: Path, clock: FrozenClock) -> None:
        self.file, self.clock = file, clock

    def open(self, secret: keys.Secret) -> Database:
        return Database.open(f"sqlcipher:///{self.file}", secret=secret, clock=self.clock)

    def opens(self, secret: keys.Secret) -> bytes | None:
        database = self.open(secret)
        database.close()
        return database.data_key

    def add(self, *added: SlotSecret) -> None:
        with closing(self.open(HEAD)) as database:
            for one in added:
                expires_at = self.clock() + timedelta(hours=1) if isinstance(one, OneTimeCode) else None
                database.vault.add(one, expires_at=expires_at)

    @property
    def key_file(self) -> Path:
        return key_file_path(self.file)

    def hashes(self) -> dict[str, str]:
        return {one.name: sha256(one.read_bytes()).hexdigest() for one in sorted(self.file.parent.iterdir())}


# A keyring of the operating system, as the keyring package shows one: the tests' machine has none.


class SafeKeyring(KeyringBackend):
    """What Secret Service looks like to a program: named after its module, and it keeps what it is given."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise KeyringLocked("the user did not unlock it")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class PlainFileKeyring(SafeKeyring):
    """A keyring that writes passwords into a file."""


SafeKeyring.__module__ = "keyring.backends.SecretService"
PlainFileKeyring.__module__ = "keyrings.alt.file"
