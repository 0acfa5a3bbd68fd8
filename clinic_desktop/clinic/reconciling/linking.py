"""A database becomes a site of a chain: its own code, and its clinics under it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands import MANAGE
from clinic_desktop.clinic.organisation.models import Clinic, Site
from clinic_desktop.clinic.reconciling.events import SiteLinked
from clinic_desktop.clinic.reconciling.rules import OtherSite
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal import DatabaseIdentity


@command(MANAGE)
def link_site(tx: Tx, *, site_id: UUID, code: str, name: str, keeps_shared_data: bool) -> None:
    """Make this database the site that central has taken in; raises OtherSite where it is another one already.

    Central has the same row of the site, so that neither has to wait for the other's.
    """
    identity = tx.session.scalars(select(DatabaseIdentity).with_for_update()).one()
    if identity.site_code is not None and (identity.site_id, identity.site_code) != (site_id, code):
        raise OtherSite(current=identity.site_code, wanted=code)
    identity.site_id, identity.site_code = site_id, code
    site = tx.session.get(Site, site_id)
    if site is None:
        site = tx.add(Site(id=site_id, code=code, name=name, keeps_shared_data=keeps_shared_data, is_active=True))
        tx.session.flush()
    for clinic in tx.session.scalars(select(Clinic).where(Clinic.site_id.is_(None)).order_by(Clinic.id)):
        clinic.site_id = site_id
    tx.session.flush()
    tx.emit(SiteLinked(site_id))


@command(MANAGE)
def unlink_site(tx: Tx) -> None:
    """Stop taking part: what is here stays, and the site's code with it, since numbers that are printed carry it."""
    identity = tx.session.scalars(select(DatabaseIdentity)).one()
    tx.note("site_left", Site.__tablename__, identity.site_id, code=identity.site_code)
    tx.emit(SiteLinked(identity.site_id))
