"""Lists as CSV files that a spreadsheet opens without running anything that is in them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from clinic_desktop.ui.rows import Column, Row

_NUMBER = re.compile(r"[+-]?[0-9][0-9.,\u00a0 ]*%?")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text with a quote before it where a spreadsheet would take it for a formula."""
    if text.lstrip().startswith(_DANGEROUS) or text.startswith(_DANGEROUS):
        return text if _NUMBER.fullmatch(text.strip()) and not text.startswith(("\t", "\r", "\n")) else f"'{text}"
    return text


def write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write the rows with a heading and return how many; the byte order mark makes Excel read UTF-8."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([safe_cell(column.title) for column in columns])
        for row in rows:
            writer.writerow([safe_cell((column.export or column.text)(row)) for column in columns])
            count += 1
    return count
