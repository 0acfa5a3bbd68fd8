"""Times of day, typed in a hurry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.ui.widgets.times import TimeField, read_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", time(9)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("9:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("18 05", time(18, 5)),
        ("9:30 pm", time(21, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("٩:٣٠", time(9, 30)),
        ("", None),
    ],
)
def test_what_is_typed_is_read(typed: str, meant: time | None) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize("typed", ["25", "9:75", "13 pm", "0 am", "soon", "12:3", "99999"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_time(typed)


def test_up_and_down_go_by_a_quarter_and_leaving_tidies(show: Callable[[QWidget], None]) -> None:
    field = TimeField("Opens")
    show(field)
    QTest.keyClicks(field, "9")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == "08:45"
    field.set_value(time(0))
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == time(23, 45)
    field.setText("930")
    field.clearFocus()
    assert field.text() == "09:30"
