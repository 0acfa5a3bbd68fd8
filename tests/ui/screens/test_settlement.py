"""The settlement's screen: what a day took, what blocks it, and signing it off once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing import commands, queries
from clinic_desktop.clinic.billing.queries.rows import SettlementHeadRow
from clinic_desktop.clinic.billing.rules import PaymentMethod as By
from clinic_desktop.clinic.billing.rules import Pieces, Tender
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.screens.settlement import SCREEN
from clinic_desktop.ui.screens.settlement.screen import SettlementScreen
from clinic_desktop.ui.screens.settlement.sign_off import SignOff
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.ui.hands import double_click
from tests.ui.screens.frontdesk import TODAY, FrontDesk, Hands, at
from tests.ui.walk import unnamed

Wait = Callable[[], None]
Open = Callable[..., SettlementScreen]
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def at_desk(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Open:
    """The open screen of somebody who settles."""

    def come(role: str = "cashier") -> SettlementScreen:
        screen = SettlementScreen(desk_as(role))
        show(screen)
        settle()
        screen.setFocus()
        return screen

    return come


def take(front: FrontDesk, tender: Tender, role: str = "cashier") -> UUID:
    """Somebody walks in and pays; returns the invoice."""
    visit_id = front.walk_in(front.patient("Asha", "Rao")).visit_id
    invoice_id: UUID = front.ask(queries.visit_invoices, visit_id)[0].id
    front.run(role, commands.issue_and_take, invoice_id=invoice_id, tenders=(tender,))
    return invoice_id


def open_till(front: FrontDesk, role: str = "cashier") -> None:
    front.run(role, commands.open_till, clinic_id=front.world.clinic_id, opening_float=money(500))


def close_till(front: FrontDesk, rupees: int, role: str = "cashier") -> None:
    front.run(role, commands.close_till, clinic_id=front.world.clinic_id, counted=(Pieces(money(1), rupees),), note="Counted")


def settled(front: FrontDesk) -> list[SettlementHeadRow]:
    found = front.ask(queries.settlements, front.world.clinic_id, first=TODAY - timedelta(days=9), last=TODAY + timedelta(days=9))
    assert isinstance(found, list)
    return found


def dialog(kind: type[QWidget], qtbot: QtBot) -> QWidget:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    found = QApplication.activeModalWidget()
    assert found is not None
    qtbot.waitUntil(found.isActiveWindow)
    return found


def test_a_day_is_counted_signed_off_and_printed_by_keyboard(
    front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot, hands: Hands
) -> None:
    open_till(front)
    take(front, Tender(By.CASH, money(600)))
    take(front, Tender(By.UPI, money(400), "U-1"))
    screen = at_desk()
    view = screen.view
    assert (view.taken.figure, view.net.figure, view.difference.figure) == ("₹1,000.00", "₹1,000.00", "₹0.00")
    assert [(one.method, one.payments_total) for one in view.lines.rows] == [(By.CASH, money(600)), (By.UPI, money(400))]
    assert view.said.text() == "1 bill of the day is not paid yet."
    assert "Cashier One" in view.blocked.text()
    assert not screen.settle.isEnabled()
    QTest.mouseClick(view.count, CLICK)
    settle()
    till = dialog(CloseTill, qtbot)
    assert isinstance(till, CloseTill)
    hands.type("2")
    hands.press(KEY.Key_Tab)
    hands.press(KEY.Key_Tab)
    hands.type("1")
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(screen.settle.isEnabled)
    settle()
    assert view.block.isHidden()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    hands.press(KEY.Key_F10)
    sign = dialog(SignOff, qtbot)
    assert unnamed(sign) == []
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Return)
    dialog(Preview, qtbot).close()
    (row,) = settled(front)
    assert (row.net_total, row.till_difference, row.signed_off_by, row.note) == (money(1_000), money(0), "Cashier One", None)
    settle()
    assert not screen.settle.isEnabled()
    assert screen.print.isEnabled()
    assert view.said.text().startswith("Signed off by Cashier One on ")
    assert unnamed(screen) == []
    QTest.mouseClick(screen.print, CLICK)
    dialog(Preview, qtbot).close()


def test_a_difference_wants_a_note_and_a_double_click_settles_once(
    front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot, hands: Hands
) -> None:
    open_till(front)
    take(front, Tender(By.CASH, money(600)))
    close_till(front, 1_095)
    screen = at_desk()
    assert screen.view.difference.figure == "-₹5.00"
    hands.press(KEY.Key_F10)
    sign = dialog(SignOff, qtbot)
    assert isinstance(sign, SignOff)
    QTest.mouseClick(sign.settle, CLICK)
    settle()
    assert sign.field.error == "The tills differ: please say why."
    assert settled(front) == []
    hands.type("A coin fell behind the drawer")
    double_click(sign.settle)
    dialog(Preview, qtbot).close()
    assert [(row.note, row.till_difference) for row in settled(front)] == [("A coin fell behind the drawer", money(-5))]
    settle()


def test_a_difference_that_arises_while_the_question_stands_wants_its_reason(
    front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot, hands: Hands
) -> None:
    open_till(front)
    screen = at_desk()
    QTest.mouseClick(screen.view.count, CLICK)
    settle()
    till = dialog(CloseTill, qtbot)
    assert isinstance(till, CloseTill)
    take(front, Tender(By.CASH, money(600)))
    till.coins.setText("500")  # right when the dialog opened
    QTest.mouseClick(till.close_till, CLICK)
    settle()
    assert till.field.error == "The cash differs from what should be there. Count again, or say why."
    till.coins.setText("1100")
    till.reason.setText("Paid while it was counted")
    QTest.mouseClick(till.close_till, CLICK)
    qtbot.waitUntil(screen.settle.isEnabled)
    settle()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    hands.press(KEY.Key_F10)
    sign = dialog(SignOff, qtbot)
    assert isinstance(sign, SignOff)
    open_till(front, "admin")
    close_till(front, 495, "admin")
    QTest.mouseClick(sign.settle, CLICK)
    settle()
    assert sign.field.error == "The tills differ: please say why."
    assert settled(front) == []
    sign.note.setPlainText("A coin")
    QTest.mouseClick(sign.settle, CLICK)
    dialog(Preview, qtbot).close()
    assert [(row.note, row.till_difference) for row in settled(front)] == [("A coin", money(-5))]
    settle()


def test_who_is_booked_and_did_not_come_owes_nothing(front: FrontDesk, at_desk: Open) -> None:
    front.book(front.patient("Omkar", "Puri"), at(18))
    assert at_desk().view.said.text() == "All bills of the day are paid."


def test_earlier_days_wait_in_the_list_and_settled_ones_stay_as_they_were(
    front: FrontDesk, at_desk: Open, settle: Wait, clock: FrozenClock, hands: Hands
) -> None:
    for day in range(2):
        open_till(front)
        take(front, Tender(By.CASH, money(600)))
        close_till(front, 1_100)
        if day == 0:
            front.run("cashier", commands.settle_day, clinic_id=front.world.clinic_id, day=TODAY, note="All well")
        clock.advance(days=1)
    screen = at_desk()
    assert [(one.day.day, one.settled is not None) for one in screen.table.rows] == [(4, False), (3, False), (2, True)]
    assert screen.table.current is not None
    assert screen.table.current.day == date(2026, 3, 4)
    hands.press(KEY.Key_Down)
    settle()
    assert (screen.view.taken.figure, screen.settle.isEnabled(), screen.print.isEnabled()) == ("₹600.00", True, False)
    hands.press(KEY.Key_Down)
    settle()
    assert (screen.settle.isEnabled(), screen.print.isEnabled()) == (False, True)
    assert "All well" in screen.view.said.text()
    assert screen.page.subtitle.text() == "Mon, Mar 2, 2026"


def test_money_that_comes_in_meanwhile_is_shown_and_written_down(
    front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot, hands: Hands
) -> None:
    open_till(front, "admin")
    screen = at_desk()
    take(front, Tender(By.CASH, money(600)), "admin")
    qtbot.waitUntil(lambda: screen.view.taken.figure == "₹600.00")
    settle()
    assert screen.view.count.isHidden()  # another person's till, and a cashier may count only the own one
    close_till(front, 1_100, "admin")
    qtbot.waitUntil(screen.settle.isEnabled)
    settle()
    hands.press(KEY.Key_F10)
    sign = dialog(SignOff, qtbot)
    assert isinstance(sign, SignOff)
    open_till(front, "admin")  # while the question stands
    hands.press(KEY.Key_Return)
    settle()
    assert sign.problem.text() == "The day cannot be settled while tills are open: 1."
    assert settled(front) == []
    sign.reject()


def test_an_administrator_counts_the_till_of_somebody_who_went_home(front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot) -> None:
    open_till(front)
    screen = at_desk("admin")
    QTest.mouseClick(screen.view.count, CLICK)
    settle()
    till = dialog(CloseTill, qtbot)
    assert isinstance(till, CloseTill)
    assert till.windowTitle() == "Close the till of Cashier One"
    till.coins.setText("500")
    QTest.mouseClick(till.close_till, CLICK)
    qtbot.waitUntil(screen.settle.isEnabled)
    settle()
    assert front.ask(queries.till, front.world.users["cashier"], front.world.clinic_id) is None


def test_who_may_not_settle_has_no_button_and_is_refused(front: FrontDesk, at_desk: Open, settle: Wait, work: Work) -> None:
    screen = at_desk("receptionist")
    assert screen.settle.isHidden()
    assert not SCREEN.is_for(work.actor)
    refused: list[ClinicError] = []
    work.do(screen, commands.settle_day, failed=refused.append, key=new_id(), clinic_id=front.world.clinic_id, day=TODAY)
    settle()
    assert [error.code for error in refused] == ["permission_denied"]
    assert settled(front) == []


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_it_can_be_looked_at(
    language: str, theme: str, front: FrontDesk, at_desk: Open, qapp: QApplication, picture: Callable[[QWidget, str], Path]
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    open_till(front)
    take(front, Tender(By.CASH, money(600)))
    screen = at_desk()
    assert picture(screen, f"settlement-{language}-{theme}").stat().st_size > 10_000
    assert unnamed(screen) == []
