"""Documents beside backups: each one once in a folder, by the hash of what it holds, sealed with the backups' key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from clinic_desktop.kernel.backup.container import short_id
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.clock import Clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.store import DocumentDamaged, DocumentMissing, Folder, Store, store_of
from clinic_desktop.kernel.vault import Vault, VaultRenewed

_MISSED = "missed.json"


def documents_beside(folder: Path, site_id: UUID) -> Path:
    """Where the documents of a site lie in a backup folder; restored copies of it share them."""
    return folder / f"clinic-{short_id(site_id)}.documents"


def copy_documents(database: Database, folder: Path, site_id: UUID, data_key: bytes, steps: Steps = UNWATCHED) -> int:
    """Copy to a backup folder the documents that it lacks; returns how many. A damaged one stays as the folder has it."""
    kept = Store(Folder(documents_beside(folder, site_id)), Vault(None, database.clock, data_key), is_plain=False)
    return _copy(store_of(database), kept, kept.has, steps)


def sweep_documents(database: Database, folder: Path, site_id: UUID, oldest: datetime) -> int:
    """Remove documents that the clinic let go before its oldest backup here was taken; returns how many.

    When each of them was first missed is written down beside them: the store itself does not remember.
    """
    root = documents_beside(folder, site_id)
    noted, kept, store = root / _MISSED, Folder(root), store_of(database)
    known = msgspec.json.decode(noted.read_bytes(), type=dict[str, datetime]) if noted.exists() else {}
    missed = {name: known.get(name, database.clock()) for name in kept.names() if not store.has(name)}
    gone = [name for name, since in missed.items() if since < oldest]
    for name in gone:
        kept.remove(name)
    if missed or known:
        write_durably(noted, msgspec.json.encode({name: since for name, since in missed.items() if name not in gone}))
    return len(gone)


def restore_documents(folder: Path, site_id: UUID, keys: Mapping[str, bytes], target: Store, clock: Clock, steps: Steps = UNWATCHED) -> int:
    """Give a restored store the documents that it lacks; returns how many."""
    root, copied = Folder(documents_beside(folder, site_id)), 0
    for data_key in keys.values():
        source = Store(root, Vault(None, clock, data_key), is_plain=False)
        copied += _copy(source, target, lambda name: _reads(target, name), steps)
    return copied


def _reads(store: Store, name: str) -> bool:
    """Whether a store has a document and the key for it: one that was sealed later, with another key, is of no use."""
    try:
        store.get(name)
    except (DocumentMissing, DocumentDamaged, VaultRenewed):
        return False
    return True


def _copy(source: Store, target: Store, is_there: Callable[[str], bool], steps: Steps) -> int:
    names, copied = list(source.every()), 0
    for number, name in enumerate(names):
        steps.at(number, len(names), "documents")
        if is_there(name):
            continue
        try:
            target.put(source.get(name))
        except (DocumentMissing, DocumentDamaged):
            continue  # what is damaged there already is told by the document's own check
        copied += 1
    return copied
