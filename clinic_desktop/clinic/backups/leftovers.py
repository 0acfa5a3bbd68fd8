"""Documents that no row names any more, or none yet: removed when that is so for a week, by whoever makes the backups.

They are left by a desk of a server, which adds documents and removes none, when a photo is replaced or a person erased;
and by a program that ended between the bytes and their row.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clinic_desktop.clinic.backups.commands import RUN
from clinic_desktop.clinic.backups.models import Backup
from clinic_desktop.clinic.backups.rules import ABANDONED
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import Folder, Store, documents_folder, store_of

log = logging.getLogger(__name__)
LEFT_FOR = timedelta(days=7)
"""Longer than any row is on its way: a document is put before the row that names it, and a copy's rows come when it is back."""
_AT_ONCE = 500
_PARKED = text("SELECT 1 FROM sync_parked WHERE resolved_at IS NULL LIMIT 1")
"""Change sets that wait for a person: they may name documents that came long before."""


def sweep_leftovers(database: Database, actor: Actor, *, left_for: timedelta = LEFT_FOR) -> int:
    """Remove the documents that nobody has put for so long and that no row names; returns how many."""
    actor.require(RUN, "backups.sweep_leftovers")
    store = store_of(database)
    with database.read() as session:
        named = set(session.scalars(select(Document.sha256)))
    loose = [name for name in store.aged(left_for) if name not in named]
    try:
        return sum(database.run(actor, _sweep, store=store, names=part, left_for=left_for) for part in _parts(loose))
    except DatabaseUnavailable as error:
        if error.params.get("reason") != "not_granted":
            raise
        log.info("documents that nothing names stay: this account may not remove them")
        return 0


def _parts(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[first : first + _AT_ONCE] for first in range(0, len(names), _AT_ONCE)]


def _sweep(tx: Tx, *, store: Store, names: Sequence[str], left_for: timedelta) -> int:
    """In one transaction: see that none of these is named by now, or may be, and let them go."""
    named = set(tx.session.scalars(select(Document.sha256).where(Document.sha256.in_(names))))
    loose = [name for name in names if name not in named]
    if not loose or _may_be_named(tx):
        return 0
    connection = tx.session.connection()
    return sum(store.let_go(name, left_for, connection) for name in loose)


def _may_be_named(tx: Tx) -> bool:
    """Whether a backup that is under way reads what was named when it began, or parked rows may come to name something."""
    running = select(Backup.id).where(Backup.finished_at.is_(None), Backup.started_at > tx.now - ABANDONED).limit(1)
    return tx.session.scalar(running) is not None or tx.session.connection().scalar(_PARKED) is not None


def aged_in(session: Session, age: timedelta) -> set[str]:
    """The documents beside the database file of a session that nobody has put for so long; a server's lie in its table."""
    if session.get_bind().dialect.name != "sqlite":
        return set()
    file = session.connection().execute(text("SELECT file FROM pragma_database_list WHERE name = 'main'")).scalar()
    return set(Folder(documents_folder(Path(file))).aged(age)) if file else set()
