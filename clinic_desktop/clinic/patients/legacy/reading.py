"""A register file as rows of clean cells: encoding, delimiter and size are settled here (no clinic words but the caps)."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from clinic_desktop.kernel.errors import InvalidInput

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 300_000
MOST_CELLS = 200
LONGEST_CELL = 20_000
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One record; ``number`` is the row a spreadsheet shows (the header is 1, a cell of several lines is one row)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The header and the records below it."""

    header: tuple[str, ...]
    rows: tuple[SourceRow, ...]


def read_table(path: Path) -> SourceTable:
    """Read a CSV register; raises InvalidInput with the reason when it is not one."""
    text = decode(_bytes(path))
    delimiter = sniff_delimiter(text)
    records = _records(text, delimiter)
    filled = [record for record in records if any(cell.strip() for cell in record.cells)]
    if len(filled) < 2:
        raise InvalidInput("file", "no_rows")
    return SourceTable(filled[0].cells, tuple(filled[1:]))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput("file", "file_too_large", limit=MOST_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput("file", "unreadable", detail=error.strerror or "") from error


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
    """The delimiter that parts the header into most cells."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _records(text: str, delimiter: str) -> list[SourceRow]:
    csv.field_size_limit(LONGEST_CELL * 4)  # a quote that is never closed would swallow the file
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records: list[SourceRow] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS or len(cells) > MOST_CELLS:
                raise InvalidInput("file", "too_many_rows" if number > MOST_ROWS else "too_many_columns", row=number)
            records.append(SourceRow(number, tuple(cells)))
    except csv.Error as error:
        raise InvalidInput("file", "broken_csv", row=len(records) + 1) from error
    return records
