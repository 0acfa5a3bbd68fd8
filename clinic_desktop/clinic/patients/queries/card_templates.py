"""What stands on cards: the versions that a hospital has made, and the layout of one card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.patients.card_design import SHIPPED, STANDARD, CardLayout, read_layout
from clinic_desktop.clinic.patients.models import CardTemplate

STANDARD_CODE = next(iter(SHIPPED))
"""The shipped template that is used until a hospital has chosen one of its own."""


@dataclass(frozen=True, slots=True)
class CardTemplateRow:
    """One version of a template. ``id`` is None for a shipped one, whose ``name`` is its code."""

    id: UUID | None
    name: str
    version: int
    layout: CardLayout
    is_default: bool
    is_active: bool
    created_at: datetime | None
    row_version: int

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the program."""
        return self.id is None


def card_templates(session: Session) -> list[CardTemplateRow]:
    """Every version, by name and the newest first, then the shipped ones."""
    own = [_row(one) for one in session.scalars(select(CardTemplate).order_by(CardTemplate.name, CardTemplate.version.desc()))]
    has_default = any(one.is_default for one in own)
    return own + [
        CardTemplateRow(None, code, 1, layout, not has_default and code == STANDARD_CODE, True, None, 1) for code, layout in SHIPPED.items()
    ]


def default_template(session: Session) -> CardTemplateRow | None:
    """The version that new cards get; None for the shipped standard."""
    found = session.scalars(select(CardTemplate).where(CardTemplate.is_default)).one_or_none()
    return None if found is None else _row(found)


def layout_of(session: Session, template_id: UUID | None, template: str = STANDARD_CODE) -> CardLayout:
    """The layout that a card was issued with."""
    found = None if template_id is None else session.get(CardTemplate, template_id)
    return read_layout(found.layout) if found is not None else SHIPPED.get(template, STANDARD)


def _row(one: CardTemplate) -> CardTemplateRow:
    layout = read_layout(one.layout)
    return CardTemplateRow(one.id, one.name, one.version, layout, one.is_default, one.is_active, one.created_at, one.row_version)
