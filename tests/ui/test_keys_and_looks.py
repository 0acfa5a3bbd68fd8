"""Keys of buttons, and how words stand: heights, sides and lines in all scripts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.display.lettering import fitting
from clinic_desktop.ui.screens.booking.week import DayButton
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.widgets import Button, LineEdit, PhoneField, SearchBox, ToastArea, ask, keyed

Show = Callable[..., None]


def test_a_key_is_given_named_changed_and_taken_away(show: Show) -> None:
    page, pressed = QWidget(), []
    button = Button("Save", parent=page)
    button.clicked.connect(lambda: pressed.append(button.text()))
    keyed(button, "F9")
    assert button.toolTip() == "Save  (F9)"
    show(page, 200, 100)
    QTest.keyClick(page, Qt.Key.Key_F9)
    button.setText("Save anyway")
    keyed(button, "Ctrl+Return")
    QTest.keyClick(page, Qt.Key.Key_F9)
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["Save", "Save anyway"]
    assert button.toolTip() == "Save anyway  (Ctrl+Return)"
    keyed(button, "")
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(pressed) == 2
    assert button.toolTip() == ""


def test_enter_presses_what_has_the_focus_once_while_it_is_held(show: Show) -> None:
    button, pressed = Button("Open"), []
    button.clicked.connect(lambda: pressed.append(1))
    show(button, 200, 60)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    held = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(button, held)
    assert pressed == [1]


def test_a_dialog_is_as_high_as_its_words(show: Show) -> None:
    page = QWidget()
    show(page)
    text = "25 · Pooja Shetty went away without being seen. Nothing is charged and the number is not given again."
    dialog = ask(page, "Left without being seen?", text, yes="Left", then=lambda: None)
    layout = dialog.layout()
    assert layout is not None
    assert dialog.height() == layout.totalHeightForWidth(dialog.width())
    dialog.reject()


def test_messages_leave_the_foot_of_the_page_free(show: Show) -> None:
    window = QWidget()
    show(window)
    area = ToastArea(window)
    area.show_toast("Asha Kulkarni is registered as PAT-2026-00007.")
    status_line_and_margin = 28 + 16
    assert area.geometry().top() >= window.height() - status_line_and_margin
    area.toasts[0].leave()


def test_what_is_typed_begins_where_the_language_does(qtbot: QtBot) -> None:
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    activate("ar")
    edits = [LineEdit("Name"), PhoneField("Phone"), SearchBox("Search"), PasswordEdit("Password")]
    for edit in edits:
        qtbot.addWidget(edit)
        assert edit.alignment() == right
    activate("en")
    latin = LineEdit("Name")
    qtbot.addWidget(latin)
    assert latin.alignment() != right


def test_names_in_all_scripts_stand_on_one_line(show: Show) -> None:
    table = TableView("People", [Column("Name", str, width=200)], key=lambda name: name)
    show(table, 400, 300)
    table.set_rows(["Mmmm", "मममम"])
    grid = table.grid
    feet = []
    for place in range(2):
        cell = grid.visualRect(table.model.index(place, 0)).adjusted(8, 2, -60, -3)
        image = grid.viewport().grab(cell).toImage()
        ground = image.pixel(0, 0)
        inked = [y for y in range(image.height()) if any(image.pixel(x, y) != ground for x in range(image.width()))]
        feet.append(inked[-1])
    assert abs(feet[0] - feet[1]) <= 1


def test_a_long_name_on_the_wall_is_made_smaller_until_it_fits(qtbot: QtBot) -> None:
    name = "Dr. Anjali Deshmukh"
    for tenths in range(3000, 4600, 3):
        width = tenths / 10
        assert QFontMetricsF(fitting(name, 48.6, width)).elidedText(name, Qt.TextElideMode.ElideRight, width) == name
    assert fitting("Dr. Anjali Deshmukh", 48.0, 10).pixelSize() == 26  # no smaller: it is read across a room
    assert fitting("Dr. A", 48.0, 400).pixelSize() == 48


def test_a_day_has_the_height_of_its_script(qtbot: QtBot) -> None:
    heights = []
    for text in ("10 Tue\n16 free", "الثلاثاء، 10\n16 شاغرًا"):
        button = DayButton()
        qtbot.addWidget(button)
        button.setText(text)
        heights.append(button.sizeHint().height())
        assert heights[-1] >= button.fontMetrics().size(0, text).height() + 8
    assert heights[0] == 52 < heights[1]
