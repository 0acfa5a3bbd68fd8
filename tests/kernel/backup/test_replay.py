"""A replay of the journal: at every instant, the rows of every table are what the clinic had then."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access.models import Role
from clinic_desktop.clinic.backups import commands as backup_commands
from clinic_desktop.clinic.backups.models import Backup
from clinic_desktop.clinic.backups.rules import BackupReason
from clinic_desktop.kernel.archived import Archive, Contents, TakenOut, packed
from clinic_desktop.kernel.backup.changes import changes_of
from clinic_desktop.kernel.backup.copying import copy_rows, digests
from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.backup.replaying import replay
from clinic_desktop.kernel.backup.sides import SqliteSide, side_of
from clinic_desktop.kernel.backup.workfiles import bring_to, building, found
from clinic_desktop.kernel.commands import CommandKey
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.kernel.security import Actor
from tests.clinic.conftest import world
from tests.clinic.world import World
from tests.databases import bare, drop
from tests.kernel.backup.photographs import KEY, Lived, copy_into, told_by_journal
from tests.migrations.test_migrations import REVISIONS

__all__ = ["world"]


def never(revision: str) -> None:
    pytest.fail(f"no migration to {revision} is in this journal")


def test_a_lived_day_is_replayed_to_every_instant(lived: Lived) -> None:
    assert len(lived.taken) > 5
    with building(lived.copied, KEY) as connection:
        for photograph in lived.taken:
            (here,) = connection.execute("SELECT seq FROM journal_head").fetchone()
            with lived.database.engine.connect() as source:
                wanted = takewhile(lambda change, last=photograph.seq: change.seq <= last, changes_of(source, here))
                outcome = replay(connection, wanted, never)
            assert (outcome.seq, outcome.change_sets) == (photograph.seq, photograph.seq - here)
            restored, seen = told_by_journal(digests(SqliteSide(connection))), told_by_journal(photograph.tables)
            assert {name: restored[name] for name in seen if restored[name] != seen[name]} == {}
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0] > 40


def test_rows_that_passed_a_unique_value_between_them(database: Database, tmp_path: Path) -> None:
    """The journal holds how rows ended; a replay that wrote them one after the other would meet the value twice."""
    with database.write(Actor.system("tester")) as tx:
        first, second = (tx.add(Role(code=code, name=code, is_default=False, is_active=True)) for code in ("one", "two"))
    copied = tmp_path / "copy.db"
    copy_into(copied)(database)
    with database.write(Actor.system("tester")) as tx:
        tx.command = "test.swap"
        a, b = tx.session.get_one(Role, first.id), tx.session.get_one(Role, second.id)
        for row, code in ((a, "between"), (b, "one"), (a, "two")):
            row.code = code
            tx.session.flush()
    with building(copied, KEY) as connection, database.engine.connect() as source:
        (here,) = connection.execute("SELECT seq FROM journal_head").fetchone()
        assert replay(connection, changes_of(source, here), never).change_sets == 1
        with side_of(database) as side:
            assert told_by_journal(digests(SqliteSide(connection))) == told_by_journal(digests(side))


def test_a_change_set_that_is_not_the_next_one_is_refused(database: Database, tmp_path: Path) -> None:
    copied = tmp_path / "copy.db"
    copy_into(copied)(database)
    with database.engine.connect() as source:
        (here,) = source.execute(select(JournalHead.seq)).one()
    for _ in range(3):
        with database.write(Actor.system("tester")) as tx:
            tx.add(CommandKey(key=new_id(), command="first", result="1"))
    with database.engine.connect() as source:
        told = list(changes_of(source, here))
    altered = msgspec.structs.replace(told[0], actor_name="somebody else")
    forged = msgspec.structs.replace(told[0], rows=[told[0].rows[0]._replace(changes='{"command":"worst"}')])
    for wrong in ([told[1]], [altered], [forged], [told[0], told[2]]):
        with pytest.raises(RestoreRefused) as refused, building(copied, KEY) as connection:
            replay(connection, wrong, never)
        assert refused.value.params["reason"] == "journal_broken"


def test_a_secret_that_is_forgotten_is_not_made_up(database: Database, tmp_path: Path) -> None:
    copied = tmp_path / "copy.db"
    copy_into(copied)(database)
    with database.write(Actor.system("tester")) as tx:
        tx.add(CommandKey(key=new_id(), command="(secret)", result="1"))
    with database.engine.connect() as source:
        (told,) = changes_of(source, 1)
    with pytest.raises(RestoreRefused) as refused, building(copied, KEY) as connection:
        replay(connection, [msgspec.structs.replace(told, secrets=[])], never)
    assert refused.value.params["reason"] == "secrets_forgotten"
    with building(copied, KEY) as connection:
        replay(connection, [told], never)  # the word itself, where anybody may type it, is no secret
        assert connection.execute("SELECT command, result FROM command_keys").fetchall() == [("(secret)", "1")]


def test_a_migration_on_the_way_is_done_there(engine_name: str, tmp_path: Path) -> None:
    """A backup of an older release, and the journal of the upgrade and of what came after it."""
    older = REVISIONS[REVISIONS.index("0009") - 1]
    database = bare(engine_name, tmp_path)
    try:
        upgrade(database, older)
        copied = tmp_path / "copy.db"
        with building(copied, KEY) as target, side_of(database) as source:
            found(target, older)
            target.execute("BEGIN")
            copy_rows(source, SqliteSide(target))
            target.execute("COMMIT")
        upgrade(database)
        with database.write(Actor.system("tester")) as tx:
            tx.add(CommandKey(key=new_id(), command="first", result="1"))
        with building(copied, KEY) as connection, database.engine.connect() as source, side_of(database) as side:
            replay(connection, changes_of(source, 1), lambda revision: bring_to(connection, revision))
            assert told_by_journal(digests(SqliteSide(connection))) == told_by_journal(digests(side))
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest_revision(),)]
    finally:
        drop(database)


@pytest.mark.parametrize("revision", ["0008", newest_revision()])
def test_a_new_file_is_laid_out_as_its_migrations_would(tmp_path: Path, revision: str) -> None:
    with building(tmp_path / "laid-out.db", KEY) as laid_out, building(tmp_path / "migrated.db", KEY) as migrated:
        found(laid_out, revision)
        bring_to(migrated, revision)
        schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
        wanted = migrated.execute(schema).fetchall()
        assert len(wanted) > 300
        assert laid_out.execute(schema).fetchall() == wanted


def test_what_left_into_an_archive_leaves_the_copy(world: World, tmp_path: Path) -> None:
    """Rows go without an entry each; the archive's own row names them."""
    world.db.run(world.actor("admin"), backup_commands.begin_backup, folder="a", reason=BackupReason.MANUAL)
    copied = tmp_path / "copy.db"
    copy_into(copied)(world.db)
    with side_of(world.db) as side:
        before = digests(side)
    with world.db.read() as session:
        (row,) = session.scalars(select(Backup))
        (here,) = session.scalars(select(JournalHead.seq))
    contents = Contents({"backups": TakenOut(1, "", packed([row.id]))}, {})
    with world.db.write(Actor.system("tester")) as tx:
        now = tx.now
        archive = Archive(file_name="a", file_sha256="", size_bytes=1, as_of=now.date(), made_at=now, row_count=1, verified_at=now)
        archive.contents, archive.file_key, archive.chain = msgspec.json.encode(contents).decode(), b"key", b""
        archive.first_seq, archive.last_seq, archive.last_hash, archive.last_at = 1, 3, "00", now
        tx.add(archive)
    with building(copied, KEY) as connection, world.db.engine.connect() as source:
        replay(connection, changes_of(source, here), never)
        assert connection.execute("SELECT count(*) FROM backups").fetchone() == (0,)
        assert connection.execute("SELECT min(seq) FROM journal").fetchone() == (4,)
        assert connection.execute("SELECT min(seq) FROM audit_logs").fetchone() == (4,)
        assert connection.execute("SELECT file_key FROM archives").fetchone() == (b"key",)
        assert digests(SqliteSide(connection))["users"] == before["users"]
