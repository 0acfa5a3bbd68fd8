"""What the screens of the organisation call things."""

from __future__ import annotations

from collections.abc import Sequence

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import Column, Row
from clinic_desktop.ui.theme.tokens import Tone


def document_titles() -> dict[str, str]:
    """Each kind of document that is printed (``documents.compose.DocumentKind``, whose import would bring the whole of printing)."""
    return {
        "receipt": _("Receipts"),
        "invoice": _("Invoices"),
        "prescription": _("Prescriptions"),
        "appointment_slip": _("Appointment slips"),
        "queue_token": _("Queue tokens"),
        "id_card": _("ID cards"),
        "settlement": _("Settlements"),
        "consent": _("Consents"),
        "patient_document": _("Patients' documents"),
    }


def in_use_column(closed: str, *, width: int = 104) -> Column:
    """Whether a record is still offered."""
    return Column(
        _("Status"),
        lambda one: _("In use") if one.is_active else closed,
        chip=lambda one: Tone.GOOD if one.is_active else Tone.NEUTRAL,
        width=width,
    )


def active_first(rows: Sequence[Row]) -> list[Row]:
    """Those in use before the others, each in their order."""
    return sorted(rows, key=lambda one: not one.is_active)
