"""Drafts, issuing, and what is frozen afterwards."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.errors import ApprovalNeeded, InvoiceFrozen
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.billing.desk import Desk, cash, charge_visit, drop_visit_draft, rupees
from tests.conftest import FrozenClock


def test_a_visit_collects_its_lines_on_one_draft(desk: Desk) -> None:
    visit_id = desk.visit(desk.line(50_000))
    taxed = desk.line(10_000, quantity=3, tax_configuration_id=desk.world.taxes["GST 18 %"], doctor_id=None, doctor_share_basis_points=0)
    desk.db.run(desk.world.system(), charge_visit, visit_id=visit_id, line=taxed)
    with desk.db.read() as session:
        (head,) = queries.visit_invoices(session, visit_id)
    seen = desk.invoice(head.id)
    assert (seen.status, seen.number, seen.patient_name) == (InvoiceStatus.DRAFT, None, "Asha Rao")
    assert (seen.subtotal, seen.tax, seen.total, seen.balance) == (rupees(80_000), rupees(5_400), rupees(85_400), rupees(85_400))
    assert [(line.doctor_share.minor, line.center_share.minor) for line in seen.lines] == [(30_000, 20_000), (0, 30_000)]
    assert [(part.name, part.rate_basis_points, part.net.minor, part.tax.minor) for part in seen.taxes] == [
        ("GST 18 %", 1800, 30_000, 5_400)
    ]
    assert desk.lies() == []


def test_issuing_numbers_in_order_and_freezes(desk: Desk) -> None:
    first, second = desk.draft(), desk.draft()
    key = new_id()
    assert desk.do(billing.issue_invoice, key=key, invoice_id=second) == "INV-2026-00001"
    assert desk.do(billing.issue_invoice, key=key, invoice_id=second) == "INV-2026-00001"  # the answer of the first click
    assert desk.do(billing.issue_invoice, key=new_id(), invoice_id=first) == "INV-2026-00002"
    seen = desk.invoice(first)
    assert (seen.status, seen.due_date, seen.business_date) == (InvoiceStatus.PENDING, date(2026, 3, 2), date(2026, 3, 2))
    with pytest.raises(InvoiceFrozen):
        desk.do(billing.issue_invoice, key=new_id(), invoice_id=first)
    with pytest.raises(InvoiceFrozen):
        desk.do(billing.add_line, key=new_id(), invoice_id=first, line=desk.line())
    with pytest.raises(InvoiceFrozen):
        desk.do(billing.remove_line, item_id=seen.lines[0].id, reason="mistake")
    with pytest.raises(InvoiceFrozen):
        desk.db.run(desk.actor("admin"), billing.change_discount, item_id=seen.lines[0].id, discount=rupees(1), reason="kind")
    with pytest.raises(InvoiceFrozen):
        desk.do(billing.cancel_invoice, invoice_id=first, reason="mistake")
    assert desk.invoice(first) == seen


def test_a_line_after_issue_opens_a_further_draft(desk: Desk) -> None:
    visit_id = desk.visit()
    with desk.db.read() as session:
        (first,) = queries.visit_invoices(session, visit_id)
    desk.do(billing.issue_invoice, key=new_id(), invoice_id=first.id)
    item_id = desk.db.run(desk.world.system(), charge_visit, visit_id=visit_id, line=desk.line(9_900))
    again = desk.db.run(desk.world.system(), charge_visit, visit_id=visit_id, line=desk.line(100))
    with desk.db.read() as session:
        heads = queries.visit_invoices(session, visit_id)
        assert queries.open_invoice_ids(session, visit_id) == [head.id for head in heads]
    assert [(head.status, head.total.minor) for head in heads] == [(InvoiceStatus.PENDING, 50_000), (InvoiceStatus.DRAFT, 10_000)]
    assert {line.id for line in desk.invoice(heads[1].id).lines} == {item_id, again}
    assert desk.lies() == []


def test_a_visit_without_any_invoice_cannot_be_charged(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.db.run(desk.world.system(), charge_visit, visit_id=new_id(), line=desk.line())


def test_a_removed_line_and_a_discount_change_the_draft(desk: Desk) -> None:
    tax = desk.world.taxes["GST 5 %"]
    draft = desk.draft(desk.line(20_000, tax_configuration_id=tax), desk.line(30_000))
    kept, dropped = desk.invoice(draft).lines
    desk.do(billing.remove_line, item_id=dropped.id, reason="not done")
    desk.db.run(desk.actor("admin"), billing.change_discount, item_id=kept.id, discount=rupees(5_000), reason="staff family")
    seen = desk.invoice(draft)
    assert [line.id for line in seen.lines] == [kept.id]
    assert (seen.subtotal.minor, seen.discount.minor, seen.tax.minor, seen.total.minor) == (20_000, 5_000, 750, 15_750)
    assert (seen.lines[0].doctor_share.minor, seen.lines[0].center_share.minor) == (9_000, 6_000)
    with pytest.raises(NotFound):
        desk.do(billing.remove_line, item_id=dropped.id, reason="again")
    desk.do(billing.remove_line, item_id=kept.id, reason="not done either")
    with pytest.raises(InvalidInput):
        desk.do(billing.issue_invoice, key=new_id(), invoice_id=draft)
    assert desk.lies() == []


def test_a_free_invoice_is_paid_when_issued(desk: Desk) -> None:
    happened: list[object] = []
    desk.db.subscribe(happened.extend)
    draft = desk.draft(desk.line(40_000, discount=rupees(40_000)))
    desk.do(billing.issue_invoice, key=new_id(), invoice_id=draft)
    assert desk.invoice(draft).status is InvoiceStatus.PAID
    assert [type(one).__name__ for one in happened] == ["InvoiceDrafted", "InvoiceIssued", "InvoicePaid"]
    assert desk.lies() == []


def test_cancelling_drafts(desk: Desk) -> None:
    visit_id = desk.visit()
    desk.db.run(desk.world.system(), drop_visit_draft, visit_id=visit_id)
    desk.db.run(desk.world.system(), drop_visit_draft, visit_id=visit_id)  # nothing left to cancel
    with desk.db.read() as session:
        (head,) = queries.visit_invoices(session, visit_id)
        assert queries.open_invoice_ids(session, visit_id) == []
    assert head.status is InvoiceStatus.CANCELLED
    large = desk.draft(desk.line(100_001))
    with pytest.raises(ApprovalNeeded):
        desk.do(billing.cancel_invoice, invoice_id=large, reason="typed twice")
    with pytest.raises(PermissionDenied):
        desk.do(billing.cancel_invoice, invoice_id=large, reason="typed twice", approver=desk.actor("cashier2"))
    desk.do(billing.cancel_invoice, invoice_id=large, reason="typed twice", approver=desk.actor("admin"))
    with pytest.raises(InvoiceFrozen):
        desk.do(billing.issue_invoice, key=new_id(), invoice_id=large)
    assert desk.lies() == []


def test_an_unpaid_invoice_becomes_overdue_and_is_paid_from_there(desk: Desk, clock: FrozenClock) -> None:
    desk.set("billing.due_days", 3)
    late, paid = desk.issued(), desk.issued()
    desk.open_till()
    desk.pay(paid, cash(50_000))
    clock.advance(days=3)
    assert desk.do(billing.mark_overdue, clinic_id=desk.clinic_id) == 0
    clock.advance(days=1)
    assert desk.do(billing.mark_overdue, clinic_id=desk.clinic_id) == 1
    assert desk.invoice(late).status is InvoiceStatus.OVERDUE
    desk.pay(late, cash(20_000))
    assert desk.invoice(late).status is InvoiceStatus.OVERDUE
    desk.pay(late, cash(30_000))
    assert desk.invoice(late).status is InvoiceStatus.PAID
    assert desk.lies() == []


def test_the_worklist_shows_who_waits_to_pay(desk: Desk) -> None:
    visit_id = desk.visit()
    sale, paid = desk.issued(desk.line(7_000)), desk.issued()
    desk.open_till()
    desk.pay(paid, cash(50_000))
    with desk.db.read() as session:
        rows = queries.cashier_worklist(session, desk.clinic_id, date(2026, 3, 2))
        assert queries.cashier_worklist(session, desk.clinic_id, date(2026, 3, 3)) == []
        assert [row.id for row in queries.unpaid_invoices(session, desk.patient_id)] == [sale]
    assert [(row.visit_id, row.visit_status, row.status) for row in rows] == [
        (None, None, InvoiceStatus.PENDING),
        (visit_id, "IN_PROGRESS", InvoiceStatus.DRAFT),
    ]


@pytest.mark.parametrize("role", ["doctor", "nurse", "auditor", "inventory_manager"])
def test_only_the_desk_writes_invoices(desk: Desk, role: str) -> None:
    someone, draft = desk.actor(role), desk.draft()
    item = desk.invoice(draft).lines[0].id
    with pytest.raises(PermissionDenied):
        desk.db.run(someone, billing.issue_invoice, key=new_id(), invoice_id=draft)
    with pytest.raises(PermissionDenied):
        desk.db.run(someone, billing.remove_line, item_id=item, reason="x")
    with pytest.raises(PermissionDenied):
        desk.db.run(someone, billing.cancel_invoice, invoice_id=draft, reason="x")
    with pytest.raises(PermissionDenied):
        desk.db.run(desk.actor("receptionist"), billing.change_discount, item_id=item, discount=rupees(1), reason="x")
    assert desk.invoice(draft).status is InvoiceStatus.DRAFT


def test_bills_are_found_by_number_receipt_and_day(desk: Desk) -> None:
    desk.open_till()
    paid, free, owed = desk.issued(), desk.issued(desk.line(0)), desk.issued()
    receipt = desk.pay(paid, cash(20_000)).receipt_number
    today, tomorrow = date(2026, 3, 2), date(2026, 3, 3)

    def ids(rows: list[InvoiceHeadRow]) -> list[UUID]:
        return [row.id for row in rows]

    with desk.db.read() as session:
        assert set(ids(queries.paid_on(session, desk.clinic_id, today))) == {paid, free}
        assert queries.paid_on(session, desk.clinic_id, tomorrow) == []
        assert queries.owed_from_before(session, desk.clinic_id, today) == []
        assert ids(queries.owed_from_before(session, desk.clinic_id, tomorrow)) == [paid, owed]
        assert ids(queries.numbered(session, f" {receipt.lower()}", clinic_id=desk.clinic_id)) == [paid]
        assert ids(queries.numbered(session, "INV-", clinic_id=desk.clinic_id)) == [owed, free, paid]
        assert queries.numbered(session, " ", clinic_id=desk.clinic_id) == []
