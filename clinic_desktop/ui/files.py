"""Asking for a file or a folder: a window-modal dialog with signals, never a nested event loop, so that the program goes on meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_desktop.kernel.i18n import _

Chosen = Callable[[Path], object]
_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What no file system takes in a name, or takes for a folder."""


def documents() -> str:
    """The folder where people keep what they write."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def csv_files() -> dict[str, str]:
    """Lists for a spreadsheet."""
    return {_("Lists (*.csv)"): ".csv"}


def pdf_files() -> dict[str, str]:
    """Documents for paper."""
    return {_("PDF files (*.pdf)"): ".pdf"}


def ask_file(parent: QWidget, title: str, kinds: str, then: Chosen, *, start: str = "") -> None:
    """Ask for a file that is there; ``kinds`` are filters such as ``Lists (*.csv)``, ``start`` a folder or the file so far."""
    dialog = QFileDialog(parent, title, start, kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open(dialog, then)


def ask_files(parent: QWidget, title: str, kinds: str, then: Callable[[list[Path]], object]) -> None:
    """Ask for files that are there, one or several."""
    dialog = QFileDialog(parent, title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda chosen: then([Path(one) for one in chosen]))
    dialog.open()


def ask_folder(parent: QWidget, title: str, then: Chosen, *, start: str = "") -> None:
    """Ask for a folder that is there."""
    dialog = QFileDialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _open(dialog, then)


def ask_place(parent: QWidget, title: str, kinds: Mapping[str, str], then: Chosen, *, name: str, folder: str = "") -> None:
    """Ask where to write; ``kinds`` are filters with their suffixes: a name that ends in none of these gets that of the kind chosen.

    ``name`` is offered, in ``folder`` or among the documents.
    """
    dialog = QFileDialog(parent, title, folder or documents(), ";;".join(kinds))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(next(iter(kinds.values())))
    dialog.selectFile(_NO_NAME.sub("-", name))

    def follow(kind: str) -> None:
        """Another kind, another end of the name: the dialog asks about a file that is there already by the name it shows."""
        dialog.setDefaultSuffix(kinds[kind])
        typed = next(iter(dialog.selectedFiles()), "")
        if Path(typed).suffix.lower() in kinds.values():
            dialog.selectFile(Path(typed).with_suffix(kinds[kind]).name)

    def written(chosen: Path) -> None:
        path = chosen
        if chosen.suffix.lower() not in kinds.values():
            path = chosen.with_name(chosen.name + kinds.get(dialog.selectedNameFilter(), next(iter(kinds.values()))))
        if path != chosen and path.exists():
            # Nobody has said yet that this one may be replaced: the dialog asks once it knows the name.
            ask_place(parent, title, kinds, then, name=path.name, folder=str(path.parent))
        else:
            then(path)

    dialog.filterSelected.connect(follow)
    _open(dialog, written)


def _open(dialog: QFileDialog, then: Chosen) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.open()
