"""Checks of the kernel itself: the journal chain, foreign keys and command keys."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ForeignKey, ScalarSelect, Select, exists, func, select, text
from sqlalchemy.orm import Session

from clinic_desktop.kernel.checks import Finding, check
from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.journal_proof import verify
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
    for name, keys, counts in _references():
        for key, there, lost in zip(keys, *[iter(session.execute(counts).one())] * 2, strict=True):
            rows += there
            if lost:
                failures.append(f"{name}.{key.parent.name}: {lost} rows point to no {key.column.table.name}")
    return Finding(rows, tuple(failures))


@cache
def _references() -> list[tuple[str, list[ForeignKey], Select[*tuple[int, ...]]]]:
    # One statement a table: there are hundreds of keys, and asking costs more than counting.
    keyed = [(table.name, list(table.foreign_keys)) for table in Base.metadata.sorted_tables if table.foreign_keys]
    return [(name, keys, select(*(count for key in keys for count in (_set(key), _lost(key))))) for name, keys in keyed]


def _set(key: ForeignKey) -> ScalarSelect[int]:
    return select(func.count(key.parent)).select_from(key.parent.table).scalar_subquery()


def _lost(key: ForeignKey) -> ScalarSelect[int]:
    parent = key.column.table.alias("parent")
    found = exists().where(parent.c[key.column.name] == key.parent).correlate(key.parent.table)
    return select(func.count()).select_from(key.parent.table).where(key.parent.is_not(None), ~found).scalar_subquery()


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
