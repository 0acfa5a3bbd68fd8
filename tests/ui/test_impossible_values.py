"""Days, years, ages and phones that cannot be: said at the field as they are typed, and what was typed stays there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from clinic_desktop.clinic.patients.rules import OLDEST_YEARS, checked_birth
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.screens.registration.fields import BirthEdit
from clinic_desktop.ui.widgets import DateField, Form, MoneyEdit, PhoneField
from clinic_desktop.ui.widgets.numbers import NumberEdit
from clinic_desktop.ui.widgets.times import TimeField

TODAY = date(2026, 3, 2)
SAID = {
    "day": {
        "31/02/2026": "There is no such date.",
        "29/2/2025": "There is no such date.",
        "01/01/0001": "There is no such date.",
        "31/12/9999": "There is no such date.",
        "99999999": "There is no such date.",
        "tomorrow": "Please enter a date such as 31/12/2026.",
    },
    "birth": {
        "31/02/1990": "There is no such date.",
        "5/3/2027": "This lies in the future.",
        "2027": "This lies in the future.",
        "200": "Please enter a number from 0 to 130.",
        "0001": f"That is more than {OLDEST_YEARS} years ago.",
        "1/1/1800": f"That is more than {OLDEST_YEARS} years ago.",
        "old": "Please enter an age such as 34 or 8m, or a birth date such as 5/3/1990.",
    },
    "time": {"25:00": "Please enter a time such as 18:30.", "9:75": "Please enter a time such as 18:30."},
    "amount": {"1.005": "At most 2 decimals.", "1.2.3": "Please enter an amount such as 1250.50."},
}
PASTED = {
    "phone": {"98200 11001 (mother)": "Please enter a phone number.", "call me": "Please enter a phone number."},
    "amount": {"12 rupees": "Please enter an amount such as 1250.50."},
    "count": {"1234567890": "At most 9 characters.", "five": "Please enter a whole number."},
}


@pytest.fixture
def form(show: Callable[[QWidget], None]) -> Form:
    made = Form()
    editors = (DateField("", today=TODAY), BirthEdit("", today=TODAY), TimeField(""), MoneyEdit("", "INR"), PhoneField(""), NumberEdit(""))
    for name, editor in zip(("day", "birth", "time", "amount", "phone", "count"), editors, strict=True):
        made.add(name, name, editor)
    show(made)
    return made


def test_what_cannot_be_is_refused_at_its_field_and_stays_there(form: Form) -> None:
    for name, cases in SAID.items():
        for typed, said in cases.items():
            form.clear()
            QTest.keyClicks(form[name], typed)
            assert form.values() is None
            assert (form.fields[name].error, form[name].text()) == (said, typed)
            QTest.keyClick(form[name], Qt.Key.Key_Backspace)
            assert not form.fields[name].error, "as soon as it is mended"


def test_what_does_not_go_in_is_said_and_not_swallowed(form: Form) -> None:
    for name, cases in PASTED.items():
        for pasted, said in cases.items():
            form.clear()
            paste(form[name], pasted)
            assert form.fields[name].error == said
            QTest.keyClick(form[name], Qt.Key.Key_Backspace if form[name].text() else Qt.Key.Key_7)
            assert not form.fields[name].error


def paste(editor: QLineEdit, text: str) -> None:
    editor.setFocus()
    QApplication.clipboard().setText(text)
    QTest.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()


@pytest.mark.parametrize("copied", ["\u202a+91\u00a098200\u201111001\u202c", "\u200e+91 98200\u2011110\u200b01", "+٩١ ٩٨٢٠٠ ١١٠٠١"])
def test_a_number_copied_from_elsewhere_goes_in(form: Form, copied: str) -> None:
    paste(form["phone"], copied)
    assert form.fields["phone"].error == ""
    assert "".join(one for one in form["phone"].value() if one.isdigit()) == "919820011001"


def test_the_arrows_stop_at_nothing(form: Form) -> None:
    for last, key in (("31/12/2199", Qt.Key.Key_Up), ("01/01/1800", Qt.Key.Key_Down)):
        form["day"].setText(last)
        QTest.keyClick(form["day"], key)
        assert form.values() is None or form["day"].text() != last
        form["day"].clear()


@pytest.mark.parametrize("born", [date.min, date(1895, 3, 2), date(2026, 3, 3), date.max])
def test_nobody_is_born_then(born: date) -> None:
    with pytest.raises(InvalidInput, match=r"future|too_old"):
        checked_birth(born, TODAY)
