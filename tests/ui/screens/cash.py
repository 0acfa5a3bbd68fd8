"""Someone at the cashier."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing import commands, queries
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow, InvoiceRow
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.cashier.screen import CashierScreen
from tests.clinic.clinical.room import Room
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World, money
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import FrontDesk

D = TypeVar("D", bound=QWidget)
Wait = Callable[[], None]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton


class Cash:
    """A cashier's desk with the screen on it."""

    def __init__(self, front: FrontDesk, settle: Wait, show: Callable[..., None], desk_as: Callable[[str], Desk], qtbot: QtBot) -> None:
        self.front, self.settle, self._show, self._desk_as, self.qtbot = front, settle, show, desk_as, qtbot
        self.said: list[str] = []
        self.room = Room(front.world, Shelf(front.world, front.world.clinic_id))

    @property
    def world(self) -> World:
        return self.front.world

    def seen(self) -> UUID:
        """A patient who was with the doctor and pays 600 now; returns the visit."""
        visit_id = self.room.visit(self.front.patient("Asha", "Rao").id)
        self.room.sign(visit_id)
        return visit_id

    def open_till(self, role: str = "cashier", rupees: int = 500) -> None:
        self.front.run(role, commands.open_till, clinic_id=self.world.clinic_id, opening_float=money(rupees))

    def screen(self, role: str = "cashier") -> CashierScreen:
        desk = self._desk_as(role)
        desk.toasted.connect(lambda text, _tone, _undo: self.said.append(text))
        made = CashierScreen(desk)
        self._show(made)
        self.settle()
        made.setFocus()
        return made

    def bill(self, visit_id: UUID) -> InvoiceRow:
        heads: list[InvoiceHeadRow] = self.front.ask(queries.visit_invoices, visit_id)
        found = self.front.ask(queries.invoice, heads[-1].id)
        assert isinstance(found, InvoiceRow)
        return found

    def dialog(self, kind: type[D]) -> D:
        """The dialog that is open."""
        return modal(kind, self.qtbot)

    def back(self, screen: CashierScreen) -> None:
        """There is no window manager here that gives the window back its keys."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        screen.activateWindow()
        self.qtbot.waitUntil(screen.isActiveWindow)
        self.settle()


def is_whole(editor: QWidget) -> bool:
    """Whether an editor has the height it needs: dialogs and cards must grow with what appears in them."""
    return editor.height() >= editor.sizeHint().height() == editor.visibleRegion().boundingRect().height()


@pytest.fixture
def cash(front: FrontDesk, settle: Wait, show: Callable[..., None], desk_as: Callable[[str], Desk], qtbot: QtBot) -> Cash:
    return Cash(front, settle, show, desk_as, qtbot)
