"""Pharmacist and cashier in a hurry, by keyboard only, with the mistakes that hands make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing.rules import InvoiceStatus, PaymentMethod
from clinic_desktop.clinic.pharmacy.rules import StockStatus
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.cashier.payment import PaymentDialog
from clinic_desktop.ui.screens.cashier.reading import Shown
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.screens.pharmacy.screen import PharmacyScreen
from clinic_desktop.ui.widgets import Dialog
from tests.clinic.clinical.room import Room, line
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World, money
from tests.conftest import FrozenClock
from tests.ui.screens.cash import Cash
from tests.ui.screens.frontdesk import FrontDesk, Hands, at
from tests.ui.texts import plain
from tests.ui.walk import unnamed

KEY = Qt.Key
Wait = Callable[[], None]


@pytest.fixture
def cash(front: FrontDesk, settle: Wait, show: Callable[..., None], desk_as: Callable[[str], Desk], qtbot: QtBot) -> Cash:
    return Cash(front, settle, show, desk_as, qtbot)


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


def pharmacy(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> PharmacyScreen:
    screen = PharmacyScreen(desk_as("pharmacist"))
    show(screen)
    settle()
    screen.setFocus()
    return screen


def leave(cash: Cash, dialog: Dialog) -> None:
    """Esc, and yes: what was typed may go."""
    QTest.keyClick(dialog, KEY.Key_Escape)
    question = QApplication.activeModalWidget()
    assert question is not dialog
    assert question.windowTitle() == "Leave without saving?"
    assert unnamed(question) == []
    cash.qtbot.waitUntil(question.isActiveWindow)
    QTest.keyClick(question.focusWidget(), KEY.Key_Tab)
    QTest.keyClick(question.focusWidget(), KEY.Key_Return)
    cash.settle()


def test_what_has_expired_is_not_there(
    room: Room, desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait, hands: Hands, clock: FrozenClock
) -> None:
    gone, item = room.shelf.medicine("Cetirizine 10")
    room.shelf.receive(item, 40, number="OLD", expiry=date(2026, 3, 5))
    clock.advance(days=4)
    room.active(line(gone))
    screen = pharmacy(desk_as, show, settle)
    assert screen.table.rows[0].stock is StockStatus.NONE
    hands.press(KEY.Key_Down)
    settle()
    (row,) = screen.counter.lines.lines
    assert (row.stock.text, row.quantity.isEnabled(), row.other.isHidden()) == ("Out of stock", False, True)
    assert "OLD" not in row.batches.text()
    hands.press(KEY.Key_F10)
    settle()
    assert not screen.counter.dispense.isEnabled()


def test_the_names_of_patients_are_whole_in_the_list_of_the_pharmacy(
    room: Room, desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait
) -> None:
    medicine, item = room.shelf.medicine("Cetirizine 10")
    room.shelf.receive(item, 40)
    visit = room.visit(FrontDesk(room.world).patient("Sunita", "Deshpande-Kulkarni").id)
    room.prescribe(visit, line(medicine, instructions="half an hour after food, with a full glass of water, not with milk"))
    room.sign(visit)
    screen = PharmacyScreen(desk_as("pharmacist"))
    show(screen, 1170, 684)  # what a small screen has left beside the rail
    settle()
    grid = screen.table.grid
    assert grid.columnWidth(0) >= grid.fontMetrics().horizontalAdvance("Sunita Deshpande-Kulkarni") + 24
    screen.table.select_first()
    settle()
    (row,) = screen.counter.lines.lines
    assert row.dose.wordWrap()
    assert row.dose.height() >= row.dose.heightForWidth(row.dose.width())
    assert screen.counter.number.text() == "RX-2026-00001"
    assert screen.counter.status.text == "Active"


def test_the_cashier_sees_who_is_here_and_the_booked_ones_behind_a_filter(cash: Cash, hands: Hands) -> None:
    booked = cash.front.patient("Omkar", "Puri")
    cash.front.book(booked, at(18))
    waiting = cash.front.walk_in(cash.front.patient("Lata", "Iyer")).visit_id
    seen = cash.seen()
    cash.open_till()
    screen = cash.screen()
    assert [row.visit_id for row in screen.table.rows] == [seen, waiting]  # who was seen pays first
    assert [plain(screen.shown.itemText(place)) for place in range(2)] == [
        "To pay now  ·  2",
        "Expected today  ·  1",
    ]
    assert screen.scanned(booked.patient_number)  # he stands there all the same
    cash.settle()
    assert screen.bill.bill is not None
    assert screen.bill.bill.invoice.patient_id == booked.id
    screen.shown.setFocus()
    hands.press(KEY.Key_Down)
    cash.settle()
    assert screen.shown.value() is Shown.EXPECTED
    assert [row.patient_id for row in screen.table.rows] == [booked.id]


def test_the_note_that_was_handed_over_typed_as_the_amount_shows_the_change(cash: Cash, hands: Hands) -> None:
    visit = cash.seen()
    cash.open_till()
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    dialog = cash.dialog(PaymentDialog)
    hands.type("1000")
    hands.press(KEY.Key_Return)
    cash.settle()
    assert cash.bill(visit).payments == ()
    assert (dialog.rows[0].amount.text(), dialog.rows[0].tendered.text(), dialog.change.figure) == ("600.00", "1000.00", "₹400.00")
    assert "counted as cash received" in dialog.problem.text()
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Return)
    preview = cash.dialog(Preview)
    assert preview.windowTitle() == "Give back ₹400.00"
    paid = cash.bill(visit)
    assert [(one.amount, one.method) for one in paid.payments] == [(money(600), PaymentMethod.CASH)]
    preview.reject()
    cash.back(screen)
    assert screen.till_text.text() == "In your till: ₹1,100.00"


def test_too_much_by_card_is_refused_and_the_rest_is_paid_later(cash: Cash, hands: Hands) -> None:
    visit = cash.seen()
    cash.open_till()
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)
    dialog = cash.dialog(PaymentDialog)
    hands.type("900")
    hands.press(KEY.Key_F3)  # by card there is no change
    hands.press(KEY.Key_Return)
    cash.settle()
    assert dialog.rows[0].fields["amount"].error == "₹900.00 is more than the ₹600.00 that is left to pay."
    hands.press(KEY.Key_F2)
    dialog.rows[0].amount.setFocus()
    hands.type("250")
    assert dialog.left.figure == "₹350.00"
    hands.press(KEY.Key_Return)
    cash.dialog(Preview).reject()
    cash.back(screen)
    bill = cash.bill(visit)
    assert (bill.status, bill.balance) == (InvoiceStatus.PARTIAL, money(350))
    assert [row.balance for row in screen.table.rows] == [money(350)]


def test_a_split_and_a_count_are_not_lost_by_escape(cash: Cash, hands: Hands) -> None:
    visit = cash.seen()
    cash.open_till(rupees=1_030)
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)
    dialog = cash.dialog(PaymentDialog)
    hands.press(KEY.Key_F3)
    hands.type("AX-1")
    leave(cash, dialog)
    assert cash.bill(visit).payments == ()
    cash.back(screen)
    hands.press(KEY.Key_F12)
    till = cash.dialog(CloseTill)
    hands.type("2")
    QTest.keyClick(till, KEY.Key_Escape)
    question = QApplication.activeModalWidget()
    cash.qtbot.waitUntil(question.isActiveWindow)
    QTest.keyClick(question.focusWidget(), KEY.Key_Return)  # the safe one has the focus
    cash.settle()
    assert till.isVisible()
    assert till.found.figure == "₹1,000.00"
    assert {label.text() for label in till._sums.values()} == {"₹1,000.00", ""}
    leave(cash, till)
    assert screen.till is not None
