"""A computer of the hall, handed over to patients: the session stays, with no right but to serve them."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.access.commands.permissions import KIOSK_OPEN
from clinic_desktop.clinic.access.models import RefreshToken
from clinic_desktop.clinic.access.rules import KIOSK_LENGTH, NotAKiosk, SessionEnded
from clinic_desktop.clinic.organisation.models import Workstation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx


@command(KIOSK_OPEN)
def open_kiosk(tx: Tx) -> UUID:
    """Narrow the actor's own session to a kiosk's, until a member of staff logs in there; raises NotAKiosk."""
    actor = tx.actor
    token = tx.session.get(RefreshToken, actor.session_id) if actor.session_id is not None else None
    if token is None:
        raise SessionEnded
    place = tx.session.get(Workstation, token.workstation_id) if token.workstation_id is not None else None
    if place is None or not place.is_active or place.kind is not WorkstationKind.KIOSK:
        raise NotAKiosk
    token.kiosk_since, token.expires_at = tx.now, tx.now + KIOSK_LENGTH
    tx.note("kiosk_opened", "workstations", place.id)
    return token.id
