"""The write scope in which sync works: in the name of the program itself, told in the journal as what it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.kernel.archived import keeps_journal
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.models import THE_ONE, SyncLink

_STANDING = select(SyncLink).where(SyncLink.id == THE_ONE)
_LINK = _STANDING.with_for_update()
"""Built once: every transaction of sync begins with it."""


@contextmanager
def writing(database: Database, command: str = "sync.pull") -> Iterator[Tx]:
    """One transaction of sync."""
    with database.write(Actor.system("sync")) as tx:
        tx.command = command
        yield tx


def link_of(tx: Tx) -> SyncLink:
    """The way to central, locked; a new one where there was none."""
    link = tx.session.scalars(_LINK).one_or_none()
    if link is None:
        link = new_link()
        tx.session.add(link)
        tx.session.flush()
    return link


def standing_link(session: Session) -> SyncLink:
    """The way to central as it stands, of a database that has spoken to it."""
    return session.scalars(_STANDING).one()


def new_link() -> SyncLink:
    """The link of a database that never spoke to central."""
    return SyncLink(id=THE_ONE, central_id=None, pushed_seq=0, pushed_hash=b"", echoed_seq=0, pulled_seq=0, pulled_hash=b"")


@keeps_journal
def unsent(session: Session) -> int | None:
    """What a site of a chain has not sent, or central has not settled, is told by its journal alone."""
    link = session.get(SyncLink, THE_ONE)
    return None if link is None or link.address is None else min(link.pushed_seq, link.echoed_seq)


def is_linked(database: Database) -> bool:
    """Whether there is a way to central: asked at every start, so with nothing of the rest of sync imported."""
    with database.read() as session:
        row = session.get(SyncLink, THE_ONE)
        return row is not None and row.address is not None
