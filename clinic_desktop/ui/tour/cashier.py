"""The cashier: the till, a bill, a split payment, the receipt, the count at the end, and the settlement of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.cashier.payment import PaymentDialog
    from clinic_desktop.ui.screens.cashier.screen import CashierScreen
    from clinic_desktop.ui.screens.cashier.till import CloseTill
    from clinic_desktop.ui.screens.settlement.screen import SettlementScreen


def screen_of(driver: Driver) -> CashierScreen:
    """The open cashier's desk."""
    return cast("CashierScreen", driver.screen("cashier"))


def open_till(driver: Driver) -> None:
    """The till is counted before the first payment; the demo's cashier may have done so this morning."""
    screen = screen_of(driver)
    driver.patience.rest()
    if screen.till is None:
        driver.snap("till-open")
        driver.type("1000")
        driver.press("Return")
        driver.patience.until(lambda: screen.till is not None, "the open till")
    driver.snap("cashier")


def bill(driver: Driver) -> None:
    """What the visit and its medicines cost."""
    screen = screen_of(driver)
    driver.pick_row(screen.table, lambda row: row.patient_id == driver.story.patient_id)
    driver.patience.until(lambda: screen.bill.bill is not None, "the bill")
    driver.snap("bill")


def payment_refused(driver: Driver) -> None:
    """Less cash than the amount is refused at its field."""
    driver.press("F10")
    dialog: PaymentDialog = driver.dialog("PaymentDialog")
    driver.press("Tab")
    driver.type("1")
    driver.press("Return")
    driver.snap("payment-refused")
    driver.click(dialog.rows[0].amount)


def split_payment(driver: Driver) -> None:
    """A part in cash with change, the rest by card."""
    screen = screen_of(driver)
    driver.type("300")
    driver.press("Tab")
    driver.type("500")
    driver.press("F6", "F3")
    driver.type("POS 771204")
    driver.snap("payment-split")
    driver.press("Return")
    driver.save_document("receipt")
    driver.patience.until(lambda: screen.bill.bill is not None and bool(screen.bill.bill.invoice.payments), "the paid bill")
    driver.snap("bill-paid")


def invoice(driver: Driver) -> None:
    """The invoice on A4."""
    driver.press("F8")
    driver.save_document("invoice")


def give_back(driver: Driver) -> None:
    """Giving money back needs a reason: asked, not done."""
    driver.press("F11")
    driver.snap("refund")
    driver.press("Escape")
    driver.no_dialog()


def close_till(driver: Driver) -> None:
    """The evening: notes and coins; a difference asks for a reason, the right count closes."""
    screen = screen_of(driver)
    driver.clock.pass_by(8 * 60)
    driver.press("F12")
    dialog: CloseTill = driver.dialog("CloseTill")
    if screen.till is None:
        raise StepFailed("no till is open")
    driver.type("1")
    driver.press("Return")
    driver.snap("till-difference")
    _count(driver, dialog, screen.till.expected)
    driver.snap("till-counted")
    driver.click(dialog.close_till)
    driver.no_dialog()
    driver.patience.until(lambda: screen.till is None, "the closed till")
    driver.snap("till-closed")


def settlement(driver: Driver) -> None:
    """The day in money, method by method."""
    driver.click(driver.shell.rail.buttons["settlement"])
    screen = cast("SettlementScreen", driver.screen("settlement"))
    driver.patience.until(lambda: screen.view.sheet is not None, "the sheet of the day")
    driver.snap("settlement")


def settle(driver: Driver) -> None:
    """Signed off, and on paper."""
    driver.press("F10")
    driver.snap("settlement-sign-off")
    driver.press("Return")
    driver.save_document("settlement")
    driver.snap("settled")


def _count(driver: Driver, dialog: CloseTill, expected: Money) -> None:
    """Type the pieces that make the sum, largest first."""
    left = expected.minor
    for piece, count in dialog.counts.items():
        pieces, left = divmod(left, piece)
        driver.click(count)
        driver.press("Ctrl+A")
        driver.type(str(pieces))
        driver.press("Tab")
    if left:
        driver.click(dialog.coins)
        driver.type(f"{Money(left, expected.currency).amount}")


PART = Part("cashier", "cashier", (open_till, bill, payment_refused, split_payment, invoice, give_back, close_till, settlement, settle))
