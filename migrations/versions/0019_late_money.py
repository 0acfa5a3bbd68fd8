"""Money taken on computers' copies: tills of their own, and what comes in late counted by a later settlement; when a copy was detached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clinic_desktop.kernel.revision_steps import dialect, run

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN_TILL = "uq_till_sessions_open"
COLUMNS = (
    ("till_sessions", "series", "TEXT"),
    ("credit_notes", "series", "TEXT"),
    ("daily_settlements", "away", "TEXT"),
    ("daily_settlements", "payments_away", "BIGINT"),
    ("daily_settlements", "refunds_away", "BIGINT"),
    ("daily_settlements", "credits_away", "BIGINT"),
)
DAY = "d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date"
SAME = "e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date"
TILL = "JOIN till_sessions {0} ON {0}.id = {1}.till_session_id"
LEDGERS = (("payments", "payments_total", "payments_away"), ("refunds", "refunds_total", "refunds_away"))


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if dialect() == "postgresql" else "DATETIME"
    run([f"ALTER TABLE {table} ADD COLUMN {column} {kind}" for table, column, kind in COLUMNS])
    run([f"ALTER TABLE sync_peers ADD COLUMN detached_at {instant}"])
    _one_open("status = 'OPEN' AND series IS NULL")
    _of_copies("till_sessions")
    _of_copies("credit_notes")
    _guard({table: _own_exceeds(table, total, away) for table, total, away in LEDGERS} | {"credit_notes": _own_credits_exceed()})


def downgrade() -> None:
    _guard({table: _exceeds(table, total) for table, total, _ in (*LEDGERS, ("credit_notes", "credits_total", ""))})
    for table in ("credit_notes", "till_sessions"):
        op.drop_index(f"ix_{table}_series", table)
    _one_open("status = 'OPEN'")
    run(["ALTER TABLE sync_peers DROP COLUMN detached_at"])
    run([f"ALTER TABLE {table} DROP COLUMN {column}" for table, column, _ in reversed(COLUMNS)])


def _one_open(where: str) -> None:
    op.drop_index(OPEN_TILL, "till_sessions")
    only = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
    op.create_index(OPEN_TILL, "till_sessions", ["cashier_id", "clinic_id"], unique=True, **only)


def _of_copies(table: str) -> None:
    only = {"sqlite_where": sa.text("series IS NOT NULL"), "postgresql_where": sa.text("series IS NOT NULL")}
    op.create_index(f"ix_{table}_series", table, ["clinic_id", "business_date"], **only)


def _exceeds(table: str, total: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM daily_settlements d WHERE {DAY} "
        f"AND d.{total} < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM {table} e WHERE {SAME}))"
    )


def _own_exceeds(table: str, total: str, away: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM daily_settlements d {TILL.format('t', 'NEW')} WHERE t.series IS NULL AND {DAY} "
        f"AND d.{total} - COALESCE(d.{away}, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) "
        f"FROM {table} e {TILL.format('o', 'e')} WHERE o.series IS NULL AND {SAME}))"
    )


def _own_credits_exceed() -> str:
    return (
        f"NEW.series IS NULL AND EXISTS (SELECT 1 FROM daily_settlements d WHERE {DAY} "
        "AND d.credits_total - COALESCE(d.credits_away, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) "
        f"FROM credit_notes e WHERE e.series IS NULL AND {SAME}))"
    )


def _guard(conditions: dict[str, str]) -> None:
    for table, condition in conditions.items():
        name = f"{table}_day_open"
        if dialect() == "sqlite":
            run([f"DROP TRIGGER {name}"])
            refused = f"BEGIN SELECT RAISE(ABORT, 'billing guard {name}'); END"
            run([f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {condition} {refused}"])
            continue
        refused = "RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF"
        ended = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        made = f"CREATE OR REPLACE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        run([f"{made} IF {condition} THEN {refused}; {ended}"])
