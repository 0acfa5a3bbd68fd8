"""The cashier's screen: the till, bills, payments, refunds, discounts, by keyboard and mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.billing import commands, queries
from clinic_desktop.clinic.billing.rules import InvoiceStatus, PaymentMethod, Tender
from clinic_desktop.clinic.frontdesk.queries import visit as visit_of
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients.commands import revoke_id_card
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.cashier import SCREEN
from clinic_desktop.ui.screens.cashier.corrections import DiscountDialog
from clinic_desktop.ui.screens.cashier.payment import PaymentDialog
from clinic_desktop.ui.screens.cashier.reading import Shown
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.work import Work
from tests.clinic.patients.combined import card, merge
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.ui.hands import double_click, warned
from tests.ui.screens.cash import CLICK, KEY, Cash, cash, is_whole
from tests.ui.screens.frontdesk import TODAY, Hands
from tests.ui.walk import unnamed

__all__ = ["cash"]


def test_the_till_is_opened_before_anything_else(cash: Cash, hands: Hands) -> None:
    cash.seen()
    screen = cash.screen()
    assert screen.pages.currentWidget() is screen.opening
    assert QApplication.focusWidget() is screen.opening.amount
    assert is_whole(screen.opening.amount)
    hands.press(KEY.Key_Return)
    assert screen.opening.form.fields["opening_float"].error != ""
    hands.type("1,250.50")
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Return)
    cash.qtbot.waitUntil(lambda: screen.pages.currentWidget() is screen.desk_page)
    till = cash.front.ask(queries.till, cash.world.users["cashier"], cash.world.clinic_id)
    assert till.opening_float == Money(125_050, "INR")
    assert screen.till_text.text() == "In your till: ₹1,250.50"
    assert QApplication.focusWidget() is screen.table.grid
    assert unnamed(screen) == []


def test_a_receipt_takes_four_keys(cash: Cash, hands: Hands) -> None:
    visit_id = cash.seen()
    cash.open_till()
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)  # before the bill has come: the payment waits for it
    dialog = cash.dialog(PaymentDialog)
    assert (dialog.to_pay.figure, dialog.rows[0].amount.text(), dialog.take.text()) == ("₹600.00", "600.00", "Take ₹600.00")
    assert unnamed(dialog) == []
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Return)
    preview = cash.dialog(Preview)
    assert preview.windowTitle() == "Receipt RCT-2026-00001"
    paid = cash.bill(visit_id)
    assert (paid.status, paid.number, len(paid.payments)) == (InvoiceStatus.PAID, "INV-2026-00001", 1)
    assert cash.front.ask(visit_of, visit_id).status is VisitStatus.COMPLETED
    assert hands.presses == 4
    preview.reject()
    cash.back(screen)
    assert screen.table.rows == []
    assert (screen.bill.status.text, screen.bill.balance.figure) == ("Paid", "₹0.00")
    assert not screen.bill.pay.isEnabled()


def test_a_double_click_takes_money_once(cash: Cash, hands: Hands) -> None:
    visit_id = cash.seen()
    cash.open_till()
    cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    dialog = cash.dialog(PaymentDialog)
    dialog.rows[0].amount.setText("100")
    double_click(dialog.take)
    cash.dialog(Preview).reject()
    bill = cash.bill(visit_id)
    assert (len(bill.payments), bill.paid, bill.balance, bill.status) == (1, money(100), money(500), InvoiceStatus.PARTIAL)


def test_cash_and_card_together_with_change_and_mistakes_on_the_way(cash: Cash, hands: Hands) -> None:
    visit_id = cash.seen()
    cash.open_till()
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)
    dialog = cash.dialog(PaymentDialog)
    hands.type("400")
    assert (dialog.left.figure, dialog.take.text()) == ("₹200.00", "Take ₹400.00")
    hands.press(KEY.Key_F2)
    hands.type("50")  # a zero is missing
    hands.press(KEY.Key_Return)
    cash.settle()
    assert dialog.rows[0].fields["tendered"].error == "This is less than the amount."
    hands.type("0")
    assert dialog.change.figure == "₹100.00"
    hands.press(KEY.Key_F6)
    assert dialog.rows[1].amount.text() == "200.00"
    cash.qtbot.waitUntil(lambda: all(is_whole(row.amount) for row in dialog.rows))
    hands.press(KEY.Key_F4)
    assert dialog.rows[1].method.value() is PaymentMethod.UPI
    hands.type("UPI-77120")
    assert unnamed(dialog) == []
    hands.press(KEY.Key_Return)
    preview = cash.dialog(Preview)
    assert preview.windowTitle() == "Give back ₹100.00"
    paid = cash.bill(visit_id)
    assert [(one.method.value, one.amount, one.transaction_id) for one in paid.payments] == [
        ("CASH", money(400), None),
        ("UPI", money(200), "UPI-77120"),
    ]
    preview.reject()
    cash.back(screen)
    assert screen.till_text.text() == "In your till: ₹900.00"


def test_a_transaction_that_is_known_is_refused_at_its_field(cash: Cash, hands: Hands) -> None:
    first, second = cash.seen(), cash.seen()
    cash.open_till()
    tenders = (Tender(PaymentMethod.CARD, money(600), "AX-1"),)
    cash.front.run("cashier", commands.issue_and_take, invoice_id=cash.bill(first).id, tenders=tenders)
    cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)
    dialog = cash.dialog(PaymentDialog)
    hands.press(KEY.Key_F3)
    hands.type("AX-1")
    hands.press(KEY.Key_Return)
    cash.settle()
    assert "AX-1" in dialog.rows[0].fields["transaction_id"].error
    dialog.rows[0].amount.setText("900")
    dialog.rows[0].transaction.setText("AX-2")
    hands.press(KEY.Key_Return)
    cash.settle()
    assert dialog.rows[0].fields["amount"].error == "₹900.00 is more than the ₹600.00 that is left to pay."
    assert (cash.bill(second).status, cash.bill(second).number) == (InvoiceStatus.DRAFT, None)
    dialog.reject()


def test_the_next_bill_does_not_slip_in_after_a_payment(cash: Cash, hands: Hands) -> None:
    first, second = cash.seen(), cash.seen()
    cash.open_till()
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)
    cash.dialog(PaymentDialog)
    hands.press(KEY.Key_Return)
    cash.dialog(Preview).reject()
    cash.back(screen)
    assert [row.visit_id for row in screen.table.rows] == [second]
    assert (screen.table.current, screen.bill.invoice_id) == (None, cash.bill(first).id)
    hands.press(KEY.Key_F10)
    cash.settle()
    assert QApplication.activeModalWidget() is None


def test_issuing_without_payment_and_a_bill_of_nothing(cash: Cash, hands: Hands, clock: FrozenClock) -> None:
    visit_id, free = cash.seen(), cash.seen()
    line_id = cash.bill(free).lines[0].id
    cash.front.run("admin", commands.change_discount, item_id=line_id, discount=money(600), reason="Staff")
    cash.open_till()
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    cash.settle()
    hands.press(KEY.Key_F6)
    hands.press(KEY.Key_F6)
    cash.settle()
    assert (cash.bill(visit_id).status, cash.said[-1]) == (InvoiceStatus.PENDING, "Issued as INV-2026-00001.")
    assert not screen.bill.issue.isEnabled()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)
    cash.qtbot.waitUntil(lambda: cash.bill(free).status is InvoiceStatus.PAID)
    cash.settle()
    clock.advance(days=1)
    screen.shown.set_value(Shown.EARLIER)
    cash.settle()
    assert [(row.visit_id, row.balance) for row in screen.table.rows] == [(visit_id, money(600))]


def test_a_discount_needs_the_right_and_a_reason(cash: Cash, hands: Hands, work: Work) -> None:
    visit_id = cash.seen()
    cash.open_till()
    cash.open_till("admin")
    line_id = cash.bill(visit_id).lines[0].id
    simple = cash.screen()
    assert simple.bill.discount.isHidden()
    refused: list[ClinicError] = []
    work.do(simple, commands.change_discount, failed=refused.append, item_id=line_id, discount=money(5), reason="Old friend")
    cash.settle()
    assert [error.code for error in refused] == ["permission_denied"]
    simple.hide()
    screen = cash.screen("admin")
    hands.press(KEY.Key_Down)
    cash.settle()
    screen.bill.lines.select_first()
    hands.press(KEY.Key_F7)
    dialog = cash.dialog(DiscountDialog)
    assert unnamed(dialog) == []
    hands.type("900")
    hands.press(KEY.Key_Return)
    assert dialog.form.fields["reason"].error != ""
    hands.type("Senior citizen")
    hands.press(KEY.Key_Return)
    cash.settle()
    assert dialog.form.fields["discount"].error != ""
    hands.type("60")
    hands.press(KEY.Key_Return)
    cash.settle()
    cash.back(screen)
    assert (cash.bill(visit_id).discount, cash.bill(visit_id).total) == (money(60), money(540))
    assert ("Discount", "-₹60.00") in screen.bill.sums.texts
    assert ("Total", "₹540.00") in screen.bill.sums.texts


def test_closing_the_till_shows_the_difference_and_wants_its_reason(cash: Cash, hands: Hands) -> None:
    cash.open_till(rupees=1_030)
    screen = cash.screen()
    hands.press(KEY.Key_F12)
    dialog = cash.dialog(CloseTill)
    assert (dialog.expected.figure, dialog.difference.figure) == ("₹1,030.00", "-₹1,030.00")
    assert unnamed(dialog) == []
    hands.type("2")  # two notes of 500
    dialog.coins.setText("25")
    assert (dialog.found.figure, dialog.difference.figure) == ("₹1,025.00", "-₹5.00")
    QTest.mouseClick(dialog.close_till, CLICK)
    assert dialog.field.error != ""
    assert cash.front.ask(queries.till, cash.world.users["cashier"], cash.world.clinic_id) is not None
    hands.type("A coin is missing")
    double_click(dialog.close_till)
    cash.qtbot.waitUntil(lambda: screen.pages.currentWidget() is screen.opening)
    day = cash.front.ask(queries.settlement_preview, cash.world.clinic_id, TODAY)
    assert [(till.counted, till.difference) for till in day.tills] == [(money(1_025), money(-5))]
    assert not screen.close_till.isEnabled()


def test_scanning_a_card_opens_the_bill_of_its_patient(cash: Cash) -> None:
    cash.seen()
    visit_id = cash.seen()
    cash.open_till()
    screen = cash.screen()
    bill = cash.bill(visit_id)
    assert screen.scanned(bill.patient_number)
    cash.settle()
    assert screen.bill.invoice_id == bill.id
    assert screen.table.current is not None
    assert screen.table.current.id == bill.id
    assert screen.scanned("INV-2026-99999")
    stranger = cash.front.patient("Om", "Puri")
    cash.settle()
    assert screen.scanned(stranger.patient_number)
    cash.settle()
    assert cash.said == ["Nothing belongs to INV-2026-99999.", "This patient has no bill to pay."]
    assert not screen.scanned("8901234567894")


def test_a_card_that_is_not_valid_is_told_before_a_bill_opens_and_one_of_a_merged_record_opens_its_bill(cash: Cash, hands: Hands) -> None:
    bill = cash.bill(cash.seen())
    kept = cash.front.patient("Om", "Puri")
    lost = card(cash.world, bill.patient_id)
    cash.front.run("receptionist", revoke_id_card, card_id=lost.id, reason="lost")
    merge(cash.world, kept.id, bill.patient_id)
    cash.open_till()
    screen = cash.screen()
    for answer, opened in ((KEY.Key_Escape, None), (KEY.Key_Return, bill.id)):
        assert screen.scanned(lost.qr_payload)
        cash.settle()
        assert "reported lost" in warned()
        hands.press(answer)
        cash.settle()
        assert screen.bill.invoice_id == opened
    assert [one.patient_name for one in screen.table.rows] == ["Om Puri"]


def test_who_may_not_take_money_sees_bills_and_no_button(cash: Cash, hands: Hands, work: Work) -> None:
    visit_id = cash.seen()
    screen = cash.screen("receptionist")
    assert SCREEN.is_for(work.actor)
    assert screen.pages.currentWidget() is screen.desk_page
    assert all(button.isHidden() for button in (screen.bill.pay, screen.bill.refund, screen.close_till))
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    cash.settle()
    assert QApplication.activeModalWidget() is None
    refused: list[ClinicError] = []
    tenders = (Tender(PaymentMethod.CASH, money(600)),)
    work.do(screen, commands.issue_and_take, failed=refused.append, key=new_id(), invoice_id=cash.bill(visit_id).id, tenders=tenders)
    cash.settle()
    assert [error.code for error in refused] == ["permission_denied"]
    assert cash.bill(visit_id).status is InvoiceStatus.DRAFT


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])
def test_it_can_be_looked_at(
    language: str, theme: str, cash: Cash, qapp: QApplication, picture: Callable[[QWidget, str], Path], hands: Hands
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    cash.seen()
    cash.open_till()
    screen = cash.screen()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F10)
    dialog: Any = cash.dialog(PaymentDialog)
    assert picture(dialog, f"payment-{language}-{theme}").stat().st_size > 5_000
    dialog.reject()
    assert picture(screen, f"cashier-{language}-{theme}").stat().st_size > 10_000
    assert unnamed(screen) == []
