"""Lists by file: the two buttons, choosing a file, and taking a list out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from clinic_desktop.kernel.errors import FileNotWritten
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.plans import Plan, Sheet
from clinic_desktop.kernel.tabular import write_table
from clinic_desktop.ui.files import ask_file, ask_place, csv_files
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.bringing import BringDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, keep_if, keyed


@dataclass(frozen=True, slots=True)
class FileList:
    """A list that files bring and take: what it is called, and how it is looked at, written and taken out."""

    name: str
    title: str
    plan: Callable[..., Plan]
    bring: Any
    take: Any
    hint: str = ""
    """What is in it, where there are several to choose from."""


class FileButtons:
    """Import and export of the lists of one screen; where there are several, each button asks which."""

    def __init__(self, screen: Screen, *lists: FileList) -> None:
        self._screen, self._lists = screen, lists
        self.bring = Button(_("Import…"), icon_name="upload")
        self.take = BusyButton(_("Export…"), icon_name="download", role=None)
        keyed(self.bring, "Ctrl+I")
        keyed(self.take, "Ctrl+E")
        keep_if(self.bring, screen.desk.may(*(one.bring for one in lists)))
        keep_if(self.take, screen.desk.may(*(one.take for one in lists)))
        self.bring.clicked.connect(lambda: self._choose(self.bring, self._ask_file))
        self.take.clicked.connect(lambda: self._choose(self.take, self._ask_place))

    def _choose(self, button: Button, then: Callable[[FileList], object]) -> None:
        if len(self._lists) == 1:
            then(self._lists[0])
            return
        menu = QMenu(button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in self._lists:
            menu.addAction(one.title + (f"  ({one.hint})" if one.hint else "")).triggered.connect(partial(_called, then, one))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _ask_file(self, wanted: FileList) -> None:
        kinds = _("Lists (*.csv *.txt *.tsv);;All files (*)")
        ask_file(self._screen, _("Choose the file to import"), kinds, partial(self.look_at, wanted))

    def _ask_place(self, wanted: FileList) -> None:
        ask_place(self._screen, _("Export as CSV"), csv_files(), partial(self.write_to, wanted), name=f"{wanted.name}.csv")

    def look_at(self, wanted: FileList, path: Path) -> None:
        """Show what a file would do."""
        dialog = BringDialog(self._screen, wanted.title, wanted.plan, wanted.bring, path)
        dialog.another.connect(partial(self._ask_file, wanted))
        dialog.open()

    def write_to(self, wanted: FileList, path: Path) -> None:
        """Write the list into a file."""
        screen = self._screen
        self.take.run(screen.work, screen, wanted.take, then=lambda sheet: self._write(sheet, path))

    def _write(self, sheet: Sheet, path: Path) -> None:
        def told(rows: int) -> None:
            text = ngettext("{n} row written to {file}.", "{n} rows written to {file}.", rows)
            self._screen.desk.toast(text.format(n=rows, file=isolated(path.name)), tone=Tone.GOOD)

        self._screen.work.background(self._screen, _written, then=told, sheet=sheet, path=path)


def _called(then: Callable[[FileList], object], wanted: FileList, _checked: bool = False) -> None:
    then(wanted)


def _written(*, sheet: Sheet, path: Path) -> int:
    try:
        return write_table(path, sheet.header, sheet.rows)
    except OSError as error:
        raise FileNotWritten(path=str(path), detail=error.strerror or "") from error
