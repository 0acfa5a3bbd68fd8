"""Which database this is, remembered outside of it too: a copy that took its place is noticed, and continued only knowingly.

The anchor (database id, sequence and hash of the newest change set) lies in the user's state folder, by the database's
address. It holds no secret. Sync and numbering rest on it: two copies of one database must not both go on as the same.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.engines import Address
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import ChangeSet, DatabaseIdentity, JournalHead
from clinic_desktop.kernel.security import Actor

STATE_VARIABLE = "CLINIC_STATE_FOLDER"
ACCEPTED = "kernel.accept_as_restored"


class Anchor(msgspec.Struct, frozen=True):
    """What was last seen at an address."""

    database_id: UUID
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """This computer has not opened a database at this address before."""


@dataclass(frozen=True, slots=True)
class Same:
    """The database that was here, gone on from where it was."""


@dataclass(frozen=True, slots=True)
class Older:
    """An earlier state of the database that was here: so many change sets that this computer saw are missing."""

    missing: int


@dataclass(frozen=True, slots=True)
class Diverged:
    """A copy of the database that was here, which went another way since."""

    since: int
    """The sequence at which it is no longer the same."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A copy that was restored from the one that was here, and says so."""

    restored_from: UUID


@dataclass(frozen=True, slots=True)
class Other:
    """Quite another database."""

    database_id: UUID


Finding: TypeAlias = Fresh | Same | Older | Diverged | Restored | Other


def check_identity(database: Database) -> Finding:
    """Compare an open database with what was last seen at its address. Changes nothing."""
    anchor = _read(_anchor_file(database.address))
    if anchor is None:
        return Fresh()
    with database.engine.connect() as connection:
        identity = connection.execute(select(DatabaseIdentity.database_id, DatabaseIdentity.restored_from)).one()
        seq = connection.scalar(select(JournalHead.seq)) or 0
        then = connection.scalar(select(ChangeSet.hash).where(ChangeSet.seq == anchor.seq))
    if identity.database_id != anchor.database_id:
        return Restored(anchor.database_id) if identity.restored_from == anchor.database_id else Other(identity.database_id)
    if seq < anchor.seq:
        return Older(anchor.seq - seq)
    # A change set that is not here any more went into an archive: only this database's own work does that.
    return Same() if then is None or bytes(then).hex() == anchor.hash else Diverged(anchor.seq)


def remember(database: Database) -> None:
    """Take what is there now for what belongs at this address."""
    with database.engine.connect() as connection:
        identity = connection.scalar(select(DatabaseIdentity.database_id))
        head = connection.execute(select(JournalHead.seq, JournalHead.hash)).one()
    assert identity is not None
    file = _anchor_file(database.address)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(file, msgspec.json.encode(Anchor(identity, head.seq, bytes(head.hash).hex())))


def accept_as_restored(database: Database, actor: Actor) -> UUID:
    """Go on with a copy knowingly: it gets an id of its own and notes whose copy it is; returns the new id."""
    with database.write(actor) as tx:
        tx.command = ACCEPTED
        before = tx.session.scalars(select(DatabaseIdentity).with_for_update()).one()
        after = DatabaseIdentity(
            database_id=new_id(),
            site_id=before.site_id,
            site_code=before.site_code,
            currency=before.currency,
            restored_from=before.database_id,
        )
        tx.session.delete(before)
        tx.add(after)
        tx.session.flush()
        tx.note("accepted_as_restored", "database_identity", after.database_id, restored_from=before.database_id)
    remember(database)
    return after.database_id


def _read(file: Path) -> Anchor | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Anchor)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _anchor_file(address: Address) -> Path:
    url = address.url
    place = str(address.file.resolve()) if address.file is not None else f"{url.host}:{url.port or 5432}/{url.database}"
    return state_folder() / "anchors" / f"{blake2b(place.encode(), digest_size=12).hexdigest()}.json"


def state_folder() -> Path:
    """Where this user's programs keep what is neither data nor setting."""
    chosen = os.environ.get(STATE_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "Clinic Desktop"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Clinic Desktop"
    return Path(os.environ.get("XDG_STATE_HOME", str(Path.home() / ".local" / "state"))) / "clinic-desktop"
