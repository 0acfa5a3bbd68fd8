"""A new data key for a clinic, so that whoever had the old one can read nothing more.

A database file is not changed in place. Under an exclusive lock its pages are copied into a second file under the new
key, the copy is checked, the key file names both keys, the copy takes the database's place, and the key file lets the
old key go. Killed at any moment, the database opens: with the old secrets before the swap, and during it with either.
Documents stay readable under the earlier key, wrapped under the new one, until each has been sealed anew.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as sqlcipher

from clinic_desktop.kernel.clock import Clock, system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.device_keys import DeviceKeyUnavailable, device_key
from clinic_desktop.kernel.durable import sync_file, sync_folder, write_durably
from clinic_desktop.kernel.engines import connect_to, refused, salt_of
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.key_secrets import trial_of
from clinic_desktop.kernel.keys import (
    DEVICE,
    DataKey,
    DeviceKey,
    KeyFile,
    Secret,
    SlotSecret,
    ended,
    has_slot,
    key_file_path,
    key_id,
    new_data_key,
    new_key_file,
    read_key_file,
    with_slot,
    with_successor,
)
from clinic_desktop.kernel.sealing import renew_all
from clinic_desktop.kernel.store import store_of
from clinic_desktop.kernel.unlocking import next_file_path
from clinic_desktop.kernel.vault import NotEncrypted, SlotRow, Vault, VaultLocked, VaultRenewed, own_name, rows_of

log = logging.getLogger(__name__)
COPIED, ANNOUNCED, SWAPPED, RENEWED, RESEALED = "copied", "announced", "swapped", "renewed", "resealed"
_PATIENCE = 2.0
"""Seconds to wait for the others to let go of the file."""

Reached = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What a rekey did: who must log in by another way once to get a slot again, and how many documents were sealed anew."""

    lost: tuple[SlotRow, ...]
    documents: int


def rekey(
    url: str, secret: Secret, *, keep: Sequence[SlotSecret], clock: Clock = system_clock, reached: Reached = lambda _step: None
) -> Rekeyed:
    """Give a clinic a new data key. Only the secrets in ``keep`` (and this computer's own slot) open it afterwards.

    Needs the database file for itself: raises DatabaseUnavailable(in_use) while anyone has it open. ``reached`` hears
    each step as it is done; an exception from it before ``announced`` gives up and leaves all as it was.
    """
    with closing(Database.open(url, secret=secret, clock=clock)) as database:
        vault, address = database.vault, database.address
        if vault.place is None:
            raise NotEncrypted
        if vault.data_key is None:
            raise VaultLocked
        old_key, new_key = vault.data_key, new_data_key()
        successor, before = _successor(vault, new_key, keep, clock)
        if address.file is None:
            _renew_on_server(vault, old_key, new_key, successor)
            reached(RENEWED)
    if address.file is not None:
        _renew_file(address.file, old_key, new_key, successor, reached)
    with closing(Database.open(url, secret=DataKey(new_key), clock=clock)) as renewed:
        documents = _reseal_as_granted(renewed)
        kept = {(row.kind, row.name) for row in renewed.vault.slots()}
    reached(RESEALED)
    return Rekeyed(tuple(row for row in before if (row.kind, row.name) not in kept), documents)


def _reseal_as_granted(database: Database) -> int:
    try:
        return reseal(database)
    except DatabaseUnavailable as error:
        if error.params["reason"] != "not_granted":
            raise
        log.warning("documents stay under the earlier key: this login may not write them, and the server's service does")
        return 0


def reseal(database: Database) -> int:
    """Seal every document and every small secret with the present key, then forget the earlier ones; returns how many documents.

    A rekey does it; one that was interrupted is ended by this, at any time and beside other work. The earlier keys stay while
    there is a secret that this person may not write: a server's own is renewed by its service.
    """
    documents = store_of(database).reseal()
    held = database.vault.keys()

    def forget(file: KeyFile | None) -> KeyFile:
        if file is None:
            raise VaultLocked
        return msgspec.structs.replace(file, earlier=tuple(one for one in file.earlier if one.key_id not in held))

    if renew_all(database) and len(held) > 1:
        database.vault.change(forget)
    return documents


def _successor(vault: Vault, new_key: bytes, keep: Sequence[SlotSecret], clock: Clock) -> tuple[KeyFile, tuple[SlotRow, ...]]:
    """The next key file with its slots, and the rows of the present one."""
    present = vault.present()
    if present is None:
        raise VaultLocked
    made = msgspec.structs.replace(new_key_file(new_key), id=present.id)
    for one in _with_device(present, keep):
        made = with_slot(made, new_key, one, now=clock(), name=own_name(one))
    if not made.slots:
        raise ValueError("a rekey keeps at least one secret")
    return made, rows_of(present, vault.data_key)


def _with_device(present: KeyFile, keep: Sequence[SlotSecret]) -> list[SlotSecret]:
    kept: list[SlotSecret] = [one for one in keep if not isinstance(one, DeviceKey)]
    if has_slot(present, DEVICE):
        try:
            own = DeviceKey(device_key(present.id))
        except DeviceKeyUnavailable:
            return kept
        if has_slot(present, DEVICE, trial_of(own).name):
            kept.append(own)
    return kept


def _renew_on_server(vault: Vault, old_key: bytes, new_key: bytes, successor: KeyFile) -> None:
    def renewed(present: KeyFile | None) -> KeyFile:
        if present is None or present.key_id != key_id(old_key):
            raise VaultRenewed
        return _chained(present, old_key, successor, new_key)

    vault.change(renewed)


def _renew_file(file: Path, old_key: bytes, new_key: bytes, successor: KeyFile, reached: Reached) -> None:
    following, key_file = next_file_path(file), key_file_path(file)
    with closing(_held_alone(file, old_key)) as held:
        try:
            _copy(held, file, following, new_key)
            reached(COPIED)
        except BaseException as error:
            following.unlink(missing_ok=True)
            if isinstance(error, sqlcipher.DatabaseError):
                raise refused(error, file) from error
            raise
        successor = msgspec.structs.replace(successor, database_salt=salt_of(following))
        present = with_successor(ended(read_key_file(key_file), old_key), old_key, successor, new_key)
        write_durably(key_file, present.export())
        reached(ANNOUNCED)
        _swap(held, following, file)
        reached(SWAPPED)
        write_durably(key_file, _chained(present, old_key, successor, new_key).export())
        reached(RENEWED)


def _chained(present: KeyFile, old_key: bytes, successor: KeyFile, new_key: bytes) -> KeyFile:
    following = with_successor(present, old_key, successor, new_key).successor
    assert following is not None
    return following


def _held_alone(file: Path, data_key: bytes) -> Any:
    """A connection that nobody else can be beside until it is closed, with the log folded into the file."""
    held = connect_to(file, data_key, timeout=_PATIENCE)
    try:
        held.execute("PRAGMA locking_mode = EXCLUSIVE")
        if held.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
            raise DatabaseUnavailable(reason="in_use", path=str(file))
        held.execute("BEGIN EXCLUSIVE")
        held.execute("COMMIT")
    except sqlcipher.OperationalError as error:
        held.close()
        raise DatabaseUnavailable(reason="in_use", path=str(file)) from error
    except BaseException:
        held.close()
        raise
    return held


def _copy(held: Any, file: Path, following: Path, new_key: bytes) -> None:
    """Write every page under the new key, and read every page back before anyone relies on it."""
    following.unlink(missing_ok=True)
    if held.execute("PRAGMA cipher_integrity_check").fetchall():
        raise DatabaseUnavailable(reason="damaged", path=str(file))  # copying would put an empty page in place of a broken one
    with closing(connect_to(following, new_key)) as made:
        held.backup(made)
    shutil.copymode(file, following)
    with closing(connect_to(following, new_key)) as made:
        pages = "PRAGMA page_count"
        is_whole = (
            made.execute("PRAGMA cipher_integrity_check").fetchall() == []
            and made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            and made.execute(pages).fetchone() == held.execute(pages).fetchone()
        )
    if not is_whole:
        raise DatabaseUnavailable(reason="damaged", path=str(file))
    sync_file(following)
    sync_folder(file.parent)


def _swap(held: Any, following: Path, file: Path) -> None:
    if os.name == "nt":
        # An open file cannot be replaced there. Whoever opens it now makes the replacement fail; whoever was quicker is seen.
        before = file.stat()
        held.close()
        after = file.stat()
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise DatabaseUnavailable(reason="in_use", path=str(file))
    try:
        following.replace(file)
    except PermissionError as error:
        raise DatabaseUnavailable(reason="in_use", path=str(file)) from error
    sync_folder(file.parent)
