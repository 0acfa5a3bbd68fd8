"""How the tests of the set-up screens get to one, click, type and look things up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from tests.clinic.world import World
from tests.ui.screens.frontdesk import Hands

Wait = Callable[[], None]
S = TypeVar("S", bound=Screen)
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def at(desk: Desk, show: Callable[..., None], settle: Wait) -> Callable[[type[S]], S]:
    """An open screen of the administrator: ``at(TaxesScreen)``."""

    def come(kind: type[S]) -> S:
        screen = kind(desk)
        show(screen, 962, 690)
        settle()
        settle()
        return screen

    return come


def ask(world: World, query: Callable[..., Any], **params: Any) -> Any:
    with world.db.read() as session:
        return query(session, **params)


def click_row(records: Any, test: Callable[[Any], bool]) -> None:
    place = next(i for i, row in enumerate(records.table.rows) if test(row))
    grid = records.table.grid
    grid.scrollTo(records.table.model.index(place, 0))
    QTest.mouseClick(grid.viewport(), CLICK, pos=grid.visualRect(records.table.model.index(place, 0)).center())


def put(hands: Hands, editor: QWidget, text: str) -> None:
    """Type over what is in an editor."""
    editor.setFocus()
    hands.press(KEY.Key_A, CTRL)
    hands.type(text)


def texts(records: Any) -> list[list[str]]:
    return [[column.text(row) for column in records.table.model.columns if not column.hidden] for row in records.table.rows]
