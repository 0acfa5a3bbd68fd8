"""A backup folder: the backups of a database, the journal that follows them, and the slots that open both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from clinic_desktop.kernel.backup.container import ENDING, Sealed, read_sealed, short_id
from clinic_desktop.kernel.backup.errors import BackupFailed, BadBackup
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.key_secrets import DataKey, Passphrase, Secret, WrongPassphrase
from clinic_desktop.kernel.keys import KeyFile, earlier_keys, key_id, new_data_key, new_key_file, unlock, with_slot


@dataclass(frozen=True, slots=True)
class BackupKey:
    """The data key that encrypts a backup, and the slots that go with it so that a person can open it."""

    data_key: bytes = field(repr=False)
    slots: bytes

    @property
    def key_id(self) -> str:
        """The key's name, which tells nothing about it."""
        return key_id(self.data_key)


def slots_file(folder: Path, database_id: UUID) -> Path:
    """Where the newest slots of a database lie in its backup folder."""
    return folder / f"clinic-{short_id(database_id)}.keys"


def key_for(database: Database, folder: Path, database_id: UUID, passphrase: str | None = None) -> BackupKey:
    """What encrypts the backups of a database: its own data key, or one that a passphrase opens where it has none."""
    if database.data_key is not None:
        return BackupKey(database.data_key, database.vault.export())
    if passphrase is None:
        raise BackupFailed(reason="passphrase_missing", folder=str(folder))
    kept = slots_file(folder, database_id)
    if kept.exists():
        content = kept.read_bytes()
        return BackupKey(unlock(KeyFile.parse(content, path=str(kept)), Passphrase(passphrase), database.clock())[0], content)
    data_key = new_data_key()
    slots = with_slot(new_key_file(data_key), data_key, Passphrase(passphrase), now=database.clock())
    return BackupKey(data_key, slots.export())


def keep_slots(folder: Path, database_id: UUID, key: BackupKey) -> None:
    """Lay the present slots beside the backups, where they are not yet."""
    kept = slots_file(folder, database_id)
    if not kept.exists() or kept.read_bytes() != key.slots:
        write_durably(kept, key.slots)


def opened_keys(slots: bytes, secret: Secret, now: datetime, *, path: str = "") -> dict[str, bytes]:
    """Data keys by id that a secret opens; raises WrongPassphrase."""
    if isinstance(secret, DataKey):
        return {key_id(secret.key): secret.key}
    file = KeyFile.parse(slots, path=path)
    found: dict[str, bytes] = {}
    for key in unlock(file, secret, now):
        found[key_id(key)] = key
        if key_id(key) == file.key_id:
            found.update(earlier_keys(file, key))
    return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """The backups of one database that lie in a folder (or one file), oldest first."""

    folder: Path
    database_id: UUID
    backups: tuple[Sealed, ...]

    def keys(self, secret: Secret, now: datetime) -> Mapping[str, bytes]:
        """All data keys that a secret opens here; raises WrongPassphrase when it opens none."""
        found: dict[str, bytes] = {}
        refused: WrongPassphrase | None = None
        kept = slots_file(self.folder, self.database_id)
        newest = [kept.read_bytes()] if kept.exists() else []
        for slots in dict.fromkeys([*newest, *(one.key_slots for one in reversed(self.backups))]):
            if KeyFile.parse(slots).key_id in found:
                continue  # another Argon2 would open the same again
            try:
                found |= opened_keys(slots, secret, now, path=str(self.folder))
            except WrongPassphrase as error:
                refused = error
        if not found:
            raise refused or WrongPassphrase("passphrase")
        return found


def backups_in(folder: Path) -> Iterator[Sealed]:
    """Every readable backup of a folder, oldest first; others are passed over (``--verify`` names what is wrong with them)."""
    if not folder.is_dir():
        raise BackupFailed(reason="folder_missing", folder=str(folder))
    found = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        try:
            found.append(read_sealed(path))
        except BadBackup:
            continue
    yield from sorted(found, key=lambda one: (one.manifest.taken_at, one.manifest.seq))


def shelf(place: Path, database_id: UUID | None = None) -> Shelf:
    """What can be restored from a folder or a file; in a folder of several databases, that of the newest backup unless one is named."""
    if place.is_file():
        sealed = read_sealed(place)
        return Shelf(place.parent, sealed.manifest.database_id, (sealed,))
    found = list(backups_in(place))
    wanted = database_id or (found[-1].manifest.database_id if found else None)
    mine = tuple(one for one in found if one.manifest.database_id == wanted)
    if wanted is None or not mine:
        raise BadBackup(path=str(place), reason="none_here")
    return Shelf(place, wanted, mine)
