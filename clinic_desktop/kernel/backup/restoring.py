"""Restoring: built beside, checked, and only then put in place; what was there before is kept under another name."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from clinic_desktop.kernel.backup.copying import copy_rows
from clinic_desktop.kernel.backup.documents import restore_documents
from clinic_desktop.kernel.backup.folders import slots_file
from clinic_desktop.kernel.backup.loading import load
from clinic_desktop.kernel.backup.planning import Plan
from clinic_desktop.kernel.backup.rebuilding import Rebuilt, rebuild
from clinic_desktop.kernel.backup.sides import SqliteSide
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.backup.swapping import Reached, finish_swap, is_planned, swap, working_copy
from clinic_desktop.kernel.backup.taking import written_in
from clinic_desktop.kernel.backup.workfiles import building, found, reading
from clinic_desktop.kernel.clock import Clock, system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import sync_file, sync_folder, write_durably
from clinic_desktop.kernel.engines import Address, check_place, parse_address, salt_of
from clinic_desktop.kernel.identity import remember
from clinic_desktop.kernel.key_secrets import DataKey, Passphrase, RecoveryKey, Secret, WrongPassphrase
from clinic_desktop.kernel.keys import KeyFile, key_file_path, unlock, with_slot
from clinic_desktop.kernel.store import Folder, Store, documents_folder, store_of
from clinic_desktop.kernel.vault import Vault


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the state that is there now, and where the one before it is kept."""

    rebuilt: Rebuilt
    kept_at: str | None
    """File name or schema of what was there before; None when there was nothing."""
    documents: int


def restore(
    plan: Plan,
    url: str,
    secret: Secret,
    *,
    by: str = "restore",
    present: Database | None = None,
    clock: Clock = system_clock,
    steps: Steps = UNWATCHED,
    reached: Reached = lambda _step: None,
) -> Restored:
    """Restore a plan to an address. Nothing is lost: the present database there keeps its rows under another name.

    ``present``: the database that is to be replaced, if it can still be read; it lends the change sets that no segment has,
    and is closed before a file is replaced. A printed key or passphrase that opened the backup opens the restored database too;
    a person needs the password of the time that is restored.
    """
    address = parse_address(url)
    slots = _slots(plan, secret, clock())
    if address.file is None:
        return _to_server(plan, address, slots, by, present, clock, steps)
    check_place(address.file)
    finish_swap(address.file)
    with written_in(address.file.parent):
        return _to_file(plan, address, slots, by, present, clock, steps, reached)


def _to_file(
    plan: Plan, address: Address, slots: KeyFile, by: str, present: Database | None, clock: Clock, steps: Steps, reached: Reached
) -> Restored:
    assert address.file is not None
    file, made, documents = address.file, working_copy(address.file), 0
    present_key = None if present is None else present.data_key
    _clear(made)
    try:
        rebuilt = rebuild(plan, made, clock(), present=present, by=by, steps=steps)
        if present is not None:
            present.close()
        if address.needs_passphrase:
            write_durably(key_file_path(made), msgspec.structs.replace(slots, database_salt=salt_of(made)).export())
        else:
            _make_plain(made, plan.data_key, rebuilt.revision, steps)
        sync_file(made)
        sync_folder(made.parent)
        if not file.exists() or present_key == plan.data_key:
            documents = _lay_documents(plan, file, address, clock, steps)  # before the swap where that harms nobody: it may be killed after
        reached("built")
        aside = swap(file, present_key, clock(), reached)
    except BaseException:
        if not is_planned(file):
            _clear(made)
        raise
    return Restored(rebuilt, None if aside is None else aside.name, documents + _end(plan, address, clock, steps))


def _to_server(plan: Plan, address: Address, slots: KeyFile, by: str, present: Database | None, clock: Clock, steps: Steps) -> Restored:
    with tempfile.TemporaryDirectory(prefix="clinic-restore-") as folder:
        made = Path(folder) / "clinic.db"
        rebuilt = rebuild(plan, made, clock(), present=present, by=by, steps=steps)
        with closing(_opened(address, None, clock)) as target, reading(made, plan.data_key) as source:
            kept = load(source, rebuilt.revision, slots, target, clock(), steps)
    return Restored(rebuilt, kept, _end(plan, address, clock, steps))


def _end(plan: Plan, address: Address, clock: Clock, steps: Steps) -> int:
    """Give the restored database its documents, and remember it as the one that belongs at this address."""
    is_plain = address.kind == "sqlite"
    with closing(_opened(address, None if is_plain else DataKey(plan.data_key), clock)) as database:
        remember(database)
        return restore_documents(plan.shelf.folder, plan.backup.manifest.site_id, plan.keys, store_of(database), clock, steps)


def _lay_documents(plan: Plan, file: Path, address: Address, clock: Clock, steps: Steps) -> int:
    vault = Vault(None, clock, plan.data_key if address.needs_passphrase else None)
    store = Store(Folder(documents_folder(file)), vault, is_plain=not address.needs_passphrase)
    return restore_documents(plan.shelf.folder, plan.backup.manifest.site_id, plan.keys, store, clock, steps)


def _opened(address: Address, secret: Secret | None, clock: Clock) -> Database:
    return Database.open(address.url.render_as_string(hide_password=False), secret=secret, clock=clock)


def _slots(plan: Plan, secret: Secret, now: datetime) -> KeyFile:
    """The slots of the restored copy: those of the time that is restored, and the printed key or passphrase that opened it."""
    chosen = KeyFile.parse(plan.backup.key_slots, path=str(plan.backup.path))
    kept = slots_file(plan.shelf.folder, plan.shelf.database_id)
    if plan.at is None and not plan.is_file and kept.exists():
        newest = KeyFile.parse(kept.read_bytes(), path=str(kept))
        chosen = newest if newest.key_id == chosen.key_id else chosen
    if isinstance(secret, (Passphrase, RecoveryKey)) and not _opens(chosen, secret, now):
        chosen = with_slot(chosen, plan.data_key, secret, now=now)
    return chosen


def _opens(slots: KeyFile, secret: Passphrase | RecoveryKey, now: datetime) -> bool:
    try:
        unlock(slots, secret, now)
    except WrongPassphrase:
        return False
    return True


def _make_plain(made: Path, data_key: bytes, revision: str, steps: Steps) -> None:
    """A development database is plain: copy the rows into such a file."""
    plain = made.with_name(made.name + ".plain")
    with building(plain, None) as target, reading(made, data_key) as source:
        found(target, revision)
        target.execute("BEGIN")
        copy_rows(SqliteSide(source), SqliteSide(target), steps)
        target.execute("COMMIT")
    plain.replace(made)


def _clear(made: Path) -> None:
    for tail in ("", "-journal", ".keys", ".plain"):
        made.with_name(made.name + tail).unlink(missing_ok=True)
