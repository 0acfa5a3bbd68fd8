"""Part, split and mixed payments, receipts, refunds and credit notes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.errors import (
    ApprovalNeeded,
    CreditNeedsRefund,
    CreditTooLarge,
    DuplicateTransaction,
    InvoiceFrozen,
    MethodNotAvailable,
    NoOpenTill,
    NothingToPay,
    PaysTooMuch,
    RefundTooLarge,
)
from clinic_desktop.clinic.billing.events import CreditNoteIssued, InvoiceCancelled, InvoicePaid, PaymentRefunded, PaymentTaken
from clinic_desktop.clinic.billing.rules import InvoiceStatus, PaymentMethod, Tender
from clinic_desktop.kernel.errors import IllegalTransition, InvalidInput, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.billing.desk import Desk, card, cash, charge_visit, rupees


@pytest.fixture
def events(desk: Desk) -> list[object]:
    happened: list[object] = []
    desk.db.subscribe(happened.extend)
    return happened


def names(events: list[object]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_part_payments_until_paid(desk: Desk, events: list[object]) -> None:
    invoice_id = desk.issued()
    desk.open_till()
    events.clear()
    first = desk.pay(invoice_id, cash(20_000, tendered=50_000))
    assert (first.receipt_number, first.paid, first.change, first.balance) == (
        "RCT-2026-00001", rupees(20_000), rupees(30_000), rupees(30_000)
    )  # fmt: skip
    assert names(events) == ["PaymentTaken"]
    assert desk.invoice(invoice_id).status is InvoiceStatus.PARTIAL
    desk.pay(invoice_id, cash(30_000))
    assert events[1:] == [InvoicePaid(invoice_id, None), PaymentTaken("RCT-2026-00002", (invoice_id,), None)]
    seen = desk.invoice(invoice_id)
    assert (seen.status, seen.paid, seen.balance) == (InvoiceStatus.PAID, rupees(50_000), rupees(0))
    assert [payment.receipt_number for payment in seen.payments] == ["RCT-2026-00001", "RCT-2026-00002"]
    with pytest.raises(NothingToPay):
        desk.pay(invoice_id, cash(1))
    assert desk.lies() == []


def test_one_receipt_holds_all_tenders_of_a_split_payment(desk: Desk) -> None:
    invoice_id = desk.issued()
    desk.open_till()
    taken = desk.pay(invoice_id, card(20_000, " TX-77 "), Tender(PaymentMethod.UPI, rupees(5_000), "U1"), cash(25_000, tendered=30_000))
    with desk.db.read() as session:
        seen = queries.receipt(session, taken.receipt_number)
    assert [(t.method, t.amount.minor, t.change_given.minor, t.transaction_id) for t in seen.tenders] == [
        (PaymentMethod.CARD, 20_000, 0, "TX-77"),
        (PaymentMethod.UPI, 5_000, 0, "U1"),
        (PaymentMethod.CASH, 25_000, 5_000, None),
    ]
    assert (seen.amount.minor, seen.change_given.minor, seen.patient_name, seen.received_by) == (50_000, 5_000, "Asha Rao", "Cashier One")
    assert [(part.invoice_id, part.amount.minor, part.balance.minor) for part in seen.invoices] == [(invoice_id, 50_000, 0)]
    assert desk.lies() == []


def test_paying_for_a_visit_fills_its_invoices_oldest_first(desk: Desk) -> None:
    visit_id = desk.visit()
    with desk.db.read() as session:
        (first,) = queries.visit_invoices(session, visit_id)
    desk.do(billing.issue_invoice, key=new_id(), invoice_id=first.id)
    desk.db.run(desk.world.system(), charge_visit, visit_id=visit_id, line=desk.line(30_000))
    with desk.db.read() as session:
        second = queries.visit_invoices(session, visit_id)[1]
    desk.do(billing.issue_invoice, key=new_id(), invoice_id=second.id)
    desk.open_till()
    taken = desk.do(billing.take_payment, key=new_id(), visit_id=visit_id, tenders=[card(40_000), cash(25_000)])
    assert taken.balance == rupees(15_000)
    assert [desk.invoice(one.id).paid.minor for one in (first, second)] == [50_000, 15_000]
    split = desk.invoice(first.id).payments[1]
    with pytest.raises(InvalidInput):  # which of the two invoices?
        desk.do(billing.refund, key=new_id(), payment_id=split.payment_id, amount=rupees(1), reason="x")
    with pytest.raises(RefundTooLarge):
        desk.do(billing.refund, key=new_id(), payment_id=split.payment_id, invoice_id=first.id, amount=rupees(10_001), reason="x")
    desk.do(billing.refund, key=new_id(), payment_id=split.payment_id, invoice_id=first.id, amount=rupees(10_000), reason="x")
    assert desk.invoice(first.id).status is InvoiceStatus.PARTIAL
    with pytest.raises(InvalidInput):
        desk.do(billing.take_payment, key=new_id(), visit_id=visit_id, invoice_id=first.id, tenders=[cash(1)])
    assert desk.lies() == []


def test_payments_that_are_refused_leave_nothing(desk: Desk) -> None:
    draft, invoice_id = desk.draft(), desk.issued()
    with pytest.raises(NoOpenTill):
        desk.pay(invoice_id, cash(1))
    desk.open_till()
    with pytest.raises(PaysTooMuch):
        desk.pay(invoice_id, cash(30_000), card(20_001))
    with pytest.raises(NothingToPay):
        desk.pay(draft, cash(1))
    with pytest.raises(MethodNotAvailable):
        desk.pay(invoice_id, Tender(PaymentMethod.WALLET, rupees(1)))
    with pytest.raises(NothingToPay):
        desk.do(billing.take_payment, key=new_id(), visit_id=desk.visit(), tenders=[cash(1)])
    with pytest.raises(PermissionDenied):
        desk.db.run(desk.actor("receptionist"), billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=[cash(1)])
    seen = desk.invoice(invoice_id)
    assert (seen.paid, seen.payments) == (rupees(0), ())
    desk.pay(invoice_id, cash(50_000))
    assert desk.invoice(invoice_id).payments[0].receipt_number == "RCT-2026-00001"  # refusals used no number
    assert desk.lies() == []


def test_a_card_transaction_counts_once(desk: Desk) -> None:
    one, other = desk.issued(), desk.issued()
    desk.open_till()
    desk.pay(one, card(1_000, "TX-1"))
    with pytest.raises(DuplicateTransaction):
        desk.pay(other, card(1_000, "TX-1"))
    with pytest.raises(DuplicateTransaction):
        desk.pay(other, card(1_000, "TX-2"), card(1_000, "TX-2 "))
    assert desk.invoice(other).paid == rupees(0)


def test_the_same_key_has_one_effect(desk: Desk) -> None:
    invoice_id, key = desk.issued(), new_id()
    desk.open_till()
    first = desk.do(billing.take_payment, key=key, invoice_id=invoice_id, tenders=[cash(10_000)])
    assert desk.do(billing.take_payment, key=key, invoice_id=invoice_id, tenders=[cash(10_000)]) == first
    assert desk.invoice(invoice_id).paid == rupees(10_000)


def test_a_refund_opens_the_balance_again(desk: Desk, events: list[object]) -> None:
    invoice_id = desk.issued()
    desk.open_till()
    desk.pay(invoice_id, cash(50_000))
    payment_id = desk.invoice(invoice_id).payments[0].payment_id
    events.clear()
    key = new_id()
    given = desk.do(billing.refund, key=key, payment_id=payment_id, amount=rupees(20_000), reason="paid too early")
    assert desk.do(billing.refund, key=key, payment_id=payment_id, amount=rupees(20_000), reason="paid too early") == given
    assert (given.number, given.method, given.amount) == ("REF-2026-00001", "CASH", rupees(20_000))
    assert events == [PaymentRefunded(given.refund_id, invoice_id, None)]
    seen = desk.invoice(invoice_id)
    assert (seen.status, seen.paid, seen.balance, seen.payments[0].refunded) == (
        InvoiceStatus.PARTIAL, rupees(30_000), rupees(20_000), rupees(20_000)
    )  # fmt: skip
    with pytest.raises(RefundTooLarge):
        desk.do(billing.refund, key=new_id(), payment_id=payment_id, amount=rupees(30_001), reason="x")
    with pytest.raises(InvalidInput):
        desk.do(billing.refund, key=new_id(), payment_id=payment_id, amount=rupees(-1), reason="x")
    with pytest.raises(InvalidInput):
        desk.do(billing.refund, key=new_id(), payment_id=payment_id, amount=rupees(1), reason=" ")
    with desk.db.read() as session:
        voucher = queries.refund_voucher(session, given.refund_id)
    assert (voucher.receipt_number, voucher.reason, voucher.approved_by) == ("RCT-2026-00001", "paid too early", None)
    assert desk.lies() == []


def test_large_refunds_need_a_second_person_also_in_pieces(desk: Desk) -> None:
    desk.set("billing.approval_limit", 10_000)
    invoice_id = desk.issued()
    desk.open_till()
    desk.pay(invoice_id, cash(50_000))
    payment_id = desk.invoice(invoice_id).payments[0].payment_id
    ask = {"payment_id": payment_id, "reason": "complaint"}
    desk.do(billing.refund, key=new_id(), amount=rupees(6_000), **ask)
    for approver in (None, desk.actor("cashier")):  # nobody, oneself
        with pytest.raises(ApprovalNeeded):
            desk.do(billing.refund, key=new_id(), amount=rupees(6_000), approver=approver, **ask)
    with pytest.raises(PermissionDenied):
        desk.do(billing.refund, key=new_id(), amount=rupees(6_000), approver=desk.actor("cashier2"), **ask)
    approved = desk.do(billing.refund, key=new_id(), amount=rupees(6_000), approver=desk.actor("admin"), **ask)
    with desk.db.read() as session:
        assert queries.refund_voucher(session, approved.refund_id).approved_by == "Administrator One"
    assert desk.invoice(invoice_id).paid == rupees(38_000)


def test_a_refund_leaves_by_the_tender_that_was_used_unless_approved(desk: Desk) -> None:
    invoice_id = desk.issued()
    desk.open_till()
    desk.pay(invoice_id, card(50_000, "TX-9"))
    payment_id = desk.invoice(invoice_id).payments[0].payment_id
    ask = {"payment_id": payment_id, "amount": rupees(500), "reason": "terminal broken"}
    assert desk.do(billing.refund, key=new_id(), **ask).method == "CARD"
    with pytest.raises(ApprovalNeeded) as refused:
        desk.do(billing.refund, key=new_id(), method=PaymentMethod.CASH, **ask)
    assert refused.value.params["reason"] == "tender"
    assert desk.do(billing.refund, key=new_id(), method=PaymentMethod.CASH, approver=desk.actor("admin"), **ask).method == "CASH"
    with pytest.raises(MethodNotAvailable):
        desk.do(billing.refund, key=new_id(), method=PaymentMethod.WALLET, approver=desk.actor("admin"), **ask)
    with pytest.raises(PermissionDenied):
        desk.db.run(desk.actor("receptionist"), billing.refund, key=new_id(), **ask)
    with pytest.raises(NoOpenTill):
        desk.db.run(desk.actor("cashier2"), billing.refund, key=new_id(), **ask)


def test_a_credit_note_reverses_shares_and_lowers_the_balance(desk: Desk, events: list[object]) -> None:
    invoice_id = desk.issued(desk.line(50_000), desk.line(10_000, tax_configuration_id=desk.world.taxes["GST 18 %"]))
    fee, taxed = desk.invoice(invoice_id).lines
    note = desk.do(
        billing.credit_note, key=new_id(), invoice_id=invoice_id, lines=[CreditLine(taxed.id, rupees(5_900))], reason="half was not done"
    )
    assert (note.number, note.amount, note.refunded) == ("CRN-2026-00001", rupees(5_900), rupees(0))
    seen = desk.invoice(invoice_id)
    assert (seen.status, seen.total.minor, seen.credited.minor, seen.balance.minor) == (InvoiceStatus.PENDING, 61_800, 5_900, 55_900)
    assert [(one.amount.minor, one.tax.minor) for one in seen.credits] == [(5_900, 900)]
    assert [line.credited.minor for line in seen.lines] == [0, 5_900]
    with pytest.raises(CreditTooLarge):
        desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, lines=[CreditLine(taxed.id, rupees(5_901))], reason="x")
    with pytest.raises(InvalidInput):
        twice = [CreditLine(fee.id, rupees(1)), CreditLine(fee.id, rupees(1))]
        desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, lines=twice, reason="x")
    events.clear()
    desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="all of it")
    assert desk.invoice(invoice_id).status is InvoiceStatus.CANCELLED
    assert names(events) == [InvoiceCancelled.__name__, CreditNoteIssued.__name__]
    with pytest.raises(IllegalTransition):
        desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="again")
    assert desk.lies() == []


def test_crediting_what_was_paid_sends_money_back_by_its_tenders(desk: Desk) -> None:
    invoice_id = desk.issued(desk.line(50_000))
    desk.open_till()
    desk.pay(invoice_id, cash(20_000))
    desk.pay(invoice_id, card(20_000))
    with pytest.raises(CreditNeedsRefund) as refused:
        desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="left unseen")
    assert refused.value.params == {"excess": rupees(40_000)}
    item = desk.invoice(invoice_id).lines[0].id
    part = [CreditLine(item, rupees(35_000))]
    note = desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, lines=part, reason="left unseen", refund_excess=True)
    assert note.refunded == rupees(25_000)
    seen = desk.invoice(invoice_id)
    assert [(one.method, one.amount.minor) for one in seen.refunds] == [(PaymentMethod.CARD, 20_000), (PaymentMethod.CASH, 5_000)]
    assert (seen.status, seen.paid.minor, seen.credited.minor, seen.balance.minor) == (InvoiceStatus.PAID, 15_000, 35_000, 0)
    assert desk.lies() == []


def test_writing_off_much_needs_a_second_person(desk: Desk) -> None:
    invoice_id = desk.issued(desk.line(150_000))
    with pytest.raises(ApprovalNeeded):
        desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="poor")
    desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="poor", approver=desk.actor("admin"))
    with pytest.raises(IllegalTransition):
        desk.do(billing.credit_note, key=new_id(), invoice_id=desk.draft(), reason="x")
    with pytest.raises(PermissionDenied):
        desk.db.run(desk.actor("receptionist"), billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="x")


def test_shares_accrue_with_the_money_and_reverse_with_it(desk: Desk) -> None:
    day, doctor = date(2026, 3, 2), desk.world.doctor_id
    invoice_id = desk.issued(desk.line(50_000), desk.line(33_333, doctor_id=desk.world.second_doctor_id, doctor_share_basis_points=5_000))

    def earned(doctor_id: UUID = doctor) -> int:
        with desk.db.read() as session:
            rows = queries.doctor_shares(session, clinic_id=desk.clinic_id, doctor_id=doctor_id, first=day, last=day)
        return sum(row.earned.minor for row in rows)

    assert earned() == 0
    desk.open_till()
    desk.pay(invoice_id, cash(41_667))
    assert (earned(), earned(desk.world.second_doctor_id)) == (30_000 * 41_667 // 83_333, 16_667 * 41_667 // 83_333)
    desk.pay(invoice_id, card(41_666))
    assert (earned(), earned(desk.world.second_doctor_id)) == (30_000, 16_667)
    payment_id = desk.invoice(invoice_id).payments[0].payment_id
    desk.do(billing.refund, key=new_id(), payment_id=payment_id, amount=rupees(41_667), reason="complaint")
    assert earned() == 30_000 * 41_666 // 83_333
    second = desk.invoice(invoice_id).lines[1]
    desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, lines=[CreditLine(second.id, second.total)], reason="not done")
    assert (earned(), earned(desk.world.second_doctor_id)) == (30_000 * 41_666 // 50_000, 0)
    assert desk.lies() == []


def test_a_draft_is_issued_and_paid_together_or_not_at_all(desk: Desk) -> None:
    draft, key = desk.draft(), new_id()
    with pytest.raises(NoOpenTill):
        desk.do(billing.issue_and_take, key=new_id(), invoice_id=draft, tenders=[cash(50_000)])
    desk.open_till()
    with pytest.raises(PaysTooMuch):
        desk.do(billing.issue_and_take, key=new_id(), invoice_id=draft, tenders=[cash(50_001)])
    assert (desk.invoice(draft).status, desk.invoice(draft).number) == (InvoiceStatus.DRAFT, None)
    taken = desk.do(billing.issue_and_take, key=key, invoice_id=draft, tenders=[cash(50_000, 60_000)])
    assert desk.do(billing.issue_and_take, key=key, invoice_id=draft, tenders=[cash(50_000, 60_000)]) == taken
    bill = desk.invoice(draft)
    assert (taken.change, taken.balance, bill.status, bill.number) == (rupees(10_000), rupees(0), InvoiceStatus.PAID, "INV-2026-00001")
    with pytest.raises(InvoiceFrozen):
        desk.do(billing.issue_and_take, key=new_id(), invoice_id=draft, tenders=[cash(50_000)])
    with pytest.raises(PermissionDenied):
        desk.db.run(desk.actor("receptionist"), billing.issue_and_take, key=new_id(), invoice_id=desk.draft(), tenders=[cash(50_000)])
    assert desk.lies() == []
