"""What stands on identity cards is designed in versions; until when a card is valid; who was registered since a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import run

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _only(where: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


def upgrade() -> None:
    op.create_table(
        "card_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_card_templates_name_given")),
        sa.CheckConstraint("version > 0", name=op.f("ck_card_templates_version_from_one")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_card_templates_default_in_use")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_templates")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_card_templates_name_version")),
    )
    op.create_index("uq_card_templates_default", "card_templates", ["is_default"], unique=True, **_only("is_default"))
    of_template = "CONSTRAINT fk_id_cards_template_id REFERENCES card_templates (id)"
    run([f"ALTER TABLE id_cards ADD COLUMN template_id {sa.Uuid().compile(op.get_bind().dialect)} {of_template}"])
    run(["ALTER TABLE id_cards ADD COLUMN valid_until DATE"])
    op.create_index(op.f("ix_id_cards_template_id"), "id_cards", ["template_id"])
    op.create_index("ix_id_cards_to_print", "id_cards", ["printed_at", "issued_at", "id"], **_only("revoked_at IS NULL"))
    op.create_index("ix_patients_registered", "patients", ["clinic_id", "created_at"])
    op.drop_index(op.f("ix_patients_clinic_id"), "patients")


def downgrade() -> None:
    op.create_index(op.f("ix_patients_clinic_id"), "patients", ["clinic_id"])
    op.drop_index("ix_patients_registered", "patients")
    op.drop_index("ix_id_cards_to_print", "id_cards")
    op.drop_index(op.f("ix_id_cards_template_id"), "id_cards")
    run([f"ALTER TABLE id_cards DROP COLUMN {column}" for column in ("valid_until", "template_id")])
    op.drop_table("card_templates")
