"""What the tests of a patient's papers share: the open file, and its tabs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen

OpenFile = Callable[..., PatientScreen]
COPY = Qt.DropAction.CopyAction


@pytest.fixture
def open_file(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Callable[[], None]) -> OpenFile:
    """The file of a patient, open at a tab: ``open_file(patient, "documents", role="doctor")``."""

    def come(patient: PatientRow, tab: str, *, role: str = "receptionist", width: int = 1180, height: int = 690) -> PatientScreen:
        screen = PatientScreen(desk_as(role))
        screen.open(patient_id=patient.id)
        show(screen, width, height)
        settle()
        screen.file.tabs.open_part(tab)
        settle()
        return screen

    return come


def part(screen: PatientScreen, code: str) -> Any:
    """A tab that was looked at."""
    return screen.file.tabs.parts[code]


def drop(widget: QWidget, *paths: Path) -> None:
    """Drag files over a widget, and let go."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at, none = QPoint(40, 40), Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, COPY, carried, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), COPY, carried, Qt.MouseButton.LeftButton, none))


def written(folder: Path, name: str, data: bytes, *, age: int = 60) -> Path:
    """A file that was written a while ago."""
    path = folder / name
    path.write_bytes(data)
    then = path.stat().st_mtime - age
    os.utime(path, (then, then))
    return path


def draw(pad: QWidget, *, across: float = 0.6) -> None:
    """Write a name on a pad with the mouse: waves over so much of its width."""
    left, middle = pad.width() * 0.15, pad.height() // 2
    points = [QPoint(round(left + pad.width() * across * n / 24), middle + (-1) ** n * pad.height() // 6) for n in range(25)]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(pad, point)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=points[-1])
