"""Retention in words: kinds of records, why something stays, and how far a run is."""

from __future__ import annotations

from clinic_desktop.clinic.privacy.queries import RequestRow
from clinic_desktop.clinic.privacy.retention.holding import Held
from clinic_desktop.clinic.privacy.retention.planning import Staying
from clinic_desktop.clinic.privacy.rules import Kind, RequestKind, RequestStatus
from clinic_desktop.kernel.formats import date_text, number_text
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.wording.entities import ENTITIES

KINDS = {
    Kind.APPOINTMENTS: N_("Appointments and visits"),
    Kind.MEDICAL: N_("Medical records"),
    Kind.BILLING: N_("Invoices and payments"),
    Kind.AUDIT: N_("Audit trail"),
}
_HELD = {
    Held.OPEN: N_("{n} not over"),
    Held.CHILD: N_("{n} of children"),
    Held.NEEDED: N_("{n} needed by: {by}"),
    Held.PART: N_("{n} part of: {by}"),
}
_LABELS = {
    "plan": N_("Looking for what may leave"),
    "write": N_("Writing the archive"),
    "check": N_("Reading the archive again"),
    "remove": N_("Removing what is archived"),
    "audit": N_("Writing the audit trail"),
}
TONES = {RequestStatus.OPEN: Tone.WARN, RequestStatus.DONE: Tone.GOOD, RequestStatus.REFUSED: Tone.NEUTRAL}


def table_text(name: str) -> str:
    """What the records of a table are called."""
    text = _(ENTITIES[name]) if name in ENTITIES else name.replace("_", " ")
    return text[:1].upper() + text[1:]


def staying_text(reasons: tuple[Staying, ...]) -> str:
    """Why old records stay."""
    return " · ".join(
        _(_HELD[one.why]).format(n=number_text(one.rows), by=table_text(one.by) if one.by is not None else "") for one in reasons
    )


def step_text(label: str) -> str:
    """What a run is doing."""
    return _(_LABELS[label]) if label in _LABELS else ""


def next_step(one: RequestRow) -> str:
    """What must happen now."""
    if one.status is RequestStatus.OPEN:
        return _("Hand out the data") if one.kind is RequestKind.EXPORT else _("A second person decides")
    if one.next_due is not None:
        return _("Erase the rest from {day}").format(day=date_text(one.next_due))
    return ""


def size_text(size: int) -> str:
    """Bytes in a unit that people read."""
    if size < 1024 * 1024:
        return _("{n} KB").format(n=number_text(max(1, round(size / 1024))))
    return _("{n} MB").format(n=number_text(round(size / 1024 / 1024)))
