"""Where a clinic keeps its key file, and the one way to change it: a file beside a SQLite database, a row on a server."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from clinic_desktop.kernel.clock import Clock
from clinic_desktop.kernel.device_keys import device_key, forget_device_key, make_device_key
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.engines import worded
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.key_secrets import trial_of
from clinic_desktop.kernel.keys import (
    DEVICE,
    DataKey,
    DeviceKey,
    KeyFile,
    Secret,
    SlotSecret,
    earlier_keys,
    ended,
    has_slot,
    key_file_path,
    key_id,
    name_of,
    new_data_key,
    new_key_file,
    opens,
    sisters,
    unlock,
    with_slot,
    without_slot,
)
from clinic_desktop.kernel.sealed_tables import KeyVault

_NO_SUCH_TABLE = "42P01"
Edit = Callable[[KeyFile | None], KeyFile]


class VaultLocked(ClinicError):
    """The clinic's data key is not at hand: nobody has unlocked it since this program started."""

    code = "vault_locked"


class VaultMissing(VaultLocked):
    """The clinic has no data key yet: on a server an administrator's first login makes it."""

    code = "vault_missing"


class VaultRenewed(ClinicError):
    """The clinic's data key was replaced since this program read it."""

    code = "vault_renewed"


class NotEncrypted(ClinicError):
    """A plain development database has no keys."""

    code = "not_encrypted"


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One way to open the data; ``name`` is the username, or the computer of a device slot."""

    kind: str
    name: str
    created_at: datetime | None
    expires_at: datetime | None


class Place(Protocol):
    """Where a key file is kept."""

    def read(self) -> KeyFile | None:
        """The key file, or None before there is one."""

    def change(self, edit: Edit) -> KeyFile:
        """Replace the key file by its edited self while nobody else can."""


class BesideDatabase:
    """A key file next to the database file; the database's own write lock keeps two programs from changing it at once."""

    def __init__(self, file: Path, engine: Engine) -> None:
        self.file, self._engine = file, engine

    def read(self) -> KeyFile | None:
        """The key file, or None before there is one."""
        path = key_file_path(self.file)
        return KeyFile.parse(path.read_bytes(), path=str(path)) if path.exists() else None

    def change(self, edit: Edit) -> KeyFile:
        """Replace the key file by its edited self while nobody else can."""
        with self._engine.execution_options(clinic_write=True).begin() as connection:
            edited = edit(self.read())
            salt = connection.exec_driver_sql("PRAGMA cipher_salt").scalar_one()
            edited = msgspec.structs.replace(edited, database_salt=str(salt))
            write_durably(key_file_path(self.file), edited.export())
        return edited


class OnServer:
    """A key file in the one row of ``key_vault``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> KeyFile | None:
        """The key file, or None before there is one."""
        try:
            with self._engine.connect() as connection:
                return self.read_in(connection)
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) == _NO_SUCH_TABLE:
                return None  # a database of an older version, about to be brought up to date
            raise

    @staticmethod
    def read_in(connection: Connection, *, lock: str = "") -> KeyFile | None:
        """The key file as an open transaction sees it; ``lock`` is a locking clause."""
        found = connection.scalar(text(f"SELECT content FROM key_vault WHERE id = 1 {lock}"))
        return None if found is None else KeyFile.parse(bytes(found), path=KeyVault.__tablename__)

    def change(self, edit: Edit) -> KeyFile:
        """Replace the key file by its edited self while nobody else can."""
        with self._engine.begin() as connection:
            connection.execute(text("LOCK TABLE key_vault IN EXCLUSIVE MODE"))  # readers go on; two founders do not
            edited = edit(self.read_in(connection))
            content = {"content": edited.export()}
            # Not as one statement: the first one is an administrator's to put there, and everybody who changes a password changes it.
            if not connection.execute(text("UPDATE key_vault SET content = :content WHERE id = 1"), content).rowcount:
                connection.execute(text("INSERT INTO key_vault (id, content) VALUES (1, :content)"), content)
        return edited


class Vault:
    """The keys of an open database. Changing a slot takes the database's write lock: not inside a write scope."""

    def __init__(self, place: Place | None, clock: Clock, data_key: bytes | None = None) -> None:
        self.place, self._clock, self.data_key = place, clock, data_key

    @property
    def exists(self) -> bool:
        """Whether there is a key file."""
        return self.present() is not None

    def slots(self) -> tuple[SlotRow, ...]:
        """All ways to open the data; names only while it is unlocked."""
        file = self.present()
        return rows_of(file, self.data_key) if file is not None else ()

    def has(self, kind: str, username: str | None = None) -> bool:
        """Whether there is a slot of that kind, of that person."""
        file = self.present()
        return file is not None and has_slot(file, kind, username)

    def add(self, secret: SlotSecret, *, expires_at: datetime | None = None) -> None:
        """Add a secret's slot, or replace the one of the same person; the first one on a server makes the data key.

        A one-time code needs ``expires_at``. Raises VaultLocked, NotEncrypted, DeviceKeyUnavailable or InvalidInput.
        """

        founded = self.data_key or new_data_key()
        prepared = self.present() or new_key_file(founded)
        # Asking the keyring may ask the person: not while the lock below keeps everyone from writing.
        keyed = DeviceKey(make_device_key(prepared.id)) if isinstance(secret, DeviceKey) else secret

        def edit(file: KeyFile | None) -> KeyFile:
            if self.data_key is None and file is not None:
                raise VaultLocked
            file = msgspec.structs.replace(ended(file, founded) if file is not None else prepared, id=prepared.id)
            if file.key_id not in ("", key_id(founded)):
                raise VaultRenewed
            return with_slot(file, founded, keyed, now=self._clock(), expires_at=expires_at, name=own_name(secret))

        self.change(edit)
        self.data_key = founded

    def remove(self, kind: str, username: str | None = None) -> None:
        """Take a slot away; of devices, this one's. Raises LastKeySlot. Who had it may know the data key until a rekey."""
        prepared = self.present()
        if prepared is None:
            raise VaultLocked
        name = trial_of(DeviceKey(device_key(prepared.id))).name if kind == DEVICE else username
        self.change(lambda file: without_slot(self._of_present_key(file or prepared), kind, name))
        if kind == DEVICE:
            forget_device_key(prepared.id)

    def unlock(self, secret: Secret) -> None:
        """Take the data key out of a server's vault; raises WrongPassphrase, or VaultLocked before there is a vault."""
        file = self.present()
        if file is None:
            raise VaultLocked
        self.data_key = keys_opened(file, secret, self._clock())[0]

    def keys(self) -> dict[str, bytes]:
        """Every data key that documents may rest under, by its id; the present one first. Raises VaultLocked or VaultMissing."""
        key, file = self.held(), self.present()
        present = {key_id(key): key}
        return present if file is None or file.key_id not in present else {**present, **earlier_keys(file, key)}

    def held(self) -> bytes:
        """The present data key; raises VaultLocked, or VaultMissing before there is one."""
        if self.data_key is None:
            raise VaultLocked if self.exists else VaultMissing
        return self.data_key

    def is_renewed(self) -> bool:
        """Whether the clinic's data key was replaced since this program read it."""
        file = self.present()
        return file is not None and self.data_key is not None and file.key_id not in ("", key_id(self.data_key))

    def export(self) -> bytes:
        """The key file for a backup; ``KeyFile.parse`` reads it. Raises VaultLocked before there is one."""
        file = self.read_whole()
        if file is None:
            raise VaultLocked
        return file.export()

    def read_whole(self) -> KeyFile | None:
        """The key file as it is kept, with both generations while a rekey is unfinished."""
        try:
            return self.place.read() if self.place is not None else None
        except DBAPIError as error:
            raise worded(error) from error

    def stays(self, file: KeyFile, secret: Secret) -> bool:
        """Whether a secret goes on opening the data once an unfinished rekey is ended."""
        return isinstance(secret, DataKey) or opens(self._of_present_key(file), _keyed(file, secret), self._clock())

    def present(self) -> KeyFile | None:
        """The key file of the present data key."""
        file = self.read_whole()
        return None if file is None else self._of_present_key(file)

    def _of_present_key(self, file: KeyFile) -> KeyFile:
        return file if self.data_key is None else ended(file, self.data_key)

    def change(self, edit: Edit) -> KeyFile:
        """Edit the key file while nobody else can."""
        if self.place is None:
            raise NotEncrypted
        try:
            return self.place.change(edit)
        except DBAPIError as error:
            raise worded(error) from error


def own_name(secret: Secret) -> str:
    """What a slot is called beside a username: this computer."""
    return platform.node() if isinstance(secret, DeviceKey) else ""


def rows_of(file: KeyFile, data_key: bytes | None) -> tuple[SlotRow, ...]:
    """The slots of a key file as they are shown."""
    names = [name_of(slot, data_key) if data_key is not None else "" for slot in file.slots]
    return tuple(SlotRow(slot.kind, name, slot.created_at, slot.expires_at) for slot, name in zip(file.slots, names, strict=True))


def keys_opened(file: KeyFile, secret: Secret, now: datetime) -> tuple[bytes, ...]:
    """The data keys that any secret opens; raises WrongPassphrase or DeviceKeyUnavailable."""
    if isinstance(secret, DataKey):
        return sisters(file, secret.key)
    return unlock(file, _keyed(file, secret), now)


def _keyed(file: KeyFile, secret: SlotSecret) -> SlotSecret:
    return DeviceKey(device_key(file.id)) if isinstance(secret, DeviceKey) else secret


def server_vault(engine: Engine, clock: Clock) -> Vault:
    """The vault of a server's database, still locked."""
    return Vault(OnServer(engine), clock)
