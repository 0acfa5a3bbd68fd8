"""The backups that former releases have written, one a migration: today's program restores each of them, whole and up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk.queries import day_board
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.clinic.patients.queries import patient, search
from clinic_desktop.kernel.backup.container import read_sealed
from clinic_desktop.kernel.backup.planning import plan_restore
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.keys import Passphrase, WrongPassphrase
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.schema import is_current, newest_revision
from tests.conftest import FrozenClock
from tests.data.make_backup import FOLDER, MADE_AT, PASSPHRASE, PATIENTS
from tests.databases import bare, drop
from tests.kernel.backup.test_restoring import address_of

BACKUPS = sorted(FOLDER.glob("clinic-*.clinicbackup"))
SECRET = Passphrase(PASSPHRASE)


def test_there_is_one_of_each_release() -> None:
    assert [one.stem for one in BACKUPS][:1] == ["clinic-0012"]
    assert all(one.stem.removeprefix("clinic-") <= newest_revision() for one in BACKUPS)


@pytest.mark.parametrize("engine", ["sqlcipher", "postgres"])
@pytest.mark.parametrize("backup", BACKUPS, ids=lambda one: one.stem)
def test_a_former_release_comes_back(backup: Path, engine: str, tmp_path: Path, clock: FrozenClock) -> None:
    load_checks()
    if engine == "postgres":
        empty = bare("postgres", tmp_path)
        url = address_of(empty)
        empty.close()
    else:
        url = f"sqlcipher:///{tmp_path / 'restored.db'}"
    assert read_sealed(backup).manifest.taken_at == MADE_AT
    clock.advance(days=400)
    restore(plan_restore(backup, SECRET, clock()), url, SECRET, clock=clock)
    database = Database.open(url, secret=SECRET, clock=clock)
    try:
        upgrade(database)
        assert is_current(database)
        expect_clinic(database)
    finally:
        drop(database)


def expect_clinic(database: Database) -> None:
    """Everything that the older release knew is there and true."""
    with database.read() as session:
        (clinic,) = clinics(session)
        assert clinic.name == "Main Clinic"
        board = day_board(session, clinic_id=clinic.id, day=MADE_AT.date())
        assert [one.patient_name for one in board] == [f"{first} {last}" for first, last, _phone in PATIENTS]
        for _first, last, phone in PATIENTS:
            (hit,) = search(session, last)
            assert phone in (patient(session, hit.id).phone or "").replace(" ", "")
        results = list(run_checks(session))
        assert results
        assert [one for one in results if not one.ok] == []
        assert sum(one.rows for one in results) > len(results)
        assert verify(session).broken is None


def test_another_passphrase_does_not_open_it(clock: FrozenClock) -> None:
    with pytest.raises(WrongPassphrase):
        plan_restore(BACKUPS[0], Passphrase("a newer release"), clock())
