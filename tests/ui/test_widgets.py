"""Controls: strict reading, errors at the field, one effect per intent, plain text only."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop import wording
from clinic_desktop.clinic.access.commands.permissions import ROLES
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import (
    BannerPatient,
    BusyButton,
    Choice,
    DateField,
    Form,
    Label,
    LineEdit,
    MoneyEdit,
    Notes,
    NumberField,
    PatientBanner,
    PhoneField,
    ToastArea,
    ask,
    ask_reason,
    tell,
)
from clinic_desktop.ui.widgets.inputs import read_date
from clinic_desktop.ui.work import Work
from tests.ui.hands import double_click, enter

Show = Callable[[QWidget], None]
Settle = Callable[[], None]
TODAY = date(2026, 3, 2)


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


def test_labels_show_markup_as_it_was_typed(qtbot: QtBot) -> None:
    label = Label("<b>Ravi</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    plain = Label("Ravi")
    qtbot.addWidget(plain)
    assert label.sizeHint().width() > plain.sizeHint().width() * 1.5


def test_a_number_is_as_high_as_a_line_and_begins_where_it_does(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    number, text = NumberField(1, 65_535), LineEdit()
    for one in (number, text):
        qtbot.addWidget(one)
        one.show()
    assert number.height() == text.height()
    assert number.lineEdit().textMargins().left() > 0


def test_scrolling_past_a_number_changes_nothing(qtbot: QtBot) -> None:
    number = NumberField(0, 9)
    qtbot.addWidget(number)
    number.setValue(4)
    number.show()
    number.setFocus()
    middle = QPointF(number.rect().center())
    turn = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(number, QWheelEvent(middle, number.mapToGlobal(middle), QPoint(), QPoint(0, 120), *turn))
    assert number.value() == 4
    QTest.keyClick(number, Qt.Key.Key_Up)
    assert number.value() == 5


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("", None),
        ("0", 0),
        ("12.5", 1250),
        ("1250.50", 125050),
        ("1,250.50", 125050),
        ("1,25,000", 12500000),
        ("١٢.٥", 1250),
    ],
)
def test_money_is_read_exactly(qtbot: QtBot, typed: str, minor: int | None) -> None:
    edit = MoneyEdit("Amount", "INR")
    qtbot.addWidget(edit)
    enter(edit, typed)
    assert edit.value() == (None if minor is None else Money(minor, "INR"))


@pytest.mark.parametrize(("typed", "currency"), [("1.234", "INR"), ("1.5", "JPY"), ("1.2.3", "INR"), ("12,5", "INR"), (",", "INR")])
def test_money_that_cannot_be_read_is_refused(qtbot: QtBot, typed: str, currency: str) -> None:
    edit = MoneyEdit("Amount", currency)
    qtbot.addWidget(edit)
    QTest.keyClicks(edit, typed)
    with pytest.raises(InvalidInput):
        edit.value()


def test_money_comes_back_as_it_was_shown(qtbot: QtBot) -> None:
    edit = MoneyEdit("Amount", "KWD")
    qtbot.addWidget(edit)
    edit.set_value(Money.parse("12.345", "KWD"))
    assert edit.text() == "12.345"
    found = edit.value()
    assert found is not None
    assert found.amount == Decimal("12.345")
    QTest.keyClicks(edit, "e-x")
    assert edit.text() == "12.345"


@pytest.mark.parametrize(
    ("typed", "past", "wanted"),
    [
        ("2/3/2026", False, date(2026, 3, 2)),
        ("02.03.2026", False, date(2026, 3, 2)),
        ("2026-03-02", False, date(2026, 3, 2)),
        ("02032026", False, date(2026, 3, 2)),
        ("020326", False, date(2026, 3, 2)),
        ("2/3/85", True, date(1985, 3, 2)),
        ("2/3/85", False, date(2085, 3, 2)),
        ("٢/٣/٢٠٢٦", False, date(2026, 3, 2)),
        ("29/2/2024", True, date(2024, 2, 29)),
        ("  ", False, None),
    ],
)
def test_dates_are_read_day_first(typed: str, past: bool, wanted: date | None) -> None:
    assert read_date(typed, today=TODAY, past=past) == wanted


@pytest.mark.parametrize("typed", ["29/2/2026", "31/4/2026", "13/13/2026", "tomorrow", "2/2026", "0/1/2026"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_date(typed, today=TODAY)


def test_a_date_is_typed_quickly_and_stepped_by_keys(qtbot: QtBot) -> None:
    field = DateField("Born", today=TODAY)
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, "28022026")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "01/03/2026"
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == date(2026, 2, 28)


def test_a_phone_takes_no_letters(qtbot: QtBot) -> None:
    field = PhoneField("Phone")
    qtbot.addWidget(field)
    QTest.keyClicks(field, "+91 98abc765-43210")
    assert field.value() == "+91 98765-43210"


def test_a_choice_gives_back_the_very_value(qtbot: QtBot) -> None:
    choice = Choice("Colour", [("Red", Colour.RED), ("Blue", Colour.BLUE)], placeholder="Any")
    qtbot.addWidget(choice)
    assert choice.value() is None
    choice.set_value(Colour.BLUE)
    assert choice.value() is Colour.BLUE
    choice.set_options([("Blue", Colour.BLUE), ("Red", Colour.RED)])
    assert choice.value() is Colour.BLUE


@pytest.fixture
def form(qtbot: QtBot, show: Show) -> Form:
    made = Form()
    made.add("name", "Name", LineEdit(), required=True)
    made.add("born", "Born", DateField("", today=TODAY))
    made.add("notes", "Notes", Notes(""), span=2)
    show(made)
    return made


def test_every_error_stands_at_its_field_and_the_first_has_the_focus(form: Form) -> None:
    form["born"].setText("yesterday")
    assert form.values() is None
    assert form.fields["name"].error == "Please fill this in."
    assert form.fields["born"].error == "Please enter a date such as 31/12/2026."
    assert form["name"].hasFocus()
    assert form["name"].accessibleDescription() == "Please fill this in."
    QTest.keyClicks(form["name"], "Asha")
    assert form.fields["name"].error == ""
    form["born"].setText("1/2/2003")
    assert form.values() == {"name": "Asha", "born": date(2003, 2, 1), "notes": None}


def test_a_refusal_of_the_core_stands_at_its_field(form: Form) -> None:
    assert form.refuse(InvalidInput("born", "in_the_future"))
    assert form.fields["born"].error == "This lies in the future."
    assert not form.refuse(InvalidInput("elsewhere", "required"))


def test_a_draft_comes_back_even_when_it_cannot_be_read(form: Form) -> None:
    form["name"].setText("As")
    form["born"].setText("31/2")
    form["notes"].setPlainText("a\nb")
    draft = form.draft()
    form.clear()
    assert form["notes"].toPlainText() == ""
    form.restore(draft)
    assert form.draft() == {"name": "As", "born": "31/2", "notes": "a\nb"}


class Till:
    """Counts what a command did, and can be held up or made to fail."""

    def __init__(self) -> None:
        self.keys: list[UUID] = []
        self.open = threading.Event()
        self.error: Exception | None = None

        @command(ROLES, idempotent=True)
        def pay(tx: Tx, *, key: UUID) -> str:
            assert self.open.wait(60)
            self.keys.append(key)
            if self.error is not None:
                raise self.error
            return "paid"

        self.pay = pay


def test_a_double_click_does_one_thing(work: Work, show: Show, settle: Settle) -> None:
    till, button, answers = Till(), BusyButton("Pay"), []
    show(button)
    button.clicked.connect(lambda: button.run(work, button, till.pay, then=answers.append))
    first = button.key
    double_click(button)
    assert button.is_busy
    till.open.set()
    settle()
    assert till.keys == [first]
    assert answers == ["paid"]
    assert not button.is_busy
    assert button.key != first
    assert button.hasFocus()


def test_the_key_stays_when_nobody_knows_what_happened(work: Work, show: Show, settle: Settle) -> None:
    till, button = Till(), BusyButton("Pay")
    show(button)
    till.open.set()
    first, errors = button.key, []
    till.error = DatabaseUnavailable(reason="unreachable")
    button.run(work, button, till.pay, failed=errors.append)
    settle()
    assert button.key == first
    till.error = InvalidInput("amount", "negative")
    button.run(work, button, till.pay, failed=errors.append)
    settle()
    assert [error.code for error in errors] == ["database_unavailable", "invalid_input"]
    assert button.key != first


def test_toasts_stand_above_the_window_and_undo_once(show: Show, qtbot: QtBot) -> None:
    window = QWidget()
    show(window)
    area, undone = ToastArea(window), []
    toast = area.show_toast("Cancelled <b>it</b>", Tone.GOOD, undo=lambda: undone.append(1))
    assert area.isVisible()
    assert window.rect().contains(area.geometry())
    assert toast.undo_button is not None
    qtbot.mouseClick(toast.undo_button, Qt.MouseButton.LeftButton)
    assert undone == [1]
    qtbot.waitUntil(lambda: not area.isVisible())
    for number in range(5):
        area.show_toast(str(number))
    assert [one.text for one in area.toasts] == ["2", "3", "4"]
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.rect().contains(area.geometry()))


def test_the_banner_shows_allergies_and_warns_of_the_same_name(show: Show) -> None:
    banner = PatientBanner()
    show(banner)
    banner.show_patient(BannerPatient("Asha Kulkarni", "PAT-2026-00017", "34 y", "Female", "Penicillin", same_name=True))
    assert banner._allergies.isVisible()
    assert "Penicillin" in banner._allergies.text
    assert banner._same_name.isVisible()
    banner.show_patient(BannerPatient("Om", "PAT-2026-00018", "9 y", "Male"))
    assert not banner._allergies.isVisible()
    assert banner._no_allergies.isVisible()
    assert banner.accessibleName() == "Om, PAT-2026-00018"


def _dialog() -> QDialog:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    assert len(found) == 1
    return found[0]


def test_a_reason_is_asked_until_one_is_given(show: Show, qtbot: QtBot) -> None:
    window, reasons = QWidget(), []
    QVBoxLayout(window)
    show(window)
    dialog = ask_reason(window, "Cancel the visit?", "It stays in the history.", yes="Cancel visit", then=reasons.append)
    notes, yes = dialog.findChild(Notes), dialog.buttons.itemAt(2).widget()
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert reasons == []
    assert _dialog() is dialog
    QTest.keyClicks(notes, "Patient left")
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert reasons == ["Patient left"]


def test_a_question_answered_by_escape_does_nothing(show: Show, qtbot: QtBot) -> None:
    window, done = QWidget(), []
    show(window)
    dialog = ask(window, "Delete?", "<i>This</i>", yes="Delete", role="danger", then=lambda: done.append(1))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert done == []
    told = tell(window, "Saved", "<b>all</b>")
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in told.findChildren(Label))
    QTest.keyClick(told, Qt.Key.Key_Return)
    assert not told.isVisible()


def test_fifty_thousand_changes_of_a_text_cost_no_memory_and_no_crash(qtbot: QtBot) -> None:
    """PySide6 6.12 dies here on Python 3.11: references to None leak with each call."""
    label, button = Label(), BusyButton("x")
    for widget in (label, button):
        qtbot.addWidget(widget)
    before = sys_refcount()
    for number in range(50_000):
        label.setText(str(number))
        button.setText(str(number))
    assert label.text() == button.text() == "49999"
    assert abs(sys_refcount() - before) < 1_000


def sys_refcount() -> int:
    import sys

    return sys.getrefcount(None)


def test_caps_lock_is_told_while_the_password_is_typed(qtbot: QtBot, show: Show) -> None:
    from clinic_desktop.ui.screens.login.password import PasswordEdit

    edit, told = PasswordEdit("Password"), []
    show(edit)
    edit.caps_lock.connect(told.append)
    for text, modifier in (
        ("A", Qt.KeyboardModifier.NoModifier),
        ("a", Qt.KeyboardModifier.ShiftModifier),
        ("a", Qt.KeyboardModifier.NoModifier),
    ):
        QApplication.sendEvent(edit, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, modifier, text))
    assert told == [True, True, False]
    assert edit.displayText() == "●●●"
    edit.show_text(True)
    assert edit.displayText() == "Aaa"


def test_a_letter_chooses_whatever_its_marks_or_the_language(show: Show) -> None:
    activate("hi")
    choice = Choice("", [(wording.status(one), one) for one in Gender], placeholder="चुनें")
    show(choice)
    chosen = []
    for letter in "fmo":
        QTest.keyClicks(choice, letter)
        chosen.append(choice.value())
    assert chosen == [Gender.FEMALE, Gender.MALE, Gender.OTHER]
    choice = Choice("", [("Asha", "a"), ("Élodie", "b"), ("Sunil", "c")], placeholder="Pick")
    show(choice)
    QTest.keyClicks(choice, "e")
    assert choice.value() == "b"
    QTest.keyClicks(choice, "c")
    assert choice.value() == "b", "only our own words have a letter of their own"
