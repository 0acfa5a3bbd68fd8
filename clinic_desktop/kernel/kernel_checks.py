"""Checks of the kernel itself: the journal chain, foreign keys and command keys."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from clinic_desktop.kernel.checks import Finding, check
from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.journal import verify
from clinic_desktop.kernel.tables import Base


@check("J1 journal chain")
def journal_chain(session: Session) -> Finding:
    """Every change set hashes to what was committed, with no gap."""
    outcome = verify(session)
    if outcome.broken is None:
        return Finding(outcome.change_sets)
    return Finding(outcome.change_sets, (f"change set {outcome.broken.seq} is {outcome.broken.problem}",))


@check("J2 foreign keys")
def foreign_keys(session: Session) -> Finding:
    """Every reference of every table finds its row."""
    rows, failures = 0, []
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            column, target = key.parent, key.column
            parent = target.table.alias("parent")
            orphans = (
                select(func.count())
                .select_from(table.outerjoin(parent, column == parent.c[target.name]))
                .where(column.is_not(None), parent.c[target.name].is_(None))
            )
            rows += session.scalar(select(func.count()).select_from(table).where(column.is_not(None))) or 0
            if lost := session.scalar(orphans):
                failures.append(f"{table.name}.{column.name}: {lost} rows point to no {target.table.name}")
    return Finding(rows, tuple(failures))


@check("J3 command keys")
def command_keys(session: Session) -> Finding:
    """Every key that took effect holds its answer."""
    rows = session.scalar(select(func.count()).select_from(CommandKey)) or 0
    empty = session.scalars(select(CommandKey.key).where(CommandKey.result.is_(None))).all()
    return Finding(rows, tuple(f"command key {key} has no answer" for key in empty))


@check("J4 database pages")
def database_pages(session: Session) -> Finding:
    """SQLite's own integrity check finds nothing (Postgres checks its pages itself)."""
    if session.get_bind().dialect.name != "sqlite":
        return Finding(0)
    lines = session.connection().execute(text("PRAGMA integrity_check")).scalars().all()
    return Finding(1, tuple(line for line in lines if line != "ok"))
