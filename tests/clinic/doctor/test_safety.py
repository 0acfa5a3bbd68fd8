"""The doctor on backups: none, a good one, an old one, a failed one, one whose disk is away; on both engines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clinic_desktop.clinic.backups.commands import FOLDER
from clinic_desktop.clinic.backups.running import run_due
from clinic_desktop.clinic.doctor import Finding, Health
from clinic_desktop.clinic.doctor.safety import BACKUPS, examine_safety
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.keys import Passphrase
from clinic_desktop.wording import doctor as words
from tests.clinic.world import World
from tests.conftest import FrozenClock

PASSPHRASE = "correct horse"


@pytest.fixture(autouse=True)
def own_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """A folder chosen for all, and on a server a data key."""
    made = tmp_path / "disk"
    made.mkdir()
    if world.db.address.file is None:
        world.db.vault.add(Passphrase(PASSPHRASE))
    world.db.run(world.actor("admin"), set_setting, key=FOLDER.key, value=str(made))
    return made


def back_up(world: World) -> None:
    run_due(world.db, world.actor("admin"), passphrase=PASSPHRASE)


def found(world: World) -> dict[str, Finding]:
    """By code, without the one about the test's disk; each is worded, and what is wrong has advice."""
    findings = {one.code: one for one in examine_safety(world.db) if one.topic == BACKUPS}
    for one in findings.values():
        assert "…" not in words.said(one.code, one.params)
        assert one.health is Health.GOOD or words.advice(one.code, one.params)
    return findings


def is_file(world: World) -> bool:
    return world.db.address.file is not None


def test_none_yet(world: World, folder: Path) -> None:
    findings = found(world)
    assert findings["backup_none"].health is Health.WARN
    assert findings.keys() - {"backup_same_disk"} == {"backup_none"}


def test_a_good_one_and_an_old_one(world: World, folder: Path, clock: FrozenClock) -> None:
    back_up(world)
    clock.advance(hours=25)
    recent = found(world)["backup_recent"]
    assert recent.health is Health.GOOD
    assert "Mar 2, 2026" in words.said(recent.code, recent.params)
    clock.advance(hours=2)
    findings = found(world)
    assert findings["backup_overdue"].health is Health.BAD
    assert "backup_recent" not in findings
    assert "is overdue" in words.said("backup_overdue", findings["backup_overdue"].params)


def test_one_that_failed_since_and_a_disk_that_is_away(
    world: World, folder: Path, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    back_up(world)
    shutil.rmtree(folder)
    clock.advance(hours=5)
    back_up(world)
    caplog.clear()
    findings = found(world)
    assert findings["backup_failed"].health is Health.BAD
    said = words.said("backup_failed", findings["backup_failed"].params)
    assert said.startswith("The last backup failed: No backup was made: the folder")
    assert "backup_recent" in findings, "an older good one is still one"
    assert ("backup_folder_missing" in findings) == is_file(world)
    folder.mkdir()
    clock.advance(hours=9)
    back_up(world)
    assert found(world).keys() - {"backup_same_disk"} == {"backup_recent"}


def test_the_databases_own_disk_is_no_place_to_rely_on(world: World, folder: Path, clock: FrozenClock) -> None:
    back_up(world)
    assert ("backup_same_disk" in found(world)) == is_file(world)
