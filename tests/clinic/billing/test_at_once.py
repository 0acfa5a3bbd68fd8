"""Two people, one invoice, one till, one day: exactly one effect, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier, Event
from typing import TypeVar

import pytest

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.errors import (
    DayAlreadySettled,
    DuplicateTransaction,
    InvoiceFrozen,
    NoOpenTill,
    NothingToPay,
    PaysTooMuch,
    RefundTooLarge,
    TillAlreadyOpen,
    TillsStillOpen,
)
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from tests.clinic.billing.desk import Desk, card, cash, charge_visit, rupees

T = TypeVar("T")
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def together(*acts: Callable[[], T]) -> list[T | ClinicError]:
    """What each act returned or raised, all started at one instant."""
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | ClinicError:
        start.wait(timeout=30)
        try:
            return act()
        except ClinicError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(outcome: list[T | ClinicError]) -> list[type[ClinicError]]:
    return [type(one) for one in outcome if isinstance(one, ClinicError)]


@pytest.fixture
def tills(desk: Desk) -> Desk:
    """Two cashiers at their open tills."""
    desk.open_till()
    desk.open_till(role="cashier2")
    return desk


@pytest.mark.parametrize(("amount", "second"), [(50_000, NothingToPay), (30_000, PaysTooMuch)])
def test_two_cashiers_never_take_more_than_the_total(tills: Desk, amount: int, second: type[ClinicError]) -> None:
    one, two = tills.actor("cashier"), tills.actor("cashier2")
    for _ in range(3):
        invoice_id = tills.issued()
        pay = partial(billing.take_payment, invoice_id=invoice_id, tenders=[cash(amount)])
        outcome = together(*(partial(tills.db.run, who, pay, key=new_id()) for who in (one, two)))
        assert refusals(outcome) == [second]
        assert tills.invoice(invoice_id).paid == rupees(amount)
    assert tills.lies() == []


def test_many_part_payments_at_once_are_all_kept_and_numbered(tills: Desk) -> None:
    invoice_id = tills.issued(tills.line(70_000))
    people = [tills.actor("cashier"), tills.actor("cashier2")] * 4
    pay = partial(billing.take_payment, invoice_id=invoice_id, tenders=[cash(10_000)])
    outcome = together(*(partial(tills.db.run, who, pay, key=new_id()) for who in people))
    assert refusals(outcome) == [NothingToPay]
    seen = tills.invoice(invoice_id)
    assert seen.status is InvoiceStatus.PAID
    assert sorted(payment.receipt_number for payment in seen.payments) == [f"RCT-2026-{n:05d}" for n in range(1, 8)]
    assert tills.lies() == []


def test_a_double_click_from_two_threads_has_one_effect(tills: Desk) -> None:
    who = tills.actor("cashier")
    for _ in range(3):
        invoice_id = tills.issued()
        pay = partial(tills.db.run, who, billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=[cash(20_000)])
        taken = together(pay, pay)
        assert taken[0] == taken[1]
        assert refusals(taken) == []
        seen = tills.invoice(invoice_id)
        assert (seen.paid, len(seen.payments)) == (rupees(20_000), 1)
        payment_id = seen.payments[0].payment_id
        back = partial(tills.db.run, who, billing.refund, key=new_id(), payment_id=payment_id, amount=rupees(5_000), reason="x")
        given = together(back, back)
        assert given[0] == given[1]
        assert tills.invoice(invoice_id).paid == rupees(15_000)
    assert tills.lies() == []


def test_two_refunds_never_exceed_the_payment(tills: Desk) -> None:
    invoice_id = tills.issued()
    tills.pay(invoice_id, cash(50_000))
    payment_id = tills.invoice(invoice_id).payments[0].payment_id
    back = partial(billing.refund, payment_id=payment_id, amount=rupees(30_000), reason="x")
    people = [tills.actor("cashier"), tills.actor("cashier2")]
    outcome = together(*(partial(tills.db.run, who, back, key=new_id()) for who in people))
    assert refusals(outcome) == [RefundTooLarge]
    assert tills.invoice(invoice_id).paid == rupees(20_000)


def test_one_card_transaction_is_taken_by_one_cashier(tills: Desk) -> None:
    first, second = tills.issued(), tills.issued()
    at_desks = [(tills.actor("cashier"), first), (tills.actor("cashier2"), second)]
    pay = partial(billing.take_payment, tenders=[card(10_000, "TX-1")])
    outcome = together(*(partial(tills.db.run, who, pay, key=new_id(), invoice_id=invoice_id) for who, invoice_id in at_desks))
    assert refusals(outcome) == [DuplicateTransaction]
    assert tills.invoice(first).paid + tills.invoice(second).paid == rupees(10_000)


def test_an_invoice_is_issued_once_and_takes_no_line_meanwhile(desk: Desk) -> None:
    who, system = desk.actor(), desk.world.system()
    for _ in range(3):
        visit_id = desk.visit()
        with desk.db.read() as session:
            (head,) = queries.visit_invoices(session, visit_id)
        issue = partial(billing.issue_invoice, invoice_id=head.id)
        charge = partial(desk.db.run, system, charge_visit, visit_id=visit_id, line=desk.line(1_000))
        outcome = together(partial(desk.db.run, who, issue, key=new_id()), partial(desk.db.run, who, issue, key=new_id()), charge, charge)
        assert refusals(outcome) == [InvoiceFrozen]
        with desk.db.read() as session:
            assert sum(one.total.minor for one in queries.visit_invoices(session, visit_id)) == 52_000
    assert desk.lies() == []


def test_one_cashier_opens_one_till(desk: Desk) -> None:
    opening = partial(billing.open_till, clinic_id=desk.clinic_id, opening_float=rupees(0))
    who = desk.actor()
    outcome = together(*(partial(desk.db.run, who, opening, key=new_id()) for _ in range(3)))
    assert refusals(outcome) == [TillAlreadyOpen] * 2


def test_a_till_is_counted_with_or_without_a_payment_never_between(desk: Desk) -> None:
    who = desk.actor()
    for _ in range(3):
        till_id, invoice_id = desk.open_till(0), desk.issued()
        outcome = together(
            partial(desk.db.run, who, billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=[cash(50_000)]),
            partial(desk.db.run, who, billing.close_till, key=new_id(), clinic_id=desk.clinic_id, counted=[], note="Not counted"),
        )
        assert refusals(outcome) in ([], [NoOpenTill])
        paid = desk.invoice(invoice_id).paid
        with desk.db.read() as session:
            day = queries.settlement_preview(session, desk.clinic_id, MONDAY)
        assert [till.expected for till in day.tills if till.till_session_id == till_id] == [paid]
    assert desk.lies() == []


def test_a_day_is_settled_once_and_no_till_slips_in(desk: Desk) -> None:
    one, two = desk.actor("cashier"), desk.actor("cashier2")
    invoice_id = desk.issued()

    def work() -> date:
        desk.db.run(two, billing.open_till, key=new_id(), clinic_id=desk.clinic_id, opening_float=rupees(0))
        taken = desk.db.run(two, billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=[cash(50_000)])
        with desk.db.read() as session:
            return queries.receipt(session, taken.receipt_number).business_date

    def settle() -> None:
        desk.db.run(one, billing.settle_day, key=new_id(), clinic_id=desk.clinic_id, day=MONDAY)

    outcome = together(settle, settle, work)
    with desk.db.read() as session:
        settled = bool(queries.settlements(session, desk.clinic_id, first=MONDAY, last=MONDAY))
    expected = {DayAlreadySettled} if settled else {TillsStillOpen}
    assert set(refusals(outcome)) <= expected | {TillsStillOpen, DayAlreadySettled}
    assert outcome[2] == (TUESDAY if settled else MONDAY)
    assert desk.lies() == []


def test_a_till_opened_while_the_day_is_being_settled_belongs_to_the_next(desk: Desk) -> None:
    one, two = desk.actor("cashier"), desk.actor("cashier2")  # read before anything is locked
    settling, opened = Event(), Event()

    def settle() -> bool:
        with desk.db.write(one) as tx:
            billing.settle_day(tx, key=new_id(), clinic_id=desk.clinic_id, day=MONDAY)
            settling.set()
            return opened.wait(timeout=1)  # a till that does not wait for the settlement opens within this time

    def open_till() -> None:
        assert settling.wait(timeout=30)
        desk.db.run(two, billing.open_till, key=new_id(), clinic_id=desk.clinic_id, opening_float=rupees(0))
        opened.set()

    assert together(settle, open_till) == [False, None]
    with desk.db.read() as session:
        till = queries.till(session, desk.world.users["cashier2"], desk.clinic_id)
    assert till is not None
    assert till.business_date == TUESDAY
