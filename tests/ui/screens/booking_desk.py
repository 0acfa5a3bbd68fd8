"""What the tests of the booking screen's dialogs share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk import queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens.booking.screen import BookingScreen
from clinic_desktop.ui.shell import Shell
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import TODAY, FrontDesk
from tests.ui.walk import unnamed

Settle = Callable[[], None]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TOMORROW = TODAY + timedelta(days=1)
WEEK = timedelta(weeks=1)
Picture = Callable[[QWidget, str], Path]


@pytest.fixture
def asha(front: FrontDesk) -> PatientRow:
    return front.patient("Asha", "Kulkarni", phone="98200 11001", allergies="Penicillin")


@pytest.fixture
def booking(house: Callable[[str], Shell], settle: Settle) -> Callable[..., BookingScreen]:
    def build(patient: PatientRow | None = None, role: str = "receptionist") -> BookingScreen:
        shell = house(role)
        shell.open("booking", {"patient_id": patient.id} if patient else None)
        settle()
        assert isinstance(shell.current, BookingScreen)
        return shell.current

    return build


def visits(front: FrontDesk, patient: PatientRow) -> list[VisitRow]:
    found = front.ask(queries.visits_of_patient, patient_id=patient.id)
    assert isinstance(found, list)
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    found = QApplication.focusWidget() or QApplication.activeWindow()
    assert found is not None
    QTest.keyClick(found, key, modifier)


def opened(kind: type[Any], key: Qt.Key, qtbot: QtBot, settle: Settle, modifier: Qt.KeyboardModifier = CTRL | SHIFT) -> Any:
    """The dialog that a key of the screen opens, read and named."""
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    press(key, modifier)
    found = modal(kind, qtbot)
    settle()
    assert unnamed(found) == []
    return found
