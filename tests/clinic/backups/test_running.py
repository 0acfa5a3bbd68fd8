"""Backups as the clinic runs them: due, recorded, kept by age, and visible when they fail."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from clinic_desktop.clinic.backups import commands
from clinic_desktop.clinic.backups.queries import backup_state, backups
from clinic_desktop.clinic.backups.rules import BackupReason, BackupRunning
from clinic_desktop.clinic.backups.running import run_due, run_now
from clinic_desktop.clinic.backups.serving import Serving, let_go, run_as_service, serving, tell_workstation
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.backup.errors import BackupFailed
from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.backup.routine import identity_of
from clinic_desktop.kernel.backup.segments import files_of
from clinic_desktop.kernel.backup.taking import Taken
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.keys import Passphrase
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import START

PASSPHRASE = "correct horse"
SECRET = Passphrase(PASSPHRASE)


@pytest.fixture(autouse=True)
def own_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """A chosen folder, and on a server a data key."""
    made = tmp_path / "disk"
    made.mkdir()
    if world.db.address.file is None:
        world.db.vault.add(SECRET)
    world.db.run(world.actor("admin"), set_setting, key="backups.folder", value=str(made), workstation_id=world.workstations["front desk"])
    return made


def due(world: World) -> list[object]:
    return [outcome.error or outcome.taken for outcome in run_due(world.db, world.actor("admin"), passphrase=PASSPHRASE)]


def register(world: World, name: str) -> None:
    world.db.run(
        world.actor("receptionist"),
        patients.register_patient,
        key=new_id(),
        clinic_id=world.clinic_id,
        first_name=name,
        gender=Gender.FEMALE,
        age_years=30,
    )


def test_a_day_of_backups(world: World, folder: Path, clock: FrozenClock) -> None:
    assert len(due(world)) == 1  # there was none at all
    clock.advance(minutes=5)
    assert due(world) == []
    assert files_of(folder, identity_of(world.db).database_id) != []  # its own record was committed after it
    register(world, "Asha")
    clock.advance(hours=4)  # 13:05
    assert len(due(world)) == 1
    clock.advance(minutes=5)
    assert due(world) == []
    with world.db.read() as session:
        rows = backups(session)
        state = backup_state(session, clock())
    assert [(row.reason, row.error) for row in rows] == [(BackupReason.SCHEDULED, None)] * 2
    assert all((folder / (row.file or "")).stat().st_size == row.byte_count for row in rows)
    assert rows[0].workstation_id == world.workstations["front desk"]
    assert (rows[0].seq or 0) > (rows[1].seq or 0)
    assert state.last_good_at == rows[0].verified_at
    assert (state.error, state.is_overdue, state.is_running) == (None, False, False)
    assert state.next_at is not None
    assert state.next_at > clock()
    with world.db.read() as session:
        assert backup_state(session, clock() + timedelta(hours=27)).is_overdue


def test_a_disk_that_is_not_plugged_in_is_seen_and_made_up_for(
    world: World, folder: Path, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    folder.rmdir()
    (error,) = due(world)
    assert isinstance(error, BackupFailed)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["no backup: backup_failed:folder_missing"]
    caplog.clear()
    with world.db.read() as session:
        state = backup_state(session, clock())
    assert (state.error, state.failed_folder, state.is_overdue) == ("backup_failed:folder_missing", str(folder), True)
    for _ in range(3):  # said as long as it is so, and recorded once
        clock.advance(minutes=1)
        (again,) = due(world)
        assert isinstance(again, BackupFailed)
    with world.db.read() as session:
        assert len(backups(session)) == 1
    folder.mkdir()
    clock.advance(minutes=5)
    assert len(due(world)) == 1
    with world.db.read() as session:
        assert backup_state(session, clock()).error is None


def test_what_failed_is_tried_again_after_a_while(world: World, folder: Path, clock: FrozenClock, caplog: pytest.LogCaptureFixture) -> None:
    admin, failed = world.actor("admin"), {"error": "backup_failed:disk_full"}
    begun = world.db.run(admin, commands.begin_backup, folder=str(folder), reason=BackupReason.SCHEDULED)
    world.db.run(admin, commands.fail_backup, backup_id=begun, **failed)
    clock.advance(minutes=14)
    (error,) = due(world)
    assert isinstance(error, BackupFailed)
    assert error.params == {"reason": "disk_full", "folder": str(folder)}
    clock.advance(minutes=2)
    (taken,) = due(world)
    assert isinstance(taken, Taken)
    assert caplog.records == []


def test_one_folder_at_a_time(world: World, folder: Path, clock: FrozenClock) -> None:
    admin = world.actor("admin")
    world.db.run(admin, commands.begin_backup, folder=str(folder), reason=BackupReason.MANUAL)
    with pytest.raises(BackupRunning):
        run_now(world.db, admin, folder, passphrase=PASSPHRASE)
    clock.advance(hours=7)  # its program was killed
    run_now(world.db, admin, folder, passphrase=PASSPHRASE)
    with world.db.read() as session:
        assert sorted(str(row.error) for row in backups(session)) == ["None", "interrupted"]


def test_age_rules_remove_files_and_say_so(world: World, folder: Path, clock: FrozenClock) -> None:
    admin = world.actor("admin")
    for key, value in (("keep_hours", 24), ("keep_days", 2), ("keep_weeks", 1), ("keep_months", 1)):
        world.db.run(admin, set_setting, key=f"backups.{key}", value=value)
    for _ in range(6):
        run_now(world.db, admin, folder, passphrase=PASSPHRASE)
        clock.advance(hours=12, minutes=1)
    names = {path.name for path in folder.glob("*.clinicbackup")}
    with world.db.read() as session:
        rows = backups(session)
    assert {row.file for row in rows if row.removed_at is None} == names
    assert len(names) == 3
    assert len([row for row in rows if row.removed_at is not None]) == 3


def test_secrets_are_forgotten_when_no_replay_needs_them(world: World, folder: Path, clock: FrozenClock) -> None:
    register(world, "Asha")
    with world.db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM journal_secrets")) != 0
    clock.advance(days=36)
    register(world, "Ravi")
    run_now(world.db, world.actor("admin"), folder, passphrase=PASSPHRASE)
    with world.db.engine.connect() as connection:
        left = connection.scalars(text("SELECT DISTINCT command FROM journal JOIN journal_secrets USING (seq)")).all()
        oldest = connection.scalar(text("SELECT min(seq) FROM journal_secrets"))
        last = connection.scalar(text("SELECT max(seq) FROM journal WHERE command = 'patients.register_patient'"))
    assert list(left) == ["patients.register_patient"]
    assert oldest == last


def test_who_may(world: World, folder: Path) -> None:
    with pytest.raises(PermissionDenied):
        run_now(world.db, world.actor("receptionist"), folder, passphrase=PASSPHRASE)
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("receptionist"), commands.announce_restore, reason="A try", backup="x")
    assert list(folder.iterdir()) == []


def test_a_restored_copy_begins_a_series_of_its_own(world: World, folder: Path, clock: FrozenClock, tmp_path: Path) -> None:
    assert len(due(world)) == 1
    clock.advance(minutes=10)
    url = f"sqlcipher:///{tmp_path / 'restored.db'}"
    restore(plan_restore(folder, SECRET, clock()), url, SECRET, clock=clock)
    clock.advance(minutes=1)
    with closing(Database.open(url, secret=SECRET, clock=clock)) as copy:
        own = world.at(copy)
        # It holds the backup that it came from, begun and not finished: nobody waits for that one.
        assert len(due(own)) == 1
        clock.advance(minutes=5)
        assert due(own) == []
    assert len({path.name.split("-")[1] for path in folder.glob("*.clinicbackup")}) == 2


def test_of_two_programs_that_saw_it_due_one_makes_the_backup(world: World, folder: Path, clock: FrozenClock) -> None:
    seen_due = clock.now
    clock.advance(seconds=5)
    begin = {"folder": str(folder), "reason": BackupReason.SCHEDULED, "unless_since": seen_due}
    first = world.db.run(world.actor("admin"), commands.begin_backup, **begin)
    world.db.run(world.actor("admin"), commands.finish_backup, backup_id=first, file="x", seq=1, row_count=1, byte_count=1)
    with pytest.raises(BackupRunning):
        world.db.run(world.actor("admin"), commands.begin_backup, **begin)
    clock.advance(seconds=5)
    assert world.db.run(world.actor("admin"), commands.begin_backup, **begin | {"unless_since": clock.now})


def test_where_the_service_makes_them_it_holds_them_for_a_while(world: World, folder: Path, clock: FrozenClock) -> None:
    def held() -> Serving | None:
        with world.db.read() as session:
            return serving(session, clock.now)

    assert held() is None
    beside = folder / "beside"
    run_as_service(world.db, beside)
    assert (held() or NOBODY).folders == (beside,)
    tell_workstation(world.db, world.workstations["front desk"])
    run_as_service(world.db, beside)
    assert (held() or NOBODY).folders == (folder,)
    clock.advance(minutes=20)
    assert held() is None  # it fell silent
    run_as_service(world.db, beside)
    let_go(world.db)
    assert held() is None


NOBODY = Serving(START, (), None)
