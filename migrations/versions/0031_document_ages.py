"""Documents on a server know when they were last put: what nobody names is removed some days later."""

from __future__ import annotations

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if dialect() == "postgresql":
        run(["ALTER TABLE document_blobs ADD COLUMN put_at TIMESTAMP WITH TIME ZONE", "UPDATE document_blobs SET put_at = now()"])
    else:
        run(["ALTER TABLE document_blobs ADD COLUMN put_at DATETIME"])


def downgrade() -> None:
    run(["ALTER TABLE document_blobs DROP COLUMN put_at"])
