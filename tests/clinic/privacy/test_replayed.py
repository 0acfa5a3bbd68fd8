"""A point-in-time restore across a retention run: what left is gone from the restored clinic, too, and it tells no lie."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from clinic_desktop.clinic.privacy.retention.running import run_retention
from clinic_desktop.kernel.backup.changes import changes_of
from clinic_desktop.kernel.backup.copying import digests
from clinic_desktop.kernel.backup.replaying import replay
from clinic_desktop.kernel.backup.sides import SqliteSide, side_of
from clinic_desktop.kernel.backup.workfiles import building
from clinic_desktop.kernel.journal_proof import head
from clinic_desktop.kernel.security import Actor
from tests.clinic.lived import live
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.kernel.backup.photographs import told_by_journal
from tests.kernel.backup.test_replay import KEY, copy_into, never


def test_a_replay_lets_go_what_left(engine_name: str, tmp_path: Path, clock: FrozenClock) -> None:
    made, _ = fresh(engine_name, tmp_path, clock, recipe="lived", build=live)
    clock.now = datetime(2066, 3, 10, 6, tzinfo=UTC)
    copied = tmp_path / "copy.db"
    copy_into(copied)(made)
    with made.read() as session:
        here = head(session).seq
    done = run_retention(made, Actor.system("test"), tmp_path / "archives", today=clock.now.date())
    assert done.rows > 100
    with building(copied, KEY) as connection, made.engine.connect() as source, side_of(made) as side:
        replay(connection, changes_of(source, here), never)
        restored, wanted = told_by_journal(digests(SqliteSide(connection))), told_by_journal(digests(side))
        assert {name: restored[name] for name in wanted if restored[name] != wanted[name]} == {}
        assert connection.execute("SELECT min(seq) FROM journal").fetchone() == (here + 1,) or done.change_sets == here
    drop(made)
