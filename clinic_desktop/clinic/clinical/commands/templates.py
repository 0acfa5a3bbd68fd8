"""Prepared prescriptions, of one doctor or shared."""

from __future__ import annotations

from uuid import UUID

from clinic_desktop.clinic.clinical.commands.prescriptions import PRESCRIBE, NewItem
from clinic_desktop.clinic.clinical.models import PrescriptionTemplate, PrescriptionTemplateItem
from clinic_desktop.clinic.clinical.rules.dosing import MAX_DAYS, checked_dose
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.text import optional_line, required_line, whole_number


@command(PRESCRIBE)
def save_template(tx: Tx, *, name: str, items: tuple[NewItem, ...], diagnosis: str | None = None, doctor_id: UUID | None = None) -> UUID:
    """Keep a set of items under a name, for one doctor or (no doctor) for all."""
    if not items:
        raise InvalidInput("items", "required")
    template = PrescriptionTemplate(
        doctor_id=doctor_id, name=required_line(name, "name", limit=80), diagnosis=optional_line(diagnosis, "diagnosis"), is_active=True
    )
    tx.add(template)
    tx.session.flush()
    for position, item in enumerate(items, 1):
        tx.add(_line(template.id, position, item))
    tx.session.flush()
    return template.id


def _line(template_id: UUID, position: int, item: NewItem) -> PrescriptionTemplateItem:
    return PrescriptionTemplateItem(
        template_id=template_id,
        position=position,
        medicine_id=item.medicine_id,
        dose=checked_dose(item.dose).normalize(),
        unit=required_line(item.unit, "unit", limit=20),
        route=item.route,
        frequency=item.frequency,
        duration_days=whole_number(item.duration_days, "duration_days", 1, MAX_DAYS),
        quantity=item.quantity,
        instructions=optional_line(item.instructions, "instructions", limit=500),
        substitution_allowed=item.substitution_allowed,
    )


@command(PRESCRIBE)
def drop_template(tx: Tx, *, template_id: UUID) -> None:
    """Take a template out of the list; its row stays."""
    template = tx.session.get(PrescriptionTemplate, template_id)
    if template is None:
        raise NotFound(entity="prescription_templates", key=str(template_id))
    template.is_active = False
