"""Reference rows are read once a transaction, and never older than what the transaction itself wrote."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.remembered import remembered
from clinic_desktop.kernel.security import Actor

ACTOR = Actor.system("tester")


class Asking:
    """Asks for one row's word and counts how often the database had to answer."""

    def __init__(self, tx: Tx, key: UUID) -> None:
        self._tx, self._key, self.reads = tx, key, 0

    def word(self) -> str | None:
        def read() -> str | None:
            self.reads += 1
            return self._tx.session.scalar(select(CommandKey.command).where(CommandKey.key == self._key))

        return remembered(self._tx.session, "command_keys", self._key, read)


def test_a_row_is_read_once_until_its_table_changes(database: Database) -> None:
    key = new_id()
    with database.write(ACTOR) as tx:
        row = tx.add(CommandKey(key=key, command="first", result=None))
        asking = Asking(tx, key)
        assert (asking.word(), asking.word(), asking.reads) == ("first", "first", 1)
        row.command = "second"  # not flushed: asking does that, as a query would
        assert (asking.word(), asking.reads) == ("second", 2)
    with database.write(ACTOR) as tx:
        asking = Asking(tx, key)
        assert (asking.word(), asking.reads) == ("second", 1)


def test_what_is_taken_back_is_forgotten(database: Database) -> None:
    key = new_id()
    with database.write(ACTOR) as tx:
        row = tx.add(CommandKey(key=key, command="kept", result=None))
        asking = Asking(tx, key)
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            row.command = "lost"
            assert asking.word() == "lost"
            raise ZeroDivisionError
        assert asking.word() == "kept"
