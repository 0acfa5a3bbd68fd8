"""The hospital's logo: its picture in the document store, its name with the hospital."""

from __future__ import annotations

from clinic_desktop.clinic.organisation.commands import MANAGE, set_logo
from clinic_desktop.clinic.organisation.pictures import logo_picture
from clinic_desktop.clinic.organisation.queries import clinics, hospital
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import store_of


def keep_logo(db: Database, actor: Actor, data: bytes) -> None:
    """Make a PNG or JPEG the logo; raises InvalidInput at ``logo``. The picture is there before the row that names it."""
    actor.require(MANAGE, set_logo.name)
    picture = logo_picture(data)
    sha256 = store_of(db).put(picture)
    db.run(actor, set_logo, sha256=sha256, size_bytes=len(picture))


def logo(db: Database) -> bytes | None:
    """The logo as PNG; None when there is none, or no hospital yet. Raises DocumentMissing or DocumentDamaged."""
    with db.read() as session:
        sha256 = hospital(session).logo_sha256 if clinics(session) else None
    return None if sha256 is None else store_of(db).get(sha256)
