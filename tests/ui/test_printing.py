"""Printing at a workstation: on the printer chosen for that kind of document, else the person is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import commands
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.clinic.organisation.queries import workstations
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.documents import data
from clinic_desktop.documents.receipt import head_pdf
from clinic_desktop.kernel.i18n import active
from clinic_desktop.kernel.journal import times_noted
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.printing import Preview, page_images, show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from tests.clinic.world import World
from tests.ui.screens.staffroom import choose_file

CLICK = Qt.MouseButton.LeftButton


@dataclass(frozen=True)
class Slip:
    """A document as compositions make them."""

    pdf: bytes
    entity_id: UUID
    kind: str = "receipt"
    entity_type: str = "payments"
    number: str = "RCT-2026-00001"
    is_reprint: bool = False


@pytest.fixture
def slip(world: World) -> Slip:
    return Slip(head_pdf(data.Letterhead("Main Clinic"), active()), world.clinic_id)


@pytest.fixture
def screen(desk: Desk, show: Callable[[QWidget], None]) -> Screen:
    made = Screen(desk)
    show(made)
    return made


@pytest.fixture
def told(desk: Desk) -> list[tuple[str, Tone]]:
    heard: list[tuple[str, Tone]] = []
    desk.toasted.connect(lambda text, tone, _undo: heard.append((text, tone)))
    return heard


@pytest.fixture
def dialogs(qapp: QApplication) -> Iterator[Callable[[], list[QPrintDialog]]]:
    def shown() -> list[QPrintDialog]:
        return [one for one in qapp.allWidgets() if isinstance(one, QPrintDialog) and one.isVisible()]

    yield shown
    for one in shown():
        one.reject()


def opened(screen: Screen, slip: Slip, printer: PrinterProfile | None, qtbot: QtBot) -> Preview:
    preview = Preview(screen, "Receipt", slip, page_images(slip.pdf, 72), printer)
    preview.open()
    qtbot.waitUntil(preview.isActiveWindow)
    return preview


def press(preview: Preview, text: str) -> None:
    QTest.mouseClick(next(one for one in preview.findChildren(QPushButton) if one.text() == text), CLICK)


def test_without_a_printer_of_its_own_the_workstation_asks(
    screen: Screen, slip: Slip, qtbot: QtBot, dialogs: Callable[[], list[QPrintDialog]]
) -> None:
    preview = opened(screen, slip, None, qtbot)
    assert "Other printer…" not in [one.text() for one in preview.findChildren(QPushButton)]
    press(preview, "Print")
    qtbot.waitUntil(lambda: len(dialogs()) == 1)


def test_a_printer_that_is_not_there_is_told_and_another_asked_for(
    screen: Screen, slip: Slip, qtbot: QtBot, told: list[tuple[str, Tone]], dialogs: Callable[[], list[QPrintDialog]]
) -> None:
    press(opened(screen, slip, PrinterProfile("Thermal 80", 2), qtbot), "Print")
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert told == [("The printer \u2068Thermal 80\u2069 is not there. Choose another one.", Tone.WARN)]


def test_the_printer_of_the_workstation_is_used_without_a_question(
    screen: Screen,
    slip: Slip,
    qtbot: QtBot,
    world: World,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    dialogs: Callable[[], list[QPrintDialog]],
    told: list[tuple[str, Tone]],
) -> None:
    """This machine has no printer: the system's list is told that it has one, and its paper is a file."""
    asked: list[str] = []
    copies: list[int] = []
    there = type("Info", (), {"isNull": lambda _self: False})()
    monkeypatch.setattr(QPrinterInfo, "printerInfo", staticmethod(lambda _name: there))

    def to_file(printer: QPrinter, name: str) -> None:
        asked.append(name)
        printer.setOutputFileName(str(tmp_path / "paper.pdf"))

    monkeypatch.setattr(QPrinter, "setPrinterName", to_file)
    monkeypatch.setattr(QPrinter, "setCopyCount", lambda _printer, count: copies.append(count))
    press(opened(screen, slip, PrinterProfile("Thermal 80", 2), qtbot), "Print")
    qtbot.waitUntil(lambda: ("Sent to the printer.", Tone.GOOD) in told)
    assert (asked, copies) == (["Thermal 80"], [2])
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    assert dialogs() == []
    with world.db.read() as session:
        assert times_noted(session, "payments", slip.entity_id, event="printed", kind="receipt") == 1


def test_a_document_is_saved_where_the_person_says_and_noted(
    screen: Screen, slip: Slip, qtbot: QtBot, world: World, tmp_path: Path, told: list[tuple[str, Tone]], settle: Callable[[], None]
) -> None:
    preview = opened(screen, slip, None, qtbot)
    QTest.keyClick(preview, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    choose_file(tmp_path / "slip", qtbot)
    qtbot.waitUntil(lambda: bool(told))
    settle()
    assert told == [("Saved.", Tone.GOOD)]
    assert (tmp_path / "slip.pdf").read_bytes() == slip.pdf
    with world.db.read() as session:
        assert times_noted(session, "payments", slip.entity_id, event="printed", kind="receipt") == 1


def test_what_is_shown_knows_the_printer_of_its_workstation(screen: Screen, slip: Slip, world: World, qtbot: QtBot) -> None:
    with world.db.read() as session:
        (row,) = [one for one in workstations(session) if one.id == screen.desk.place.workstation_id]
    world.db.run(
        world.actor("admin"),
        commands.change_workstation,
        workstation_id=row.id,
        row_version=row.row_version,
        name=row.name,
        kind=WorkstationKind.FRONT_DESK,
        printers={"receipt": PrinterProfile("Thermal 80")},
    )
    show_document(screen, "Receipt", lambda _session, **_params: slip)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Preview))
    preview = QApplication.activeModalWidget()
    assert isinstance(preview, Preview)
    assert "Other printer…" in [one.text() for one in preview.findChildren(QPushButton)]
    preview.close()
