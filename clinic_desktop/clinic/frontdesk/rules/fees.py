"""Which of a doctor's fees a visit costs; pure."""

from __future__ import annotations

from clinic_desktop.clinic.frontdesk.rules.states import AppointmentKind
from clinic_desktop.clinic.staff.rules import FeeKind

_FEE_KINDS = {AppointmentKind.FOLLOW_UP: FeeKind.FOLLOW_UP, AppointmentKind.EMERGENCY: FeeKind.EMERGENCY}


def fee_kind(kind: AppointmentKind) -> FeeKind:
    """The fee of a kind of visit."""
    return _FEE_KINDS.get(kind, FeeKind.OPD)
