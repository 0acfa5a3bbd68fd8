"""The write scope in which sync works: in the name of the program itself, told in the journal as what it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.models import THE_ONE, SyncLink


@contextmanager
def writing(database: Database, command: str = "sync.pull") -> Iterator[Tx]:
    """One transaction of sync."""
    with database.write(Actor.system("sync")) as tx:
        tx.command = command
        yield tx


def link_of(tx: Tx) -> SyncLink:
    """The way to central, locked; a new one where there was none."""
    link = tx.session.scalars(select(SyncLink).where(SyncLink.id == THE_ONE).with_for_update()).one_or_none()
    if link is None:
        link = new_link()
        tx.session.add(link)
        tx.session.flush()
    return link


def new_link() -> SyncLink:
    """The link of a database that never spoke to central."""
    return SyncLink(id=THE_ONE, central_id=None, pushed_seq=0, pushed_hash=b"", echoed_seq=0, pulled_seq=0, pulled_hash=b"")
