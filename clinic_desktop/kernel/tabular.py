"""Files of rows and columns (CSV): read from whatever program wrote them, written so that no spreadsheet runs what is in them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clinic_desktop.kernel.errors import InvalidInput

_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,\u00a0 ]*%?")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of spreadsheet programs begin, new and old: people rename them to .csv."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one file: bytes, rows, columns, and characters of a cell."""

    size: int = 10 * 1024 * 1024
    rows: int = 100_000
    columns: int = 200
    cell: int = 20_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record; ``number`` is the row a spreadsheet shows (the header is 1, a cell of several lines is one row)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the records below it; rows in which nothing stands are left out."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_table(path: Path, limits: Limits = LIMITS) -> Table:
    """Read a CSV file; raises InvalidInput with the reason when it is not one, or too large."""
    text = decode(_bytes(path, limits))
    records = _records(text, sniff_delimiter(text), limits)
    filled = [record for record in records if any(cell.strip() for cell in record.cells)]
    if len(filled) < 2:
        raise InvalidInput("file", "no_rows")
    return Table(filled[0].cells, tuple(filled[1:]))


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limits.size + 1)  # not what the file system says of its size: it may grow, or be a pipe
    except OSError as error:
        raise InvalidInput("file", "unreadable", detail=error.strerror or "") from error
    if len(data) > limits.size:
        raise InvalidInput("file", "file_too_large", limit=limits.size)
    if data.startswith(_WORKBOOKS):
        raise InvalidInput("file", "not_csv")
    return data


def decode(data: bytes) -> str:
    """Text of a file whose encoding nobody wrote down: a byte order mark, else UTF-8, else Windows-1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    return text.replace("\x00", "")


def sniff_delimiter(text: str) -> str:
    """The delimiter that parts the header into most cells; one inside quotes parts nothing."""
    header = _QUOTED.sub("", text.lstrip("\r\n")[:10_000]).split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _records(text: str, delimiter: str, limits: Limits) -> list[TableRow]:
    csv.field_size_limit(limits.cell)  # a quote that is never closed would swallow the file
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records: list[TableRow] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if number > limits.rows + 1 or len(cells) > limits.columns:
                raise InvalidInput("file", "too_many_rows" if number > limits.rows else "too_many_columns", row=number, limit=limits.rows)
            records.append(TableRow(number, tuple(map(plain_cell, cells))))
    except csv.Error as error:
        raise InvalidInput("file", "broken_csv", row=len(records) + 1) from error
    return records


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows below a header and return how many; the byte order mark makes Excel read UTF-8."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(safe_cell, header))
        for row in rows:
            writer.writerow(map(safe_cell, row))
            count += 1
    return count


def safe_cell(text: str) -> str:
    """The text with a quote before it where a spreadsheet would take it for a formula, or ``plain_cell`` for a quoted one."""
    return f"'{text}" if _is_formula(text.lstrip("'")) else text


def plain_cell(text: str) -> str:
    """What ``safe_cell`` was given: the text without the quote that it put before a formula."""
    return text[1:] if text.startswith("'") and _is_formula(text.lstrip("'")) else text


def _is_formula(text: str) -> bool:
    if not text.startswith(_FORMULA_STARTS) and not text.lstrip().startswith(_FORMULA_STARTS):
        return False
    return text.startswith(("\t", "\r", "\n")) or not _NUMBER.fullmatch(text.strip())
