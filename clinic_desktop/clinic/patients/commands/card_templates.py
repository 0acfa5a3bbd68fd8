"""Designing cards: each save is a new version, and one version is that of new cards."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.commands.places import hospital_in_turn
from clinic_desktop.clinic.patients.card_design import SHIPPED, CardLayout, checked_layout, written_layout
from clinic_desktop.clinic.patients.events import CardTemplatesChanged
from clinic_desktop.clinic.patients.models import CardTemplate
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import required_line

DESIGN = permission("patients.card_templates", N_("Design ID cards"), needs_password=True)


@command(DESIGN, idempotent=True)
def save_card_template(tx: Tx, *, key: UUID, name: str, layout: CardLayout, is_default: bool = False) -> UUID:
    """Keep a layout as the next version of the template with that name; earlier ones stay as they are."""
    hospital_in_turn(tx)
    line = required_line(name, "name", limit=60)
    if line.casefold() in SHIPPED:
        raise InvalidInput("name", "name_of_shipped")
    same = select(CardTemplate.name, CardTemplate.version).where(func.lower(CardTemplate.name) == line.lower())
    earlier = tx.session.execute(same.order_by(CardTemplate.version.desc()).limit(1)).one_or_none()
    template = tx.add(
        CardTemplate(
            name=earlier.name if earlier else line,
            version=earlier.version + 1 if earlier else 1,
            layout=written_layout(checked_layout(layout)),
            is_default=False,
            is_active=True,
        )
    )
    tx.session.flush()
    if is_default:
        _make_default(tx, template)
    tx.emit(CardTemplatesChanged(template.id))
    return template.id


@command(DESIGN)
def use_card_template(tx: Tx, *, template_id: UUID | None) -> None:
    """Give new cards this version; None: the shipped standard. Cards that are out keep theirs."""
    hospital_in_turn(tx)
    template = None if template_id is None else _template(tx, template_id)
    if template is not None:
        template.is_active = True
    _make_default(tx, template)
    tx.emit(CardTemplatesChanged(template_id))


@command(DESIGN)
def retire_card_template(tx: Tx, *, template_id: UUID) -> None:
    """Offer a version no more; where it was that of new cards, the shipped standard takes its place."""
    hospital_in_turn(tx)
    template = _template(tx, template_id)
    template.is_default = template.is_active = False
    tx.session.flush()
    tx.emit(CardTemplatesChanged(template_id))


def _make_default(tx: Tx, template: CardTemplate | None) -> None:
    for former in tx.session.scalars(select(CardTemplate).where(CardTemplate.is_default)):
        former.is_default = False
    tx.session.flush()  # one may be the default at a time
    if template is not None:
        template.is_default = True
        tx.session.flush()


def _template(tx: Tx, template_id: UUID) -> CardTemplate:
    found = tx.session.get(CardTemplate, template_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(entity="card_templates", key=str(template_id))
    return found
