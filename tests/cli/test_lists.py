"""Lists by the command line: looked at, brought in all or nothing, taken out, and the same again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_cli import Clinic, clinic, empty_url, one_line, world_url

__all__ = ["clinic", "empty_url", "world_url"]


def test_prices_are_looked_at_then_written_then_known(clinic: Clinic, world_url: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_bytes("Code;Name;Price\nECG;ECG;400,50\nXRAY;X-ray chest;450\n".encode("utf-16"))
    for arguments, written in ((["--dry-run"], False), ([], True)):
        made = clinic("import", "prices", str(file), *arguments, "--db", world_url, "--json")
        assert (made.code, made.json["written"], made.json["changed"], made.json["unchanged"]) == (0, written, 1, 1)
        assert made.json["rows"][0]["changes"] == [{"column": "Price", "old": "350.00", "new": "400.50"}]
    again = clinic("import", "prices", str(file), "--db", world_url)
    assert (again.code, again.out.strip()) == (0, "0 new, 0 changed, 2 unchanged, 0 refused.")


def test_a_refused_row_is_told_by_number_and_nothing_is_written(clinic: Clinic, world_url: str, tmp_path: Path) -> None:
    file = tmp_path / "services.csv"
    file.write_text("code,name,category,price,colour\nMRI,MRI,IMAGING,12500,\nCT,CT,IMAGING,NaN,\n", encoding="utf-8")
    made = clinic("import", "services", str(file), "--db", world_url)
    assert made.code == 1
    assert made.out.splitlines() == [
        "1 new, 0 changed, 0 unchanged, 1 refused. Nothing was written.",
        "  columns that are not used: colour",
        "  row 3: Price: Please enter an amount such as 1250.50.",
    ]
    assert clinic("import", "services", str(file), "--db", world_url, "--json").json["new"] == 1  # so MRI was not added


@pytest.mark.parametrize("name", ["prices", "services", "medicines"])
def test_what_is_taken_out_can_be_brought_in(clinic: Clinic, world_url: str, tmp_path: Path, name: str) -> None:
    first = tmp_path / "medicines.csv"
    first.write_text("code,name,unit,cost,price\nPCM,=Paracetamol,tablet,1,2\n", encoding="utf-8")
    assert clinic("import", "medicines", str(first), "--db", world_url).code == 0
    file = tmp_path / f"{name}.csv"
    taken = clinic("export", name, str(file), "--db", world_url, "--json")
    assert (taken.code, taken.json) == (0, {"rows": 1 if name == "medicines" else 8, "file": str(file)})
    brought = clinic("import", name, str(file), "--db", world_url, "--json").json
    assert (brought["unchanged"], brought["new"], brought["changed"], brought["refused"]) == (taken.json["rows"], 0, 0, 0)
    assert "'=Paracetamol" in file.read_text("utf-8") or name != "medicines"


def test_wrong_files_get_one_line(clinic: Clinic, world_url: str, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_bytes(b"PK\x03\x04")
    assert one_line(clinic("import", "prices", str(book), "--db", world_url))
    assert one_line(clinic("import", "services", "no-such-file.csv", "--db", world_url))
    assert one_line(clinic("export", "services", str(tmp_path / "no" / "folder.csv"), "--db", world_url))
