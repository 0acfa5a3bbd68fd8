"""``clinic backup`` and ``clinic restore``, as a person at a prompt or a script at night uses them."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clinic_desktop.kernel.backup.routine import identity_of
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import Passphrase
from tests.cli.test_cli import Clinic, clinic, one_line, world_url
from tests.kernel.backup.test_taking import write_key

PASSPHRASE = "correct horse"

__all__ = ["clinic", "world_url"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for backups, and the passphrase in the environment."""
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
    made = tmp_path / "disk"
    made.mkdir()
    return made


@pytest.fixture
def backed_url(world_url: str, folder: Path, tmp_path: Path) -> str:
    """A furnished clinic that nobody else has open; a server's has its vault."""
    if world_url.startswith("sqlite"):
        shutil.copyfile(world_url.removeprefix("sqlite:///"), tmp_path / "alone.db")
        return f"sqlite:///{tmp_path / 'alone.db'}"
    with closing(Database.open(world_url)) as database:
        database.vault.add(Passphrase(PASSPHRASE))
    return world_url


def test_back_up_list_verify_restore(clinic: Clinic, backed_url: str, folder: Path, tmp_path: Path) -> None:
    made = clinic("backup", "--db", backed_url, "--to", str(folder), "--json").json
    assert made["verified"] is True
    assert made["rows"] > 300
    with closing(Database.open(backed_url)) as database:
        write_key(database)
    saved = clinic("backup", "--db", backed_url, "--to", str(folder), "--journal", "--json").json
    assert saved["change_sets"] >= 1
    (listed,) = clinic("backup", "--list", "--to", str(folder), "--json").json
    assert {name: listed[name] for name in listed} == {name: made[name] for name in listed}
    file = folder / made["file"]
    assert clinic("backup", "--verify", str(file), "--json").json["verified"] is True
    target = f"sqlcipher:///{tmp_path / 'restored.db'}"
    told = clinic("restore", str(folder), "--to", target, "--preview", "--json").json
    assert (told["hospital"], told["change_sets"], told["counts"]["users"]) == ("Sunrise Hospital", saved["change_sets"], 13)
    assert not (tmp_path / "restored.db").exists()
    done = clinic("restore", str(folder), "--to", target, "--json").json
    assert (done["through"], done["replayed"], done["kept_at"]) == (saved["through"], saved["change_sets"], None)
    assert clinic("check", "--db", target).code == 0
    exactly = clinic("restore", str(file), "--to", target, "--json").json
    assert (exactly["through"], exactly["replayed"]) == (made["seq"], 0)
    assert (tmp_path / exactly["kept_at"]).exists()


def test_restoring_over_the_present_database_tells_what_would_be_lost(clinic: Clinic, backed_url: str, folder: Path) -> None:
    made = clinic("backup", "--db", backed_url, "--to", str(folder), "--json").json
    with closing(Database.open(backed_url)) as database:
        write_key(database)
        before = identity_of(database).database_id
    file = str(folder / made["file"])
    human = clinic("restore", file, "--to", backed_url, "--preview")
    assert "Sunrise Hospital" in human.out
    told = clinic("restore", file, "--to", backed_url, "--preview", "--json").json
    assert (told["is_other"], told["lost_change_sets"]) == (False, 2)  # the backup's own record, and the key
    finished = clinic("restore", file, "--to", backed_url, "--json")
    assert finished.code == 0, finished.err
    done = finished.json
    assert done["restored_from"] == str(before)
    assert done["kept_at"]
    with closing(Database.open(backed_url)) as database:
        assert str(identity_of(database).database_id) == done["database_id"]
    assert clinic("check", "--db", backed_url).code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("backup",),
        ("backup", "--verify", "no-such-file"),
        ("backup", "--list", "--to", "no-such-folder"),
        ("restore", "no-such-file", "--to", "sqlite:////tmp/x.db"),
        ("restore", "{folder}", "--to", "sqlite:////tmp/x.db"),
        ("restore", "{folder}", "--to", "mysql://host/name"),
    ],
)
def test_wrong_input_gets_one_line(clinic: Clinic, folder: Path, arguments: tuple[str, ...]) -> None:
    outcome = clinic(*(one.replace("{folder}", str(folder)) for one in arguments))
    assert one_line(outcome), outcome.err


@pytest.mark.parametrize(("at", "word"), [("yesterday", "2026-03-02"), ("2020-01-01", "reaches back")])
def test_a_time_that_cannot_be(clinic: Clinic, backed_url: str, folder: Path, tmp_path: Path, at: str, word: str) -> None:
    clinic("backup", "--db", backed_url, "--to", str(folder))
    refused = clinic("restore", str(folder), "--to", f"sqlcipher:///{tmp_path / 'x.db'}", "--at", at)
    assert one_line(refused), refused.err
    assert word in refused.err


def test_a_wrong_passphrase_opens_nothing(clinic: Clinic, backed_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Any = msgspec.json.decode(clinic("backup", "--db", backed_url, "--to", str(folder), "--json").out)
    monkeypatch.setenv("CLINIC_PASSPHRASE", "wrong horse")
    assert one_line(clinic("backup", "--verify", str(folder / made["file"])))
    assert one_line(clinic("restore", str(folder), "--to", backed_url))
