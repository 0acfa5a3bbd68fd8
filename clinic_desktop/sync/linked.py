"""How a database stands to its chain: looked at often, by programs that speak to no network."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.organisation.models import Clinic, Hospital
from clinic_desktop.clinic.organisation.models import Site as SiteRow
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.sync.models import THE_ONE, SyncLink


@dataclass(frozen=True, slots=True)
class Link:
    """How this database stands to its chain."""

    address: str | None
    """None: it stands alone."""
    site_code: str | None
    site_name: str | None
    keeps_shared_data: bool
    is_loaded: bool
    """Everything of the chain was read once: before that nobody can work here. One that reads it again goes on working meanwhile."""
    has_hospital: bool
    has_clinic: bool
    """There is a clinic whose rows are written here."""

    @property
    def is_linked(self) -> bool:
        """Whether there is a way to central."""
        return self.address is not None

    @property
    def is_joining(self) -> bool:
        """A new site whose first load is not complete, or that has no clinic of its own yet; not the one that founds the chain."""
        return self.is_linked and (not self.is_loaded or (self.has_hospital and not self.has_clinic))


def link(session: Session) -> Link:
    """How this database stands to its chain."""
    row, me = session.get(SyncLink, THE_ONE), session.scalars(select(DatabaseIdentity)).one()
    site = session.get(SiteRow, me.site_id)
    has_hospital = session.scalar(select(Hospital.id).limit(1)) is not None
    has_people = session.scalar(select(User.id).limit(1)) is not None
    own = select(Clinic.id).where(Clinic.site_id == me.site_id, Clinic.is_active).limit(1)
    return Link(
        address=None if row is None else row.address,
        site_code=me.site_code,
        site_name=None if site is None else site.name,
        keeps_shared_data=site is None or site.keeps_shared_data,
        is_loaded=(has_hospital or has_people) and (row is None or row.loads_from is None or row.proved_at is not None),
        has_hospital=has_hospital,
        has_clinic=session.scalar(own) is not None or (row is not None and row.peer_id is not None),
    )


def is_joining(db: Database) -> bool:
    """Whether this is a new site that nobody can work at yet."""
    with db.read() as session:
        row = session.get(SyncLink, THE_ONE)
        return row is not None and row.address is not None and link(session).is_joining
