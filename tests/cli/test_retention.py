"""``clinic retention`` as an administrator uses it from a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.cli import retention as command
from clinic_desktop.cli.main import main
from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.db import Database
from tests.clinic.lived import live
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

Clinic = Callable[..., tuple[int, str, str]]


@pytest.fixture
def lived(tmp_path: Path, clock: FrozenClock) -> Iterator[Database]:
    made, _ = fresh("sqlite", tmp_path, clock, recipe="lived", build=live)
    yield made
    drop(made)


@pytest.fixture
def clinic(lived: Database, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """Run ``clinic retention …`` on the lived-in clinic, forty years later."""
    monkeypatch.setattr(command, "_today", lambda _database: datetime(2066, 3, 10, tzinfo=UTC).date())
    monkeypatch.setenv("CLINIC_DATABASE_URL", f"sqlite:///{lived.address.file}")

    def run(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as leaving:
            main(["retention", *arguments])
        shown = capfd.readouterr()
        return int(leaving.value.code or 0), shown.out, shown.err

    return run


def test_from_plan_to_archive_and_back(clinic: Clinic, lived: Database, tmp_path: Path) -> None:
    with lived.read() as session:
        number, complaint = session.execute(
            select(Patient.patient_number, Consultation.complaint).join(Consultation, Consultation.patient_id == Patient.id).limit(1)
        ).one()
    code, out, _err = clinic("plan", "--json")
    plan = msgspec.json.decode(out)
    assert code == 0
    assert plan["tables"]["consultations"]["leaving"] == 14
    assert plan["kept_from"]["MEDICAL"] == "2056-03-10"
    assert "consultations" in clinic("plan")[1]
    folder = tmp_path / "archives"
    code, out, _err = clinic("run", "--to", str(folder), "--json")
    done = msgspec.json.decode(out)
    assert (code, done["rows"]) == (0, plan["rows"])
    assert done["change_sets"] == plan["change_sets"] + 1  # the run's own, which by this clock is forty years old as well
    records, audit = (str(folder / name) for name in done["archives"])
    for file in (records, audit):
        code, out, _err = clinic("verify", file, "--json")
        assert code == 0
        assert msgspec.json.decode(out)["known"]
    code, out, _err = clinic("show", records, "--patient", number, "--json")
    shown = msgspec.json.decode(out)
    assert [row["complaint"] for row in shown["rows"]["consultations"]] == [complaint]
    assert complaint in clinic("show", records, "--patient", number)[1]


def test_what_is_wrong_is_one_line(clinic: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "archives"
    _code, out, _err = clinic("run", "--to", str(folder), "--json")
    records, audit = (folder / name for name in msgspec.json.decode(out)["archives"])
    records.write_bytes(records.read_bytes()[:-40])
    code, _out, err = clinic("verify", str(records))
    assert (code, err) == (2, "clinic: The archive is damaged or incomplete. Take it from a copy.\n")
    code, _out, err = clinic("show", str(audit), "--patient", "PAT-2026-00001")
    assert code == 2
    assert "audit trail only" in err
    text = tmp_path / "letter.txt"
    text.write_text("Dear doctor")
    code, _out, err = clinic("verify", str(text))
    assert (code, err) == (2, "clinic: This file is not an archive of this program.\n")
    assert clinic("run")[0] == 2
