"""From an address and a secret to an engine that reads: creating, opening, and ending a rekey that was interrupted."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.backup.swapping import finish_swap
from clinic_desktop.kernel.clock import Clock
from clinic_desktop.kernel.device_keys import make_device_key
from clinic_desktop.kernel.durable import sync_folder, write_durably
from clinic_desktop.kernel.engines import Address, check_place, fits, has_log, open_engine, salt_of, take_in_log, worded
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.keys import (
    DataKey,
    DeviceKey,
    Secret,
    ended,
    key_file_path,
    new_data_key,
    new_key_file,
    read_key_file,
    with_slot,
)
from clinic_desktop.kernel.vault import BesideDatabase, Vault, keys_opened, own_name, server_vault

log = logging.getLogger(__name__)


class KeyFileForeign(ClinicError):
    """The key file belongs to another database: param ``path``."""

    code = "key_file_foreign"


def next_file_path(database_file: Path) -> Path:
    """Where a rekey writes the database that follows."""
    return database_file.with_name(database_file.name + ".next")


def open_with_keys(address: Address, secret: Secret | None, clock: Clock) -> tuple[Engine, Vault]:
    """An engine and the vault of its keys; a missing encrypted file gets a new data key with the secret's slot."""
    if address.file is None:
        engine = open_engine(address)
        return engine, server_vault(engine, clock)
    check_place(address.file)  # before anything is looked at there: a share may hold whoever looks for ever
    finish_swap(address.file)
    if not address.needs_passphrase:
        return open_engine(address), Vault(None, clock)
    if secret is None:
        raise DatabaseUnavailable(reason="passphrase_missing", path=str(address.file))
    try:
        return _opened(address, address.file, secret, clock)
    except DatabaseUnavailable as error:
        if error.params["reason"] != "replaced":
            raise
    return _opened(address, address.file, secret, clock)  # another program was rekeying while this one waited


def _opened(address: Address, file: Path, secret: Secret, clock: Clock) -> tuple[Engine, Vault]:
    is_new = not file.exists() and not key_file_path(file).exists()
    key = _created(file, secret, clock) if is_new else _key_that_fits(file, secret, clock)
    was_interrupted = has_log(file)
    engine = open_engine(address, key)
    vault = Vault(BesideDatabase(file, engine), clock, key)
    try:
        with engine.connect():
            pass  # from here on this program holds the file, and no rekey can begin
        if was_interrupted:
            take_in_log(engine)
        _settle(file, vault, secret, is_new=is_new)
    except DBAPIError as error:
        engine.dispose()
        raise worded(error) from error
    except BaseException:
        engine.dispose()
        raise
    return engine, vault


def _created(file: Path, secret: Secret, clock: Clock) -> bytes:
    if isinstance(secret, DataKey):
        return secret.key  # whoever has the key itself makes the key file: a restore
    data_key = new_data_key()
    made = new_key_file(data_key)
    keyed = DeviceKey(make_device_key(made.id)) if isinstance(secret, DeviceKey) else secret
    write_durably(key_file_path(file), with_slot(made, data_key, keyed, now=clock(), name=own_name(secret)).export())
    return data_key


def _key_that_fits(file: Path, secret: Secret, clock: Clock) -> bytes:
    path = key_file_path(file)
    if isinstance(secret, DataKey) and not path.exists():
        keys: tuple[bytes, ...] = (secret.key,)
        recorded = ""
    else:
        key_file = read_key_file(path)
        keys, recorded = keys_opened(key_file, secret, clock()), key_file.database_salt
    if not file.exists():
        return keys[0]
    for key in keys:
        if fits(file, key):
            return key
    if recorded and recorded != salt_of(file):
        raise KeyFileForeign(path=str(path))
    if len(keys) == 1 and has_log(file):
        return keys[0]  # the first page was half written when the power failed: the log has it whole, or SQLite will say so
    raise DatabaseUnavailable(reason="damaged", path=str(file))


def _settle(file: Path, vault: Vault, secret: Secret, *, is_new: bool) -> None:
    """End what a rekey left half done, now that the database has said which of its keys it has.

    Both generations of secrets open it until one comes that stays: no door is shut before another was seen to open.
    """
    key_file, data_key = vault.read_whole(), vault.data_key
    if key_file is None or data_key is None:
        return
    if is_new or (key_file.successor is not None and vault.stays(key_file, secret)):
        vault.change(lambda found: ended(found or key_file, data_key))
    following = next_file_path(file)
    if following.exists():
        log.info("removing what an interrupted rekey left")
        following.unlink()
        sync_folder(file.parent)
