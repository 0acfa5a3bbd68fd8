"""Any sequence of drafts, issues, payments, refunds and credits leaves books that add up, recomputed from the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.errors import CreditNeedsRefund, DayAlreadySettled, NothingToPay, PaysTooMuch, RefundTooLarge
from clinic_desktop.clinic.billing.rules import InvoiceStatus, Pieces
from clinic_desktop.kernel.errors import ClinicError, IllegalTransition
from clinic_desktop.kernel.ids import new_id
from tests.clinic.billing.desk import Desk, build_desk, card, cash, rupees
from tests.conftest import START
from tests.databases import drop, fresh

fractions = st.integers(1, 1_000)
"""How much of what is there, in thousandths."""


def part(whole: int, thousandths: int) -> int:
    return max(1, whole * thousandths // 1_000)


class Books(RuleBasedStateMachine):
    """One cashier's days; the model keeps only what was done to each invoice."""

    engine: str
    folder: Path

    @initialize()
    def open_shop(self) -> None:
        self.now = START
        database, built = fresh(self.engine, self.folder, self.clock, recipe="billing_desk", build=build_desk)
        self.desk = Desk(built.world.at(database), built.patient_id)
        self.desk.set("billing.approval_limit", 10**12)
        self.desk.open_till()
        self.done: dict[UUID, list[int]] = {}

    def clock(self) -> datetime:
        return self.now

    def pick(self, index: int) -> UUID:
        return list(self.done)[index % len(self.done)]

    @rule(
        price=st.integers(0, 200_000),
        quantity=st.integers(1, 7),
        off=st.integers(0, 1_000),
        tax=st.sampled_from([None, "GST 5 %", "GST 18 %"]),
        share=st.integers(0, 10_000),
        lines=st.integers(1, 3),
    )
    def sell(self, price: int, quantity: int, off: int, tax: str | None, share: int, lines: int) -> None:
        line = self.desk.line(
            price,
            quantity=quantity,
            discount=rupees(price * quantity * off // 1_000),
            tax_configuration_id=None if tax is None else self.desk.world.taxes[tax],
            doctor_share_basis_points=share,
        )
        self.done[self.desk.issued(*[line] * lines)] = [0, 0]

    @precondition(lambda self: self.done)
    @rule(index=st.integers(0, 50), of_balance=st.integers(1, 1_300), by_card=st.booleans())
    def pay(self, index: int, of_balance: int, by_card: bool) -> None:
        invoice_id = self.pick(index)
        balance = self.desk.invoice(invoice_id).balance.minor
        amount = part(balance, of_balance)
        act: Callable[[], object] = lambda: self.desk.pay(invoice_id, card(amount) if by_card else cash(amount, tendered=amount + 500))  # noqa: E731
        if balance == 0:
            refused(NothingToPay, act)
        elif amount > balance:
            refused(PaysTooMuch, act)
        else:
            act()
            self.done[invoice_id][0] += amount

    @precondition(lambda self: any(paid for paid, _ in self.done.values()))
    @rule(index=st.integers(0, 50), which=st.integers(0, 5), share=st.integers(1, 1_300))
    def refund(self, index: int, which: int, share: int) -> None:
        invoice_id = self.pick(index)
        payments = self.desk.invoice(invoice_id).payments
        if not payments:
            return
        payment = payments[which % len(payments)]
        left = payment.amount.minor - payment.refunded.minor
        amount = part(left, share)
        act: Callable[[], object] = lambda: self.desk.do(  # noqa: E731
            billing.refund, key=new_id(), payment_id=payment.payment_id, amount=rupees(amount), reason="x"
        )
        if amount > left:
            refused(RefundTooLarge, act)
        else:
            act()
            self.done[invoice_id][0] -= amount

    @precondition(lambda self: self.done)
    @rule(index=st.integers(0, 50), which=st.integers(0, 5), share=fractions, send_back=st.booleans())
    def credit(self, index: int, which: int, share: int, send_back: bool) -> None:
        invoice_id = self.pick(index)
        seen = self.desk.invoice(invoice_id)
        line = seen.lines[which % len(seen.lines)]
        left = line.total.minor - line.credited.minor
        if left == 0:
            return
        amount = part(left, share)
        excess = max(0, amount - seen.balance.minor)
        act: Callable[[], object] = lambda: self.desk.do(  # noqa: E731
            billing.credit_note,
            key=new_id(),
            invoice_id=invoice_id,
            lines=[CreditLine(line.id, rupees(amount))],
            reason="x",
            refund_excess=send_back,
        )
        if seen.status is InvoiceStatus.CANCELLED:
            refused(IllegalTransition, act)
        elif excess and not send_back:
            refused(CreditNeedsRefund, act)
        else:
            act()
            self.done[invoice_id][0] -= excess
            self.done[invoice_id][1] += amount

    @rule(hours=st.integers(0, 30), missing=st.integers(0, 300))
    def close_and_settle(self, hours: int, missing: int) -> None:
        with self.desk.db.read() as session:
            till = queries.till(session, self.desk.world.users["cashier"], self.desk.clinic_id)
        assert till is not None
        found = max(0, till.expected.minor - missing)
        closed = self.desk.do(billing.close_till, key=new_id(), clinic_id=self.desk.clinic_id, counted=in_pieces(found), note="Counted")
        assert closed.difference.minor == found - till.expected.minor
        settle = {"clinic_id": self.desk.clinic_id, "day": (self.now + timedelta(hours=5, minutes=30)).date(), "note": "Counted"}
        with self.desk.db.read() as session:
            again = bool(queries.settlements(session, self.desk.clinic_id, first=settle["day"], last=settle["day"]))
        if again:
            refused(DayAlreadySettled, lambda: self.desk.do(billing.settle_day, key=new_id(), **settle))
        else:
            self.desk.do(billing.settle_day, key=new_id(), **settle)
        self.now += timedelta(hours=hours)
        self.desk.open_till(found)

    @invariant()
    def the_newest_invoice_adds_up(self) -> None:
        for invoice_id in list(getattr(self, "done", ()))[-1:]:
            self.adds_up(invoice_id)

    def adds_up(self, invoice_id: UUID) -> None:
        seen = self.desk.invoice(invoice_id)
        assert [seen.paid.minor, seen.credited.minor] == self.done[invoice_id]
        assert seen.total.minor == sum(line.net.minor + line.tax.minor for line in seen.lines)
        assert seen.paid + seen.credited + seen.balance == seen.total
        assert all(line.doctor_share + line.center_share == line.net for line in seen.lines)

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        try:
            for invoice_id in self.done:
                self.adds_up(invoice_id)
            assert self.desk.lies() == []
        finally:
            drop(self.desk.db)


def in_pieces(amount: int) -> list[Pieces]:
    notes, coins = divmod(amount, 10_000)
    return [Pieces(rupees(10_000), notes), Pieces(rupees(1), coins)]


def refused(error: type[ClinicError], act: Callable[[], object]) -> None:
    with pytest.raises(error):
        act()


@pytest.mark.parametrize(("engine", "examples"), [("sqlite", 8), ("postgres", 3)])
def test_any_sequence_keeps_the_books(engine: str, examples: int, tmp_path: Path) -> None:
    machine = type(f"Books_{engine}", (Books,), {"engine": engine, "folder": tmp_path})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)),
    )
