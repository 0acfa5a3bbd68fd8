"""What the tests of reception share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.screens.reception.screen import ReceptionScreen
from clinic_desktop.ui.shell import Shell
from tests.ui.screens.frontdesk import FrontDesk

House = Callable[[str], Shell]
Settle = Callable[[], None]


def reception(shell: Shell) -> ReceptionScreen:
    assert isinstance(shell.current, ReceptionScreen)
    return shell.current


@pytest.fixture
def asha(front: FrontDesk) -> PatientRow:
    return front.patient("Asha", "Kulkarni", phone="98200 11001", allergies="Penicillin")
