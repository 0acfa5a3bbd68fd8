"""Connections of the pool: a server that was restarted is noticed where the connection has rested, and not asked about elsewhere."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel import servers
from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor

pytestmark = pytest.mark.parametrize("engine_name", ["postgres"])


def _how_many(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(CommandKey)) or 0


def _add(database: Database) -> None:
    with database.write(Actor.system()) as tx:
        tx.add(CommandKey(key=new_id(), command="first", result=None))


def _cut_every_other_connection(database: Database) -> None:
    """What a restarted server does to those who were connected."""
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )


def _both_answer(database: Database) -> bool:
    """Whether two connections at once work."""
    with database.read() as first, database.read() as second:
        return (first.scalar(select(1)), second.scalar(select(1))) == (1, 1)


def test_a_rested_connection_that_was_cut_is_replaced_unseen(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _both_answer(database)
    _cut_every_other_connection(database)
    monkeypatch.setattr(servers, "RESTED_AFTER", 0.0)
    assert _both_answer(database)


def test_one_used_just_now_fails_once_and_then_works(database: Database) -> None:
    _add(database)
    assert _both_answer(database)
    _cut_every_other_connection(database)
    with pytest.raises(DatabaseUnavailable) as refusal:
        _both_answer(database)
    assert refusal.value.params["reason"] == "unreachable"
    assert _how_many(database) == 1


def test_a_read_scope_sees_one_state_and_writes_nothing(database: Database) -> None:
    with database.read() as session:
        before = session.scalar(select(func.count()).select_from(CommandKey))
        _add(database)
        assert session.scalar(select(func.count()).select_from(CommandKey)) == before
        with pytest.raises(DBAPIError, match="read-only"):
            session.connection().execute(text("DELETE FROM command_keys"))
    assert _how_many(database) == (before or 0) + 1


def test_a_read_in_a_row_sends_nothing_but_its_query(database: Database) -> None:
    sent: list[str] = []
    _how_many(database)
    event.listen(database.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: sent.append(statement))
    _how_many(database)
    assert len(sent) == 1
