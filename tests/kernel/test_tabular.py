"""Files of rows: whatever program wrote them, of whatever size, and nothing in them is ever run."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.tabular import Limits, plain_cell, read_table, safe_cell, sniff_delimiter, write_table

TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r"), max_size=30)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=8))
def test_what_is_written_is_read_again_exactly(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    file = tmp_path_factory.getbasetemp() / "round.csv"
    write_table(file, ["code", "name"], [["x", *row] for row in rows])
    assert [list(row.cells[1:]) for row in read_table(file).rows] == rows


@given(TEXTS)
def test_no_cell_runs_and_each_comes_back(text: str) -> None:
    written = safe_cell(text)
    assert plain_cell(written) == text
    start = written.lstrip()[:1]
    assert start not in ("=", "@")
    assert not (start in ("+", "-") and any(c.isalpha() for c in written))


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''=1+1", " =1", "-1+1|x", "-12.50", "'", "'abc", "\t=1", "+91 98450 12345"])
def test_formulas_are_quoted_once_and_unquoted_once(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert plain_cell(safe_cell(safe_cell(text))) == safe_cell(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = tmp_path / "list.csv"
    text = "\r\n".join(delimiter.join(line) for line in [["Code", "Näme"], ["A", "José"]])
    file.write_bytes(text.encode(encoding))
    table = read_table(file)
    assert (table.header, table.rows[0].cells) == (("Code", "Näme"), ("A", "José"))


def test_a_delimiter_inside_quotes_parts_nothing() -> None:
    assert sniff_delimiter('"Name, first, last";Price\n') == ";"
    assert sniff_delimiter('"Name; of service",Price\n') == ","


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text('code,name\nA,"two\nlines"\n\n,\nB,x\n', newline="")
    assert [(row.number, row.cells[0]) for row in read_table(file).rows] == [(2, "A"), (5, "B")]


def test_bombs_are_refused(tmp_path: Path) -> None:
    limits, file = Limits(size=20_000, rows=50, columns=30, cell=1_000), tmp_path / "bomb.csv"
    cases = {
        "file_too_large": b"code\n" + b"x" * 20_001,
        "too_many_rows": b"code\n" + b"A\n" * 51,
        "too_many_columns": b"code" + b"," * 40 + b"\nA\n",
        "broken_csv": b'code\n"' + b"never closed\n" * 200,
        "no_rows": b"code,name\n\n",
        "not_csv": b"PK\x03\x04 a workbook",
    }
    for reason, data in cases.items():
        file.write_bytes(data)
        with pytest.raises(InvalidInput) as refused:
            read_table(file, limits)
        assert (refused.value.field, refused.value.reason) == ("file", reason)
    file.write_bytes(b"code\n" + b"A\n" * 50)
    assert len(read_table(file, limits).rows) == 50
    with pytest.raises(InvalidInput) as missing:
        read_table(tmp_path / "missing.csv")
    assert missing.value.reason == "unreadable"


def test_the_largest_file_takes_a_bounded_room(tmp_path: Path) -> None:
    file = tmp_path / "commas.csv"
    file.write_bytes(b"code" + b"," * 199 + b"\n" + (b"A" + b"," * 199 + b"\n") * 51_000)
    tracemalloc.start()
    try:
        assert len(read_table(file).rows) == 51_000
        assert tracemalloc.get_traced_memory()[1] < 200 * 1024 * 1024
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(b"code,name\nA,b\n" + data)
    with suppress(InvalidInput):
        assert read_table(file).rows[0].cells == ("A", "b")
