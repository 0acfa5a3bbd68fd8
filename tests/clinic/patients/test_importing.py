"""Taking over an old register: a rehearsal changes nothing, the real run is all or nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.organisation.models import IdSequence
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.importing import ImportReport, import_patients
from clinic_desktop.clinic.patients.models import Patient, PatientDuplicate, PatientIdentifier
from clinic_desktop.clinic.patients.rules import DuplicateStatus
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import IllegalTransition, PermissionDenied
from clinic_desktop.kernel.journal import AuditLog, ChangeSet
from clinic_desktop.kernel.journal_proof import verify
from tests.clinic.patients.desk import HOSTILE, found, register
from tests.clinic.world import World

SHARED = Path(__file__).parents[4] / "shared" / "data"
HEADER = ("Reg No", "Patient Name", "Sex", "DOB / Age", "Mobile", "Address", "Blood Grp", "Remarks")
ROWS = (
    ("OLD/1", "Rao, Asha", "F", "12/01/1980", "98765 43210", "1 Lake Road, Pune", "b +ve", "DM, HTN"),
    ("OLD/2", "Ravi Rao", "M", "31/05/2010", "9876543210", "1 Lake Road, Pune", "", "son of Asha"),
    ("OLD/3", "Aasha Rao", "f", "1980-01-12", "+91 98765 43210", "", "B+", "=HYPERLINK(1)"),
    ("OLD/4", "", "F", "40", "", "", "", ""),
    ("OLD/5", "Zoya Khan", "Female", "40", "", "", "", ""),
)


def _file(folder: Path, rows: tuple[tuple[str, ...], ...] = ROWS) -> Path:
    file = folder / "register.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return file


def _import(world: World, file: Path, **more: Any) -> ImportReport:
    return import_patients(world.db, world.actor("admin"), file, clinic_id=world.clinic_id, **more)


def _counts(db: Database) -> dict[str, int]:
    tables = (Patient, PatientIdentifier, PatientDuplicate, IdSequence, ChangeSet, AuditLog)
    with db.read() as session:
        return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_a_dry_run_writes_nothing_and_foretells_the_real_one(world: World, tmp_path: Path) -> None:
    file, before = _file(tmp_path), _counts(world.db)
    dry = _import(world, file, dry_run=True)
    assert _counts(world.db) == before
    real = _import(world, file)
    assert (dry.imported, dry.refused, dry.duplicates) == (real.imported, real.refused, real.duplicates)
    assert (dry.is_dry_run, real.is_dry_run) == (True, False)
    assert real.imported == 4
    assert [(one.row, one.field, one.reason) for one in real.refused] == [(5, "name", "required")]
    assert [(one.a, one.b) for one in real.duplicates] == [("OLD/1", "OLD/3")]


def test_what_was_imported_can_be_found_and_shares_its_phone(world: World, tmp_path: Path) -> None:
    _import(world, _file(tmp_path))
    assert found(world, "OLD/1") == ["Asha Rao"]
    assert found(world, "zoya") == ["Zoya Khan"]
    with world.db.read() as session:
        asha, ravi, again = (queries.patient_by_number(session, f"PAT-2026-0000{n}") for n in (1, 2, 3))
        assert asha is not None
        assert ravi is not None
        assert again is not None
        assert [(one.system, one.value) for one in queries.identifiers(session, asha.id)] == [("legacy-register", "OLD/1")]
    assert (asha.phone, asha.phone_typed, asha.phone_owner_id) == ("+919876543210", "98765 43210", None)
    assert ravi.phone_owner_id == again.phone_owner_id == asha.id
    assert again.remarks == "=HYPERLINK(1)"
    assert register(world).patient_number == "PAT-2026-00005"


def test_pairs_wait_for_review_and_can_be_told_apart(world: World, tmp_path: Path) -> None:
    _import(world, _file(tmp_path))
    with world.db.read() as session:
        (pair,) = queries.duplicates(session)
    assert {pair.a_name, pair.b_name} == {"Asha Rao", "Aasha Rao"}
    assert pair.score > 90
    assert "birth_same" in pair.reasons
    world.db.run(world.actor("receptionist"), commands.mark_as_different, pair_id=pair.id, note="cousins")
    with world.db.read() as session:
        assert queries.duplicates(session) == []
        assert [one.id for one in queries.duplicates(session, status=DuplicateStatus.DIFFERENT)] == [pair.id]
    with pytest.raises(IllegalTransition):
        world.db.run(world.actor("receptionist"), commands.mark_as_different, pair_id=pair.id)


def test_patients_already_there_are_matched_and_keep_their_phone(world: World, tmp_path: Path) -> None:
    known = register(world, "Asha", "Rao", phone="98765 43210", age_years=46)
    report = _import(world, _file(tmp_path))
    assert ("PAT-2026-00001", "OLD/1") in [(one.a, one.b) for one in report.duplicates]
    with world.db.read() as session:
        assert {one.phone_owner_id for one in queries.family(session, known.id)} == {known.id}


def test_a_second_import_of_the_same_file_refuses_every_row(world: World, tmp_path: Path) -> None:
    file = _file(tmp_path)
    _import(world, file)
    before = _counts(world.db)
    for again in (_import(world, file, dry_run=True), _import(world, file)):
        assert again.imported == 0
        assert [(one.row, one.reason) for one in again.refused] == [
            (2, "number_already_imported"),
            (3, "number_already_imported"),
            (4, "number_already_imported"),
            (5, "required"),
            (6, "number_already_imported"),
        ]
    after = _counts(world.db)
    assert {name: after[name] for name in ("patients", "patient_identifiers", "patient_duplicates")} == {
        name: before[name] for name in ("patients", "patient_identifiers", "patient_duplicates")
    }


def test_a_failure_midway_leaves_nothing(world: World, tmp_path: Path) -> None:
    rows = tuple((f"OLD/{n}", f"Person{n} Rao", "F", "40", "", "", "", "") for n in range(1200))
    before = _counts(world.db)

    def cut_off(done: int, total: int) -> None:
        if done > 1200 + 600:
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        _import(world, _file(tmp_path, rows), progress=cut_off)
    assert _counts(world.db) == before
    assert _import(world, _file(tmp_path, rows)).imported == 1200


def test_an_import_is_one_change_set_and_reports_progress(world: World, tmp_path: Path) -> None:
    before, ticks = _counts(world.db), list[tuple[int, int]]()
    rows = tuple((f"OLD/{n}", f"Person{n} Rao", "F", "40", "", "", "", "") for n in range(700))
    _import(world, _file(tmp_path, rows), progress=lambda done, total: ticks.append((done, total)))
    after = _counts(world.db)
    assert after["journal"] - before["journal"] == 1
    assert after["audit_logs"] - before["audit_logs"] == 700 * 2 + 1  # and the counter of the numbers
    assert ticks == sorted(ticks)
    assert ticks[-1] == (1400, 1400)
    assert len(ticks) > 3
    with world.db.read() as session:
        assert verify(session).broken is None


def test_hostile_cells_are_imported_as_text(world: World, tmp_path: Path) -> None:
    rows = tuple((f"H/{n}", f"{text} Zebra", "F", "40", "", text, "", text) for n, text in enumerate(HOSTILE))
    report = _import(world, _file(tmp_path, rows))
    assert (report.imported, report.refused) == (len(HOSTILE), ())
    with world.db.read() as session:
        stored = "".join(session.scalars(select(Patient.full_name + Patient.remarks)))
    assert not set(stored) & set("\x00\x07\x1b\u202e\u2066")
    assert '=HYPERLINK("http://x","click")' in stored


def test_a_receptionist_does_not_import(world: World, tmp_path: Path) -> None:
    for dry_run in (True, False):
        with pytest.raises(PermissionDenied):
            import_patients(world.db, world.actor("receptionist"), _file(tmp_path), clinic_id=world.clinic_id, dry_run=dry_run)


@pytest.mark.parametrize("engine_name", ["sqlite"])  # small files are brought in on both engines above
def test_the_given_register_in_full(world: World) -> None:
    report = _import(world, SHARED / "patients_legacy.csv")
    # One row was written after the day on which tests take place: its child is not born yet.
    refused = {one.row: (one.field, one.reason) for one in report.refused}
    assert refused.pop(2963) == ("date_of_birth", "in_the_future")
    assert refused == {
        5552: ("name", "required"),
        5553: ("date_of_birth", "impossible_date"),
        5554: ("date_of_birth", "in_the_future"),
        5555: ("date_of_birth", "out_of_range"),
        5556: ("gender", "not_a_gender"),
        5557: ("registration_number", "number_used_twice"),
        5558: ("row", "short_row"),
    }
    assert report.imported == 5550
    counts = _counts(world.db)
    assert counts["patients"] == counts["patient_identifiers"] == 5550
    assert counts["patient_duplicates"] == len(report.duplicates) >= 290
    assert found(world, "OLD/BAD007") == ["Nul RLO"]
    assert "Ira Kata" in found(world, "kata ira")
