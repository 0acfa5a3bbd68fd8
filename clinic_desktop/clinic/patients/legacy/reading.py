"""A register file as rows of cells, within the caps of a register."""

from __future__ import annotations

from pathlib import Path

from clinic_desktop.kernel import tabular
from clinic_desktop.kernel.tabular import Limits
from clinic_desktop.kernel.tabular import Table as SourceTable
from clinic_desktop.kernel.tabular import TableRow as SourceRow

__all__ = ["SourceRow", "SourceTable", "read_table"]

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 300_000
MOST_CELLS = 200
LONGEST_CELL = 80_000


def read_table(path: Path) -> SourceTable:
    """Read a CSV register; raises InvalidInput with the reason when it is not one."""
    return tabular.read_table(path, Limits(MOST_BYTES, MOST_ROWS, MOST_CELLS, LONGEST_CELL))
