"""The cashier gives money back, alone or with a second person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.codes import approve_act
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.access.rules import Act
from clinic_desktop.clinic.billing import commands, queries
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.screens.cashier.corrections import RefundDialog
from clinic_desktop.ui.screens.cashier.reading import Shown
from clinic_desktop.ui.screens.cashier.screen import CashierScreen
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.reconciling.test_mending import pay_again
from tests.clinic.world import World, money
from tests.ui.hands import double_click
from tests.ui.screens.cash import CLICK, KEY, Cash, cash, is_whole
from tests.ui.screens.frontdesk import Hands
from tests.ui.walk import unnamed

__all__ = ["cash"]

SECRET = "tamarind-boat-7"


def _give_password(world: World, role: str) -> None:
    hashed = passwords.new(SECRET, username=role)
    world.db.run(world.system(), set_password, user_id=world.users[role], password=hashed, must_change_password=False)


def giving_back(cash: Cash, hands: Hands, visit_id: UUID) -> tuple[CashierScreen, RefundDialog]:
    """600 were paid by card; the dialog to give money back is open."""
    cash.open_till()
    tenders = (Tender(PaymentMethod.CARD, money(600), "AX-1"),)
    cash.front.run("cashier", commands.issue_and_take, invoice_id=cash.bill(visit_id).id, tenders=tenders)
    screen = cash.screen()
    screen.shown.set_value(Shown.PAID)
    cash.settle()
    screen.table.select_first()
    cash.settle()
    hands.press(KEY.Key_F11)
    dialog = cash.dialog(RefundDialog)
    return screen, dialog


def test_a_large_refund_needs_a_second_person_who_proves_it(cash: Cash, hands: Hands) -> None:
    visit_id = cash.seen()
    for role in ("cashier", "admin", "receptionist"):
        _give_password(cash.world, role)
    screen, dialog = giving_back(cash, hands, visit_id)
    assert (dialog.amount.text(), dialog.method.value()) == ("600.00", PaymentMethod.CARD)
    dialog.method.set_value(PaymentMethod.CASH)  # another tender than was used needs a second person
    QTest.mouseClick(dialog.post, CLICK)
    assert dialog.form.fields["reason"].error != ""
    hands.type("Doctor was called away")
    hands.press(KEY.Key_Return)
    cash.settle()
    assert not dialog.approval.isHidden()
    assert QApplication.focusWidget() is dialog.approval.username
    cash.qtbot.waitUntil(lambda: is_whole(dialog.approval.username) and is_whole(dialog.amount))
    assert unnamed(dialog) == []
    approval = dialog.approval
    for name, secret, answer in (
        ("admin", "not the password", "Wrong username or password."),
        ("cashier", SECRET, "You cannot approve this yourself: somebody else must."),
        ("receptionist", SECRET, "receptionist may not approve this. Ask somebody else."),
    ):
        approval.username.setText(name)
        approval.password.setText(secret)
        QTest.mouseClick(dialog.post, CLICK)
        cash.settle()
        cash.settle()
        assert approval.problem.text() == answer
        assert not approval.problem.isHidden()
        assert cash.bill(visit_id).refunds == ()
    dialog.approval.username.setText("admin")
    dialog.approval.password.setText(SECRET)
    double_click(dialog.post)
    cash.qtbot.waitUntil(lambda: bool(cash.bill(visit_id).refunds))
    cash.settle()
    (given,) = cash.bill(visit_id).refunds
    voucher = cash.front.ask(queries.refund_voucher, given.refund_id)
    assert (voucher.method, voucher.amount, voucher.reason) == (PaymentMethod.CASH, money(600), "Doctor was called away")
    assert voucher.approved_by == "Administrator One"
    assert cash.said[-1] == "₹600.00 was given back under REF-2026-00001."
    cash.back(screen)
    assert (screen.bill.balance.figure, screen.bill.refund.isEnabled()) == ("₹600.00", False)


def test_the_code_of_the_second_person_stands_for_the_password_once(cash: Cash, hands: Hands) -> None:
    visit_id = cash.seen()
    for role in ("cashier", "admin"):
        _give_password(cash.world, role)
    screen, dialog = giving_back(cash, hands, visit_id)
    dialog.method.set_value(PaymentMethod.CASH)
    hands.type("600")
    dialog.form["reason"].setText("Card machine broken")
    QTest.mouseClick(dialog.post, CLICK)
    cash.settle()
    approval, invoice_id = dialog.approval, cash.bill(visit_id).id

    def show_code_for(amount: int) -> None:
        code = approve_act(cash.world.db, cash.world.actor("admin"), Act("billing.refund", invoice_id, money(amount)))
        approval.username.setText("admin")
        approval.password.setText(code.text)
        QTest.mouseClick(dialog.post, CLICK)
        cash.settle()

    show_code_for(599)
    assert approval.problem.text() == "This code is wrong, used or too old. Check it, or ask for a new one."
    assert cash.bill(visit_id).refunds == ()
    show_code_for(600)
    cash.qtbot.waitUntil(lambda: bool(cash.bill(visit_id).refunds))
    (given,) = cash.bill(visit_id).refunds
    assert cash.front.ask(queries.refund_voucher, given.refund_id).approved_by == "Administrator One"
    cash.settle()
    cash.back(screen)


def test_a_small_refund_needs_a_reason_only_and_never_more_than_was_paid(cash: Cash, hands: Hands) -> None:
    visit_id = cash.seen()
    cash.open_till()
    cash.front.run("cashier", commands.issue_and_take, invoice_id=cash.bill(visit_id).id, tenders=(Tender(PaymentMethod.CASH, money(600)),))
    screen = cash.screen()
    assert screen.scanned("RCT-2026-00001")
    cash.settle()
    hands.press(KEY.Key_F11)
    dialog = cash.dialog(RefundDialog)
    hands.type("700")
    dialog.form["reason"].setText("Paid twice")
    hands.press(KEY.Key_Return)
    cash.settle()
    assert dialog.form.fields["amount"].error == "At most ₹600.00 can be paid back."
    dialog.amount.setText("100")
    hands.press(KEY.Key_Return)
    cash.qtbot.waitUntil(lambda: bool(cash.bill(visit_id).refunds))
    cash.settle()
    assert cash.bill(visit_id).balance == money(100)


def test_what_two_sites_took_is_shown_as_money_to_give_back(
    cash: Cash, hands: Hands, qapp: QApplication, picture: Callable[[QWidget, str], Path]
) -> None:
    visit_id = cash.seen()
    cash.open_till()
    invoice_id = cash.bill(visit_id).id
    cash.front.run("cashier", commands.issue_and_take, invoice_id=invoice_id, tenders=(Tender(PaymentMethod.CASH, money(600)),))
    with cash.world.db.write(cash.world.system()) as tx:
        tx.command = "sync.push"
        pay_again(tx, invoice_id)
    activate("ar")
    apply_theme(qapp, "dark", right_to_left=True)
    seen = cash.screen()
    assert seen.scanned("RCT-2026-00001")
    cash.settle()
    assert picture(seen, "cashier-to-give-back-ar-dark").stat().st_size > 10_000
    activate("en")
    apply_theme(qapp, "light")
    screen = cash.screen()
    assert screen.scanned("RCT-2026-00001")
    cash.settle()
    assert (screen.bill.balance.figure, screen.bill.balance.accessibleName()) == ("₹600.00", "To give back: ₹600.00")
    assert (screen.bill.pay.isEnabled(), screen.bill.refund.isEnabled()) == (False, True)
    assert screen.bill.status.text == "To give back"
    cash.qtbot.waitUntil(lambda: screen.bill.balance.width() >= screen.bill.balance.sizeHint().width())
    assert picture(screen, "cashier-to-give-back-en-light").stat().st_size > 10_000
