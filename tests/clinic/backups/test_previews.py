"""What a restore would bring and take, in words, before anything is done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clinic_desktop.clinic.backups.previews import told
from clinic_desktop.clinic.backups.running import run_now
from clinic_desktop.clinic.privacy.queries import privacy_request
from clinic_desktop.kernel.backup.planning import plan_restore, preview
from clinic_desktop.kernel.keys import Passphrase
from clinic_desktop.wording.backups import undone
from tests.clinic.privacy.patient import erased, register
from tests.clinic.world import World
from tests.conftest import FrozenClock

PASSPHRASE = "correct horse"


@pytest.fixture
def folder(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for backups, and on a server a data key."""
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
    if world.db.address.file is None:
        world.db.vault.add(Passphrase(PASSPHRASE))
    made = tmp_path / "disk"
    made.mkdir()
    return made


def test_it_names_the_erasures_that_would_be_undone(world: World, folder: Path, clock: FrozenClock) -> None:
    first, second = register(world), register(world, first_name="Zarine", phone="9822022222", email="z@example.org", national_id="7")
    erased(world, first)
    clock.advance(minutes=1)
    run_now(world.db, world.actor("admin"), folder, passphrase=PASSPHRASE)
    plan = plan_restore(next(folder.glob("*.clinicbackup")), Passphrase(PASSPHRASE), clock())
    assert told(preview(plan, world.db), world.db).undone_erasures == []
    clock.advance(minutes=1)
    request = erased(world, second)
    with world.db.read() as session:
        row = privacy_request(session, request)
    (named,) = told(preview(plan, world.db), world.db).undone_erasures
    assert named == f"{row.number} ({row.patient_number})"
    assert named in undone([named])
    assert told(preview(plan, None), None).undone_erasures == []
    everything = replace(plan, is_file=False)
    assert told(preview(everything, world.db), world.db).undone_erasures == [], "the journal that is here brings the erasure again"
