"""``clinic audit`` as a person or a script uses it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal_proof import head
from tests.cli.test_cli import Clinic, clinic, one_line, world_url

__all__ = ["clinic", "world_url"]


def newest(url: str) -> tuple[int, str]:
    database = Database.open(url)
    with database.read() as session:
        found = head(session)
    database.close()
    return found.seq, found.hash


def test_entries_are_listed_newest_first_and_narrowed(clinic: Clinic, world_url: str) -> None:
    every = clinic("audit", "list", "--db", world_url, "--json", "--limit", "500").json
    assert [row["seq"] for row in every["entries"]] == list(range(newest(world_url)[0], 0, -1))
    assert not every["more"]
    services = clinic(
        "audit", "list", "--db", world_url, "--action", "staff.add_service", "--kind", "services", "--json", "--limit", "3"
    ).json
    assert [row["action"] for row in services["entries"]] == ["Added a service"] * 3
    assert services["entries"][0]["record"] == "Service · Vaccination"
    assert services["more"]
    human = clinic("audit", "list", "--db", world_url, "--person", "doctor2", "--limit", "1")
    assert human.code == 0
    assert len(human.out.splitlines()) == 1


def test_wrong_words_are_one_clear_line(clinic: Clinic, world_url: str) -> None:
    assert one_line(clinic("audit", "list", "--db", world_url, "--person", "nobody"))
    for wrong in (("list", "--from", "yesterday"), ("list", "--only", "everything"), ("verify", "--head", "abc")):
        assert clinic("audit", *wrong, "--db", world_url).code == 2


def test_nothing_found_says_so(clinic: Clinic, world_url: str) -> None:
    outcome = clinic("audit", "list", "--db", world_url, "--from", "2020-01-01", "--to", "2020-01-31")
    assert (outcome.code, outcome.out.strip()) == (0, "Nothing like this has happened.")


@pytest.mark.parametrize("suffix", ["csv", "pdf"])
def test_entries_are_written_to_a_file_with_their_fields(clinic: Clinic, world_url: str, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"audit.{suffix}"
    written = clinic("audit", "export", str(path), "--db", world_url, "--kind", "services", "--json").json
    assert written["all"]
    assert written["entries"] == 8
    if suffix == "csv":
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert {"Name", "Code", "Price"} <= {row["Field"] for row in rows}
        assert next(row["After"] for row in rows if row["Field"] == "Price" and "ECG" in row["Record"]) == "₹350.00"
    else:
        assert path.read_bytes().startswith(b"%PDF")
    trail = clinic("audit", "list", "--db", world_url, "--only", "exports", "--json").json
    assert [row["command"] for row in trail["entries"]] == ["audit.record_export"]


def test_a_head_on_paper_is_held_against_the_chain(clinic: Clinic, world_url: str) -> None:
    seq, digest = newest(world_url)
    assert clinic("audit", "verify", "--db", world_url, "--head", f"{seq}:{digest[:20].upper()}").code == 0
    other = clinic("audit", "verify", "--db", world_url, "--head", f"{seq}:{'0' * 16}", "--json")
    assert (other.code, other.json["broken"]) == (1, {"seq": seq, "problem": "replaced"})
    gone = clinic("audit", "verify", "--db", world_url, "--head", f"{seq + 5}:{digest}", "--json")
    assert (gone.code, gone.json["broken"]) == (1, {"seq": seq + 5, "problem": "truncated"})
    assert newest(world_url) == (seq, digest)
