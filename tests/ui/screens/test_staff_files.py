"""Price list and services by file: looked through, imported, exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.staff import commands
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.staff.bringing import BringDialog
from clinic_desktop.ui.screens.staff.services import ServicesScreen
from tests.clinic.world import World, money
from tests.ui.hands import double_click, modal
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.staffroom import CLICK, CTRL, KEY, Wait, choose_file, choose_from_menu, opener, services
from tests.ui.walk import unnamed


@pytest.fixture
def come(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Callable[..., Any]:
    """Opens a screen, the hands on it."""
    return opener(desk_as, show, settle)


def test_a_price_list_is_looked_through_then_imported(
    come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot, tmp_path: Path, no_warnings: list[str]
) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("code;name;price\nECG;ECG;400,50\nNEB;Nebulisation;150\n", encoding="utf-8")
    screen = come(ServicesScreen)
    hands.press(KEY.Key_I, CTRL)
    choose_from_menu(0, qtbot, no_warnings)
    choose_file(file, qtbot)
    dialog = modal(BringDialog, qtbot)
    qtbot.waitUntil(dialog.bring.isEnabled)
    assert [(one.number, one.code, one.told) for one in dialog.table.rows] == [(2, "ECG", "Price: \u2068350.00\u2069 → \u2068400.50\u2069")]
    assert [chip.text for chip in dialog.chips.values()] == ["Refused: 0", "Changed: 1", "New: 0", "Unchanged: 1"]
    assert (dialog.bring.text(), dialog.bring.hasFocus(), unnamed(dialog)) == ("Import 1 row", True, [])
    assert services(world)["ECG"].price == money(350)  # looking changed nothing
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    assert services(world)["ECG"].price.minor == 40_050
    assert next(one for one in screen.records.table.rows if one.code == "ECG").price.minor == 40_050


def test_a_file_with_refused_rows_cannot_be_imported_and_says_why(
    come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot, tmp_path: Path, no_warnings: list[str]
) -> None:
    file = tmp_path / "services.csv"
    file.write_text("code,name,category,price,colour\nMRI,MRI,IMAGING,12500,\nCT,CT,IMAGING,NaN,red\n", encoding="utf-8")
    screen = come(ServicesScreen)
    QTest.mouseClick(screen.files.bring, CLICK)
    choose_from_menu(1, qtbot, no_warnings)
    choose_file(file, qtbot)
    dialog = modal(BringDialog, qtbot)
    qtbot.waitUntil(dialog.choose.isEnabled)
    assert not dialog.bring.isEnabled()
    assert [(one.number, one.kind.value) for one in dialog.table.rows] == [(3, "REFUSED"), (2, "NEW")]
    assert dialog.table.rows[0].told == "Price: Please enter an amount such as 1250.50."
    assert dialog.said.text().endswith("Columns that are not used: colour")
    file.write_bytes(b"PK\x03\x04")
    hands.press(KEY.Key_Return)  # choose another file
    choose_file(file, qtbot)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), BringDialog) and QApplication.activeModalWidget() is not dialog)
    second = modal(BringDialog, qtbot)
    qtbot.waitUntil(second.choose.isEnabled)
    assert second.said.text().startswith("This is a workbook")
    hands.press(KEY.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    assert len(services(world)) == 8


def test_what_changed_since_the_look_is_told_and_nothing_is_written(
    come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("code,price\nECG,400\nNEB,1\n", encoding="utf-8")
    screen = come(ServicesScreen)
    screen.files.look_at(screen.files._lists[0], file)
    dialog = modal(BringDialog, qtbot)
    qtbot.waitUntil(dialog.bring.isEnabled)
    world.db.run(world.actor("admin"), commands.change_price, service_id=world.services["ECG"], price=money(380))
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: "was changed by someone" in dialog.said.text())
    assert not dialog.bring.isEnabled()
    hands.press(KEY.Key_Escape)
    settle()
    assert (services(world)["ECG"].price, services(world)["NEB"].price) == (money(380), money(150))


def test_the_list_is_written_to_a_file_that_can_be_imported(
    come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot, tmp_path: Path, no_warnings: list[str]
) -> None:
    screen = come(ServicesScreen)
    hands.press(KEY.Key_E, CTRL)
    choose_from_menu(0, qtbot, no_warnings)
    choose_file(tmp_path / "mine.csv", qtbot)
    qtbot.waitUntil((tmp_path / "mine.csv").exists)
    settle()
    assert (tmp_path / "mine.csv").read_text("utf-8-sig").splitlines()[:2] == ["Code,Name,Price", "CONS,Consultation,500.00"]
    with world.db.read() as session:
        assert session.query(AuditLog).filter(AuditLog.changes.contains('"exported"')).count() == 1
    screen.files.look_at(screen.files._lists[0], tmp_path / "mine.csv")
    dialog = modal(BringDialog, qtbot)
    qtbot.waitUntil(dialog.choose.isEnabled)
    assert (dialog.table.rows, dialog.bring.isEnabled()) == ([], False)
    dialog.leave()


def test_a_folder_that_refuses_is_told(come: Any, world: World, settle: Wait, refusals: list[ClinicError], tmp_path: Path) -> None:
    screen = come(ServicesScreen)
    screen.files.write_to(screen.files._lists[0], tmp_path / "no" / "folder.csv")
    settle()
    settle()
    assert [error.code for error in refusals] == ["file_not_written"]
    refusals.clear()


def test_an_import_that_is_cancelled_writes_nothing_and_the_desk_works_on(
    come: Any, world: World, hands: Hands, settle: Wait, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "services.csv"
    file.write_text("code,name,category,price\n" + "".join(f"S{n},Service,OTHER,1\n" for n in range(5_000)), encoding="utf-8")
    screen = come(ServicesScreen)
    screen.files.look_at(screen.files._lists[1], file)
    dialog = modal(BringDialog, qtbot)
    qtbot.waitUntil(dialog.bring.isEnabled)
    assert (len(dialog.table.rows), dialog.said.text().endswith("The first 2,000 rows are shown.")) == (2_000, True)
    said: list[int] = []
    dialog._progress.advanced.connect(lambda done, _total, _label: said.append(done))
    double_click(dialog.bring)
    qtbot.waitUntil(lambda: bool(said))
    hands.press(KEY.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    assert len(services(world)) == 8
    screen.files.look_at(screen.files._lists[1], file)
    again = modal(BringDialog, qtbot)
    qtbot.waitUntil(again.bring.isEnabled)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle()
    assert len(screen.records.table.rows) == 5_008
