"""Lists as CSV files that a spreadsheet opens without running anything that is in them, each with its trace in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.errors import FileNotWritten
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.tabular import write_table
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.files import ask_place, csv_files
from clinic_desktop.ui.rows import Column, Row
from clinic_desktop.ui.theme.tokens import Tone


def write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write the rows as the columns show them, with a heading, and return how many; raises FileNotWritten."""
    try:
        return write_table(path, [column.title for column in columns], ([(c.export or c.text)(row) for c in columns] for row in rows))
    except OSError as error:
        raise FileNotWritten(path=str(path), detail=error.strerror or "") from error


def ask_export(view: QWidget, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Ask for the file, then export."""

    def write(path: Path) -> None:
        export(view, path, name, columns, rows)

    ask_place(view, _("Export as CSV"), csv_files(), write, name=f"{name}.csv")


def export(view: QWidget, path: Path, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Write a list once the audit trail has it, off the UI thread, and say so."""
    desk = desk_around(view)

    def told(count: int) -> None:
        desk.toast(ngettext("{n} row exported.", "{n} rows exported.", count).format(n=count), tone=Tone.GOOD)

    def write() -> None:
        desk.work.background(view, write_csv, then=told, path=path, columns=columns, rows=rows)

    desk.record_export(view, what=name, rows=len(rows), then=write)


def desk_around(view: QWidget) -> Desk:
    """The desk of the screen that a widget is part of, dialogs of it included."""
    place: QWidget | None = view
    while place is not None:
        found = getattr(place, "desk", None)
        if isinstance(found, Desk):
            return found
        place = place.parentWidget()
    raise RuntimeError("outside every screen there is no desk")
