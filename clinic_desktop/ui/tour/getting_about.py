"""Getting about in the administration: its pages, the tabs and lists on them, and the dialog that asks for a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QTabBar

from clinic_desktop.ui.tour.driver import Driver

AREA = "administration"


def go_to(driver: Driver, code: str) -> Any:
    """A page of the area, by the column that lists them."""
    driver.click(driver.reveal(driver.shell.indexes[AREA].buttons[code]))
    screen = driver.screen(code)
    driver.patience.rest()
    return screen


def pick(driver: Driver, records: Any, place: int = 0) -> None:
    """One record of a list with a form."""
    driver.patience.until(lambda: len(records.table.rows) > place, "records")
    wanted = records.table.rows[place]
    driver.pick_row(records.table, lambda row: row is wanted)


def tab(driver: Driver, tabs: QTabBar, place: int) -> None:
    driver.click(tabs, at=tabs.tabRect(place).center())


def choose_file(driver: Driver, file: Path) -> None:
    """Type the name of a file into the dialog that asks for one."""
    dialog = driver.dialog("QFileDialog")
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    name.setCompleter(None)  # its list of what is in the folder comes and goes between two keys
    driver.click(name)
    driver.type(str(file))
    driver.press_down(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open))
