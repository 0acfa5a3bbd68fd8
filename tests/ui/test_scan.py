"""The scanner is heard whatever has the focus; people never trigger it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.scan import Scanner

Show = Callable[[QWidget], None]
CODE = "PAT-2026-00017"
_FIRST = 8 if sys.platform.startswith("linux") else 0
SCAN_CODES = {
    character: _FIRST + first + place
    for first, row in ((2, "1234567890-"), (16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM"))
    for place, character in enumerate(row)
}
"""Where the keys are, whatever is written on them."""


class Desk(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.line, self.notes, self.choice, self.button = QLineEdit(), QPlainTextEdit(), QComboBox(), QPushButton("Save")
        self.choice.addItems(["Asha", "Peter", "Tara"])
        column = QVBoxLayout(self)
        for widget in (self.line, self.notes, self.choice, self.button):
            column.addWidget(widget)
        self.submitted = 0
        self.line.returnPressed.connect(self._count)
        QShortcut(Qt.Key.Key_F9, self)

    def _count(self) -> None:
        self.submitted += 1


class Keyboard:
    """Sends key events with timestamps to the window, as the platform does."""

    def __init__(self, widget: QWidget) -> None:
        self._window = widget.windowHandle()
        self.now = 10_000

    def press(self, text: str, *, gap: int, key: int | None = None, scan_code: int = 0) -> None:
        self.now += gap
        code = key if key is not None else ord(text.upper())
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, scan_code, 0, 0, text)
            event.setTimestamp(self.now)
            QCoreApplication.sendEvent(self._window, event)

    def type(self, text: str, *, gap: int) -> None:
        for character in text:
            self.press(character, gap=gap)

    def enter(self, *, gap: int = 5) -> None:
        self.press("\r", gap=gap, key=Qt.Key.Key_Return)


@pytest.fixture
def desk(show: Show) -> Desk:
    made = Desk()
    show(made)
    return made


@pytest.fixture
def scans(qapp: QApplication, desk: Desk) -> Iterator[list[str]]:
    scanner, heard = Scanner(qapp), []
    scanner.scanned.connect(heard.append)
    yield heard
    desk.windowHandle().removeEventFilter(scanner)
    scanner.deleteLater()
    QCoreApplication.sendPostedEvents(scanner, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def keys(desk: Desk) -> Keyboard:
    return Keyboard(desk)


@pytest.mark.parametrize(
    "code", [CODE, "APT-2026-00001", "INV-NTH-2026-00009", "RX-2026-00003", "CLC1.gqFhAaFi-_9.c2lnbmF0dXJl_-x", "8901030865278", "12345670"]
)
def test_a_scan_is_heard_once_and_leaves_the_field_as_it_was(desk: Desk, keys: Keyboard, scans: list[str], code: str) -> None:
    desk.line.setText("Asha Kul")
    desk.line.setFocus()
    desk.line.setSelection(5, 3)
    keys.type(code, gap=8)
    keys.enter()
    assert scans == [code]
    assert (desk.line.text(), desk.line.selectedText()) == ("Asha Kul", "Kul")
    assert desk.submitted == 0


def test_most_of_a_numbered_code_never_reaches_the_field(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    seen: list[str] = []
    desk.line.textChanged.connect(seen.append)
    desk.line.setFocus()
    keys.type(CODE, gap=8)
    keys.enter()
    assert max(map(len, seen)) <= 3


@pytest.mark.parametrize("gap", [46, 60, 120])
def test_a_person_who_types_a_number_is_left_alone(desk: Desk, keys: Keyboard, scans: list[str], gap: int) -> None:
    desk.line.setFocus()
    keys.type(CODE, gap=gap)
    keys.enter(gap=gap)
    assert scans == []
    assert desk.line.text() == CODE
    assert desk.submitted == 1


def test_a_fast_burst_that_is_no_code_stays_typed_and_its_enter_submits(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.line.setFocus()
    keys.type("kulkarni", gap=10)
    keys.enter()
    assert (scans, desk.line.text(), desk.submitted) == ([], "kulkarni", 1)


def test_a_phone_number_typed_at_full_speed_is_no_barcode(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.line.setFocus()
    keys.type("9876543210", gap=20)
    keys.enter(gap=20)
    assert (scans, desk.line.text()) == ([], "9876543210")


def test_a_burst_that_began_like_a_code_comes_back_when_it_was_none(desk: Desk, keys: Keyboard, scans: list[str], qtbot: QtBot) -> None:
    desk.line.setFocus()
    keys.type("RX-", gap=10)
    keys.type("!", gap=10)
    qtbot.waitUntil(lambda: desk.line.text() == "RX-!")
    assert scans == []


def test_a_scanner_that_sends_no_enter_is_heard_and_a_late_enter_does_not_submit(
    desk: Desk, keys: Keyboard, scans: list[str], qtbot: QtBot
) -> None:
    desk.line.setFocus()
    keys.type(CODE, gap=8)
    qtbot.waitUntil(lambda: scans == [CODE])
    keys.enter(gap=200)
    assert (desk.line.text(), desk.submitted) == ("", 0)
    keys.enter(gap=2_000)
    assert desk.submitted == 1


def test_caps_lock_does_not_matter(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.line.setFocus()
    keys.type(CODE.lower(), gap=8)
    keys.enter()
    assert scans == [CODE]


def test_notes_keep_their_text_and_cursor(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.notes.setPlainText("Fever since Monday")
    desk.notes.setFocus()
    cursor = desk.notes.textCursor()
    cursor.setPosition(5)
    desk.notes.setTextCursor(cursor)
    keys.type("8901030865278", gap=8)
    keys.enter()
    assert scans == ["8901030865278"]
    assert desk.notes.toPlainText() == "Fever since Monday"
    assert desk.notes.textCursor().position() == 5


def test_a_list_that_jumps_to_letters_is_put_back(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.choice.setFocus()
    keys.type(CODE, gap=8)
    keys.enter()
    assert (scans, desk.choice.currentText()) == ([CODE], "Asha")


def test_a_button_with_the_focus_is_not_pressed(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.button.setFocus()
    clicks: list[bool] = []
    desk.button.clicked.connect(clicks.append)
    keys.type(CODE, gap=8)
    keys.enter()
    assert (scans, clicks) == ([CODE], [])


def test_two_scans_in_a_row_are_two(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.line.setFocus()
    for code in (CODE, "INV-2026-00004"):
        keys.type(code, gap=8)
        keys.enter()
        keys.now += 300
    assert scans == [CODE, "INV-2026-00004"]


GTIN = "0108901030865278172705011012AB"
"""A GS1 element string: item 08901030865278, to be used by 1 May 2027, batch 12AB."""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("]C1" + GTIN, "8901030865278"),
        ("]d2" + GTIN, "8901030865278"),
        ("(01)18901030865275(17)270501", "18901030865275"),
        ("]E08901030865278", "8901030865278"),
        ("]C0" + CODE, CODE),
        ("]Q1CLC1.gqFhAaFi-_9.c2lnbmF0dXJl_-x", "CLC1.gqFhAaFi-_9.c2lnbmF0dXJl_-x"),
        ("Q-20260302-3", "Q-20260302-3"),
    ],
)
def test_marks_of_a_symbology_and_elements_around_a_number_are_left_out(
    desk: Desk, keys: Keyboard, scans: list[str], typed: str, code: str
) -> None:
    desk.notes.setFocus()
    keys.type(typed, gap=8)
    keys.press("\t", gap=5, key=Qt.Key.Key_Tab)  # a scanner may be set to end in Tab
    assert (scans, desk.notes.toPlainText()) == ([code], "")
    assert desk.notes.hasFocus()


def test_the_separator_of_elements_is_no_shortcut_within_a_scan(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.line.setFocus()
    keys.type("]C10108901030865278", gap=8)
    keys.press("\x1d", gap=8, key=Qt.Key.Key_BracketRight)
    keys.type("1012AB", gap=8)
    keys.enter()
    assert (scans, desk.line.text()) == (["8901030865278"], "")


ARABIC = dict(zip("patcrdxinvq", "حشفؤقيءهىرض", strict=True))
"""What an Arabic keyboard writes where a US one has these letters."""


@pytest.mark.parametrize("code", [CODE, "8901030865278"])
def test_a_scanner_is_heard_on_a_keyboard_of_another_script(desk: Desk, keys: Keyboard, scans: list[str], code: str) -> None:
    desk.line.setText("أحمد")
    desk.line.setFocus()
    for character in code:
        arabic = ARABIC.get(character.lower(), chr(0x660 + int(character)) if character.isdigit() else character)
        keys.press(arabic, gap=8, key=ord(character), scan_code=SCAN_CODES[character.upper()])
    keys.enter()
    assert (scans, desk.line.text()) == ([code], "أحمد")


def test_fast_typing_in_another_script_is_left_alone(desk: Desk, keys: Keyboard, scans: list[str]) -> None:
    desk.line.setFocus()
    for character in "كلكرني":
        keys.press(character, gap=10, key=0, scan_code=SCAN_CODES["P"])
    keys.enter()
    assert (scans, desk.line.text(), desk.submitted) == ([], "كلكرني", 1)


def test_two_scanners_at_once_give_no_third_code(desk: Desk, keys: Keyboard, scans: list[str], qtbot: QtBot) -> None:
    """Two hands at one desk: what is mixed up is no code, or it is typed; nothing half is ever opened."""
    desk.line.setFocus()
    for one, other in zip(CODE, "APT-2026-00001", strict=True):
        keys.press(one, gap=4)
        keys.press(other, gap=4)
    keys.enter()
    assert scans == []
    keys.now += 500
    keys.type(CODE, gap=8)
    keys.enter()
    assert scans == [CODE]
