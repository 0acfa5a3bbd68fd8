"""Clinics of other sites: their workstations, hours, holidays, numbers and settings are changed there, and a screen says so at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.widgets import directed

Elsewhere = Mapping[UUID, str]
"""The clinics that other sites work for, with their names; none where this database stands alone."""


def elsewhere(session: Any) -> Elsewhere:
    """Read which they are."""
    here = {one.id for one in clinics(session, with_inactive=True, here=True)}
    return {one.id: one.name for one in clinics(session, with_inactive=True) if one.id not in here}


def why_closed(found: Elsewhere, clinic_id: UUID | None) -> str:
    """Why what belongs to a clinic cannot be changed here; empty where it can."""
    if clinic_id is None or clinic_id not in found:
        return ""
    return directed(_("{clinic} belongs to another site. This is changed there.").format(clinic=isolated(found[clinic_id])))
