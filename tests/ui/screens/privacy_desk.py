"""The privacy screen, and what its tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.privacy.screen import PrivacyScreen
from clinic_desktop.ui.widgets import Dialog
from tests.clinic.lived import live
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

Wait = Callable[[], None]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def world(tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    """The lived-in clinic, on the day after."""
    clock.now = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    db, built = fresh("sqlite", tmp_path, clock, recipe="lived", build=live)
    yield built.at(db)
    drop(db)


@pytest.fixture
def at_desk(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Callable[..., PrivacyScreen]:
    def come(role: str = "admin", tab: str = "") -> PrivacyScreen:
        screen = PrivacyScreen(desk_as(role))
        show(screen, 962, 690)  # what rail, index, header and status line leave of 1366 by 768
        screen.open(tab=tab)
        settle()
        return screen

    return come


def dialog(screen: QWidget, kind: type[Dialog]) -> Any:
    (found,) = [one for one in screen.findChildren(kind) if one.isVisible()]
    return found


def someone(world: World) -> tuple[UUID, str]:
    """A patient who was seen by the first doctor: key and number."""
    with world.db.read() as session:
        found = session.execute(
            select(Patient.id, Patient.patient_number).join(Consultation, Consultation.patient_id == Patient.id).order_by(Patient.id)
        ).first()
    assert found is not None
    return found.id, found.patient_number
