"""A second person's code instead of their password: made at their own computer, for one act, and used up by it."""

from __future__ import annotations

from typing import Any

import pytest

from clinic_desktop.clinic.access.codes import approve_act, confirm_approval
from clinic_desktop.clinic.access.rules import Act, ApprovalRefused
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from tests.clinic.access.people import give_password
from tests.clinic.billing.desk import Desk, cash, rupees


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Refunds above 100 rupees need a second person."""
    desk.set("billing.approval_limit", 10_000)
    for role in ("admin", "nurse"):
        give_password(desk.world, role)
    desk.open_till()
    return desk


def approved(desk: Desk, act: Act, by: str = "admin") -> Actor:
    """The second person makes a code, tells it, and the cashier types it."""
    code = approve_act(desk.db, desk.actor(by), act)
    return confirm_approval(desk.db, by, code.text, act, asking=desk.actor("cashier"))


def paid(desk: Desk) -> tuple[Any, dict[str, Any]]:
    invoice_id = desk.issued()
    desk.pay(invoice_id, cash(50_000))
    return invoice_id, {"payment_id": desk.invoice(invoice_id).payments[0].payment_id, "reason": "complaint"}


def test_a_refund_uses_its_approval_up(desk: Desk) -> None:
    invoice_id, ask = paid(desk)
    approver = approved(desk, Act("billing.refund", invoice_id, rupees(12_000)))
    given = desk.do(billing.refund, key=new_id(), amount=rupees(12_000), approver=approver, **ask)
    with desk.db.read() as session:
        assert queries.refund_voucher(session, given.refund_id).approved_by == "Administrator One"
    with pytest.raises(ApprovalRefused):
        desk.do(billing.refund, key=new_id(), amount=rupees(12_000), approver=approver, **ask)
    assert desk.invoice(invoice_id).paid == rupees(38_000)


def test_another_amount_invoice_or_act_is_not_approved(desk: Desk) -> None:
    invoice_id, ask = paid(desk)
    other_id, _ = paid(desk)
    for act in (
        Act("billing.refund", invoice_id, rupees(11_000)),
        Act("billing.refund", other_id, rupees(12_000)),
        Act("billing.credit_note", invoice_id, rupees(12_000)),
    ):
        with pytest.raises(ApprovalRefused):
            desk.do(billing.refund, key=new_id(), amount=rupees(12_000), approver=approved(desk, act), **ask)
    assert desk.invoice(invoice_id).paid == rupees(50_000)


def test_a_code_gives_nobody_the_right_to_approve(desk: Desk) -> None:
    invoice_id, ask = paid(desk)
    nurse = approved(desk, Act("billing.refund", invoice_id, rupees(12_000)), by="nurse")
    with pytest.raises(PermissionDenied):
        desk.do(billing.refund, key=new_id(), amount=rupees(12_000), approver=nurse, **ask)


def test_a_void_and_a_credit_note_too(desk: Desk) -> None:
    invoice_id, _ = paid(desk)
    total = desk.invoice(invoice_id).total
    approver = approved(desk, Act("billing.credit_note", invoice_id, total))
    desk.do(billing.credit_note, key=new_id(), invoice_id=invoice_id, reason="all wrong", refund_excess=True, approver=approver)
    draft = desk.invoice(desk.draft())
    approver = approved(desk, Act("billing.cancel_invoice", draft.id, draft.total))
    desk.do(billing.cancel_invoice, invoice_id=draft.id, reason="typed twice", approver=approver)
    assert desk.invoice(draft.id).status.value == "CANCELLED"
