"""The settlement's screen when a computer that worked on its copy hands over money of a day that was settled without it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing import commands
from clinic_desktop.clinic.billing.rules import PaymentMethod as By
from clinic_desktop.clinic.billing.rules import Tender
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.screens.settlement.screen import SettlementScreen
from tests.clinic.world import money
from tests.ui.screens.frontdesk import TODAY, FrontDesk
from tests.ui.screens.test_settlement import at_desk, close_till, dialog, open_till, settled, take
from tests.ui.texts import plain

__all__ = ["at_desk"]
Wait = Callable[[], None]
Open = Callable[..., SettlementScreen]
CLICK = Qt.MouseButton.LeftButton


def test_what_a_computers_copy_took_on_an_earlier_day_is_counted_and_named(
    front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot
) -> None:
    """Its till stands beside the cashier's own, and keeps the day from being settled until it is counted."""
    open_till(front)
    take(front, Tender(By.CASH, money(600)))
    handed_over = "UPDATE till_sessions SET series = 'D1', business_date = '2026-03-01'"
    with front.world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql(handed_over)
    open_till(front)
    close_till(front, 500)
    screen = at_desk()
    assert "Cashier One (D1, Mar 1, 2026)" in plain(screen.view.blocked.text())
    assert [plain(text).partition(" (")[2] for text in till_names(screen)] == ["D1, Mar 1, 2026)", ""]
    assert screen.view.said.text().startswith("₹600.00 of it came in late")
    QTest.mouseClick(screen.view.count, CLICK)
    settle()
    till = dialog(CloseTill, qtbot)
    assert isinstance(till, CloseTill)
    till.coins.setText("1100")
    QTest.mouseClick(till.close_till, CLICK)
    qtbot.waitUntil(screen.settle.isEnabled)
    front.run("cashier", commands.settle_day, clinic_id=front.world.clinic_id, day=TODAY)
    settle()
    assert settled(front)[0].payments_total == money(600)
    assert "₹600.00 of it came in late" in screen.view.said.text()


def till_names(screen: SettlementScreen) -> list[str]:
    """The cashiers in the table of tills."""
    model = screen.view.tills.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]
