"""Tables of identity cards: what stands on them, the cards, and the keys that sign them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.clinic.patients.merging import card_in_use, second_card_revoked
from clinic_desktop.kernel.merging import Clash, ledger, merged, shared
from clinic_desktop.kernel.tables import Record


class CardTemplate(Record):
    """One version of what stands on cards. A version is never changed: cards are printed again as they were issued."""

    __tablename__ = "card_templates"
    __merge__ = shared(inactive={"is_active": False})
    __table_args__ = (
        UniqueConstraint("name", "version"),
        Index("uq_card_templates_default", "is_default", unique=True, sqlite_where=text("is_default"), postgresql_where=text("is_default")),
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("version > 0", name="version_from_one"),
        CheckConstraint("is_active OR NOT is_default", name="default_in_use"),
    )

    name: Mapped[str]
    version: Mapped[int]
    layout: Mapped[str]
    is_default: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)


_IN_USE = text("revoked_at IS NULL")


class IdCard(Record):
    """An identity card; a patient has at most one that is not revoked."""

    __tablename__ = "id_cards"
    __merge__ = merged(counters={"print_count"}, clashes=(Clash(("patient_id",), second_card_revoked, "CLASH", among=card_in_use),))
    __table_args__ = (
        Index("uq_id_cards_in_use", "patient_id", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
        Index("ix_id_cards_to_print", "printed_at", "issued_at", "id", sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    card_number: Mapped[str] = mapped_column(unique=True)
    code128: Mapped[str]
    qr_payload: Mapped[str]
    template: Mapped[str]
    """The name of its template when it was issued; of a shipped one the code."""
    template_id: Mapped[UUID | None] = mapped_column(ForeignKey("card_templates.id"), index=True)
    """The version of the template; none for a shipped one."""
    issued_at: Mapped[datetime]
    valid_until: Mapped[date | None]
    printed_at: Mapped[datetime | None]
    print_count: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]


class CardSigningKey(Record):
    """The hospital's Ed25519 key for cards: ``seed`` signs, ``public_key`` verifies anywhere."""

    __tablename__ = "card_signing_keys"
    __merge__ = ledger(stays_here={"seed"})
    __table_args__ = (CheckConstraint("length(seed) = 32 AND length(public_key) = 32", name="key_sizes"),)

    key_number: Mapped[int] = mapped_column(unique=True)
    # Of the site that made the key, and of no other: each signs with its own.
    seed: Mapped[bytes | None] = mapped_column(info={"secret": True})
    public_key: Mapped[bytes]
