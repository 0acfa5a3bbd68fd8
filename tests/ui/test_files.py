"""Asking for files and folders: by keys into the dialog, with everything behind it going on, and no file written over unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import clinic_desktop.ui
from clinic_desktop.ui.files import ask_file, ask_folder, ask_place
from tests.ui.hands import enter, modal

KEY = Qt.Key
KINDS = {"Lists (*.csv)": ".csv", "Papers (*.pdf)": ".pdf"}


@pytest.fixture
def home(show: Callable[[QWidget], None]) -> QWidget:
    made = QWidget()
    show(made)
    return made


def answer(qtbot: QtBot, text: str) -> None:
    """Select what is offered, type over it, Enter."""
    edit = modal(QFileDialog, qtbot).findChild(QLineEdit, "fileNameEdit")
    edit.setCompleter(None)  # its list of what is in the folder comes and goes between two keys
    edit.setFocus()
    edit.selectAll()
    enter(edit, text)
    QTest.keyClick(edit, KEY.Key_Return)


def over(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_the_program_goes_on_behind_the_dialog(home: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    chosen: list[Path] = []
    ask_folder(home, "Folder", chosen.append, start=str(tmp_path))
    dialog = modal(QFileDialog, qtbot)  # so the call came back
    assert (chosen, dialog.windowModality()) == ([], Qt.WindowModality.WindowModal)
    answer(qtbot, str(tmp_path))
    over(qtbot)
    assert chosen == [tmp_path]


def test_no_dialog_of_ours_turns_a_loop_of_its_own() -> None:
    code = {path: path.read_text(encoding="utf-8") for path in Path(clinic_desktop.ui.__path__[0]).rglob("*.py")}
    assert [path.name for path, text in code.items() if "QFileDialog" in text and "tour" not in path.parts] == ["files.py"]
    assert not [path.name for path, text in code.items() if "QFileDialog.get" in text]


def test_a_file_must_be_there_and_escape_chooses_none(home: QWidget, qtbot: QtBot, tmp_path: Path, no_warnings: list[str]) -> None:
    chosen: list[Path] = []
    file = tmp_path / "قائمة.csv"
    file.write_text("a")
    ask_file(home, "File", "Lists (*.csv)", chosen.append, start=str(tmp_path))
    dialog = modal(QFileDialog, qtbot)
    QTest.keyClick(dialog, KEY.Key_Escape)
    over(qtbot)
    assert chosen == []
    home.activateWindow()
    ask_file(home, "File", "Lists (*.csv)", chosen.append, start=str(tmp_path))
    answer(qtbot, str(file))
    over(qtbot)
    assert chosen == [file]


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [
        ("plain", 0, "plain.csv"),
        ("plain", 1, "plain.pdf"),
        ("named.csv", 0, "named.csv"),
        ("NAMED.PDF", 0, "NAMED.PDF"),
        ("v1.2", 0, "v1.2.csv"),
        ("v1.2", 1, "v1.2.pdf"),
    ],
)
def test_what_is_written_ends_as_its_kind_does(home: QWidget, qtbot: QtBot, tmp_path: Path, typed: str, kind: int, written: str) -> None:
    chosen: list[Path] = []
    ask_place(home, "Export", KINDS, chosen.append, name="Today.csv", folder=str(tmp_path))
    choose_kind(qtbot, kind)
    answer(qtbot, str(tmp_path / typed))
    over(qtbot)
    assert chosen == [tmp_path / written]


def choose_kind(qtbot: QtBot, place: int) -> None:
    """Down in the box of kinds."""
    box = modal(QFileDialog, qtbot).findChild(QComboBox, "fileTypeCombo")
    box.setFocus()
    for _ in range(place):
        QTest.keyClick(box, KEY.Key_Down)
        box.textActivated.emit(box.currentText())


def test_the_name_that_is_offered_is_one_that_every_disk_takes_and_follows_the_kind(home: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    chosen: list[Path] = []
    ask_place(home, "Export", KINDS, chosen.append, name="Prices 1/2: a\\b?.csv", folder=str(tmp_path))
    edit = modal(QFileDialog, qtbot).findChild(QLineEdit, "fileNameEdit")
    assert edit.text() == "Prices 1-2- a-b-.csv"
    choose_kind(qtbot, 1)
    assert edit.text() == "Prices 1-2- a-b-.pdf"
    edit.setFocus()
    QTest.keyClick(edit, KEY.Key_Return)
    over(qtbot)
    assert chosen == [tmp_path / "Prices 1-2- a-b-.pdf"]


@pytest.mark.parametrize("typed", ["there.csv", "there.1"])
def test_a_file_that_is_there_is_not_written_over_unasked(home: QWidget, qtbot: QtBot, tmp_path: Path, typed: str) -> None:
    chosen: list[Path] = []
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "there.1.csv").write_text("mine")
    refused: list[str] = []

    def refuse() -> None:
        question = QApplication.activeModalWidget()
        if isinstance(question, QMessageBox):
            refused.append(question.text())
            QTest.keyClick(question, KEY.Key_Escape)
        elif not refused:
            QTimer.singleShot(20, refuse)

    ask_place(home, "Export", KINDS, chosen.append, name="Today.csv", folder=str(tmp_path))
    if typed == "there.1":  # the dialog knows nothing of this one: it is offered again, by the name it would have
        answer(qtbot, str(tmp_path / typed))
        qtbot.waitUntil(lambda: name_in_the_dialog() == "there.1.csv")
        typed = "there.1.csv"
    QTimer.singleShot(20, refuse)
    answer(qtbot, str(tmp_path / typed))
    qtbot.waitUntil(lambda: bool(refused))
    assert chosen == []
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.activateWindow()  # the offscreen platform has no window manager that would do this after the question is gone
    QTest.keyClick(dialog, KEY.Key_Escape)
    over(qtbot)
    assert chosen == []


def name_in_the_dialog() -> str:
    found = QApplication.activeModalWidget()
    edit = found.findChild(QLineEdit, "fileNameEdit") if isinstance(found, QFileDialog) else None
    return edit.text() if edit is not None else ""
