"""Locked reads and the one way money moves on an invoice: what several commands of billing share.

Every command locks in this order, so that none can wait for another in a circle:
visit, invoices by id, till, clinic (shared, to hold its day open), number series.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, column, func, select, table

from clinic_desktop.clinic.access.commands import use_approval
from clinic_desktop.clinic.access.rules import Act
from clinic_desktop.clinic.billing.errors import ApprovalNeeded, InvoiceFrozen, NoOpenTill
from clinic_desktop.clinic.billing.events import InvoiceCancelled, InvoicePaid
from clinic_desktop.clinic.billing.models import DailySettlement, Invoice, InvoiceItem, Payment, PaymentAllocation, Refund, TillSession
from clinic_desktop.clinic.billing.rights import APPROVAL_LIMIT, APPROVE
from clinic_desktop.clinic.billing.rules import INVOICE_STATES, InvoiceStatus, LineAmounts, TillStatus, invoice_totals, status_after
from clinic_desktop.clinic.billing.tallies.away import THE_SERVERS, own_tills
from clinic_desktop.clinic.organisation.queries import clinic_today, is_elsewhere, setting_value
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.kernel.tables import id_parameter

_visits = table("visits", column("id", Uuid()))
_clinics = table("clinics", column("id", Uuid()))

# Built once: everything that touches an invoice runs these, and putting a statement together costs more than running it.
_AFRESH = {"populate_existing": True}
_VISIT_LOCK = select(_visits.c.id).where(_visits.c.id == id_parameter("visit_id")).with_for_update(key_share=True)
_VISIT_OF_INVOICE = select(Invoice.visit_id).where(Invoice.id == id_parameter("invoice_id"))
_INVOICES_LOCKED = (
    select(Invoice)
    .where(Invoice.id.in_(bindparam("ids", type_=Uuid(), expanding=True)))
    .order_by(Invoice.id)
    .with_for_update()
    .execution_options(**_AFRESH)
)
_LIVE_LINES = (
    select(InvoiceItem)
    .where(InvoiceItem.invoice_id == id_parameter("invoice_id"), InvoiceItem.removed_at.is_(None))
    .order_by(InvoiceItem.id)
)
_CLINIC = select(_clinics.c.id).where(_clinics.c.id == id_parameter("clinic_id"))
_DAY_HELD_OPEN, _DAY_LOCK = _CLINIC.with_for_update(read=True), _CLINIC.with_for_update(key_share=True)
_SETTLED_FROM = select(DailySettlement.business_date).where(
    DailySettlement.clinic_id == id_parameter("clinic_id"), DailySettlement.business_date >= bindparam("day")
)
_OPEN_TILL = (
    select(TillSession)
    .where(
        TillSession.cashier_id == id_parameter("cashier_id"),
        TillSession.status == TillStatus.OPEN,
        TillSession.clinic_id == id_parameter("clinic_id"),
    )
    .with_for_update()
    .execution_options(**_AFRESH)
)
_SERVERS_TILL = _OPEN_TILL.where(THE_SERVERS)


def lock_visit(tx: Tx, visit_id: UUID) -> None:
    """Lock a visit: the front desk locks it before its invoices, so billing does too."""
    tx.session.execute(_VISIT_LOCK, {"visit_id": visit_id})


def lock_invoice(tx: Tx, invoice_id: UUID) -> Invoice:
    """The invoice, fresh and locked, after its visit."""
    visit_id = tx.session.scalar(_VISIT_OF_INVOICE, {"invoice_id": invoice_id})
    if visit_id is not None:
        lock_visit(tx, visit_id)
    return lock_invoices(tx, [invoice_id])[0]


def lock_invoices(tx: Tx, ids: Sequence[UUID]) -> list[Invoice]:
    """Invoices, fresh and locked, by id; their visit must be locked already."""
    found = list(tx.session.scalars(_INVOICES_LOCKED, {"ids": ids}))
    if len(found) != len(set(ids)):
        raise NotFound(entity="invoice", key=", ".join(str(one) for one in ids))
    return found


def lock_draft(tx: Tx, invoice_id: UUID) -> Invoice:
    """The draft, locked; an issued or cancelled invoice is refused."""
    invoice = lock_invoice(tx, invoice_id)
    if invoice.status is not InvoiceStatus.DRAFT:
        raise InvoiceFrozen(status=invoice.status.value)
    return invoice


def live_lines(tx: Tx, invoice_id: UUID) -> list[InvoiceItem]:
    """The lines that count, in the order in which they were added."""
    return list(tx.session.scalars(_LIVE_LINES, {"invoice_id": invoice_id}))


def amounts_of(item: InvoiceItem) -> LineAmounts:
    """A stored line as the rules see it."""
    return LineAmounts(
        gross=item.unit_price * item.quantity,
        discount=item.discount,
        net=item.net,
        tax=item.tax,
        total=item.total,
        doctor_share=item.doctor_share,
        center_share=item.center_share,
        tax_is_inclusive=item.tax_is_inclusive,
    )


def total_up(draft: Invoice, lines: Sequence[InvoiceItem], currency: str) -> None:
    """Make a draft's totals the sums of its lines."""
    sums = invoice_totals([amounts_of(item) for item in lines], currency)
    draft.subtotal, draft.discount, draft.tax = sums.subtotal, sums.discount, sums.tax
    draft.tax_included, draft.total, draft.balance = sums.tax_included, sums.total, sums.total


def move_money(tx: Tx, invoice: Invoice, *, paid: Money | None = None, credited: Money | None = None) -> None:
    """Change paid and credited by signed amounts; balance and status follow, and events tell when nothing is owed."""
    zero, before = Money.zero(tx.currency), invoice.status
    invoice.paid = invoice.paid + (paid or zero)
    invoice.credited = invoice.credited + (credited or zero)
    invoice.balance = invoice.total - invoice.paid - invoice.credited
    wanted = status_after(invoice.total, invoice.paid, invoice.credited, overdue=before is InvoiceStatus.OVERDUE)
    if wanted is not before:
        invoice.status = INVOICE_STATES.check(before, wanted)
    if wanted is not before and wanted is InvoiceStatus.PAID:
        tx.emit(InvoicePaid(invoice.id, invoice.visit_id))
    if wanted is not before and wanted is InvoiceStatus.CANCELLED:
        tx.emit(InvoiceCancelled(invoice.id, invoice.visit_id))


def desk_clinic(tx: Tx, invoice: Invoice) -> UUID:
    """Where money for an invoice is taken or given: the actor's desk, perhaps in another clinic than the bill's, whose till lies there."""
    return tx.actor.clinic_id or invoice.clinic_id


def was_taken_elsewhere(tx: Tx, payment: Payment) -> bool:
    """Whether another site took a payment: only there it goes back, or two that cannot see each other would give it back twice."""
    return payment.clinic_id != tx.actor.clinic_id and is_elsewhere(tx.session, payment.clinic_id)


def entry_day(tx: Tx, clinic_id: UUID) -> date:
    """The business date of an entry made now: the first unsettled day from today on, held open until commit."""
    tx.session.execute(_DAY_HELD_OPEN, {"clinic_id": clinic_id})
    day = clinic_today(tx.session, clinic_id, tx.now)
    settled = set(tx.session.scalars(_SETTLED_FROM, {"clinic_id": clinic_id, "day": day}))
    while day in settled:
        day += timedelta(days=1)
    return day


def lock_day(tx: Tx, clinic_id: UUID) -> None:
    """Keep every other entry of the clinic waiting until commit."""
    tx.session.execute(_DAY_LOCK, {"clinic_id": clinic_id})


def lock_own_till(tx: Tx, clinic_id: UUID) -> TillSession:
    """The actor's open till in this clinic (of a copy its own), locked so that it cannot be counted meanwhile."""
    own = _OPEN_TILL.where(own_tills(tx.session)) if series_of(tx.session) else _SERVERS_TILL
    till = tx.session.scalars(own, {"cashier_id": cashier(tx), "clinic_id": clinic_id}).one_or_none()
    if till is None:
        raise NoOpenTill
    return till


def cashier(tx: Tx) -> UUID:
    """The person who acts; money is never handled by nobody."""
    if tx.actor.user_id is None:
        raise InvalidInput("cashier", "required")
    return tx.actor.user_id


def approval(tx: Tx, clinic_id: UUID, amount: Money, approver: Actor | None, *, act: Act, other_tender: bool = False) -> UUID | None:
    """Who approved; raises ApprovalNeeded where a second person must and none (or the same, or one without the right) did.

    An approval that came by a one-time code must be for this ``act``, and is used up by it.
    """
    limit = Money(setting_value(tx.session, APPROVAL_LIMIT, clinic_id=clinic_id), tx.currency)
    if amount <= limit and not other_tender:
        return None
    if approver is None or approver.user_id is None or approver.user_id == tx.actor.user_id:
        raise ApprovalNeeded("approver", reason="limit" if amount > limit else "tender", limit=limit)
    approver.require(APPROVE, tx.command or "")
    use_approval(tx, approver, act)
    return approver.user_id


def refundable(tx: Tx, payment_id: UUID, invoice_id: UUID) -> Money:
    """What is left of a payment on an invoice: allocated minus refunded."""
    allocated = select(func.sum(PaymentAllocation.amount)).where(
        PaymentAllocation.payment_id == payment_id, PaymentAllocation.invoice_id == invoice_id
    )
    got = tx.session.scalar(allocated) or Money.zero(tx.currency)
    return got - refunded(tx, invoice_id, payment_id)


def refunded(tx: Tx, invoice_id: UUID, payment_id: UUID | None = None) -> Money:
    """What went back of an invoice, or of one payment of it."""
    given = select(func.sum(Refund.amount)).where(Refund.invoice_id == invoice_id)
    return tx.session.scalar(given if payment_id is None else given.where(Refund.payment_id == payment_id)) or Money.zero(tx.currency)


def summed(tx: Tx, amounts: Sequence[Money]) -> Money:
    """Sum of amounts."""
    return Money(sum(amount.minor for amount in amounts), tx.currency)


def count_open_tills(tx: Tx, clinic_id: UUID, day: date) -> int:
    """Open tills that hold entries of that day or an earlier one."""
    statement = select(func.count()).select_from(TillSession)
    open_ones = statement.where(TillSession.clinic_id == clinic_id, TillSession.status == TillStatus.OPEN, TillSession.business_date <= day)
    return tx.session.scalar(open_ones) or 0
