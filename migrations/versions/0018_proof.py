"""How far the pass is that holds a site's rows against central's, slice by slice."""

from __future__ import annotations

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMNS = ("proving_since", "proving_table", "proving_after", "proving_differs")


def upgrade() -> None:
    is_server = dialect() == "postgresql"
    kinds = (
        "TIMESTAMP WITH TIME ZONE" if is_server else "DATETIME",
        "TEXT",
        "UUID" if is_server else "CHAR(32)",
        "BOOLEAN DEFAULT FALSE NOT NULL",
    )
    run([f"ALTER TABLE sync_link ADD COLUMN {name} {kind}" for name, kind in zip(COLUMNS, kinds, strict=True)])


def downgrade() -> None:
    run([f"ALTER TABLE sync_link DROP COLUMN {name}" for name in reversed(COLUMNS)])
