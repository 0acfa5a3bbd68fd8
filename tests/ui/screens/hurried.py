"""People, and what the tests of hurried hands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from tests.ui.screens.frontdesk import FrontDesk

House = Callable[[str], Shell]
Settle = Callable[[], None]
D = TypeVar("D", bound=Dialog)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def asha(front: FrontDesk) -> PatientRow:
    return front.patient("Asha", "Kulkarni", phone="98200 11001")


@pytest.fixture
def zoya(front: FrontDesk) -> PatientRow:
    return front.patient("Zoya", "Khan", phone="98200 11002")
