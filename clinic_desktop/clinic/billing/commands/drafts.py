"""Drafts: opening them, their lines, and cancelling them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.access.rules import Act
from clinic_desktop.clinic.billing.books import approval, live_lines, lock_draft, lock_visit, total_up
from clinic_desktop.clinic.billing.events import InvoiceCancelled, InvoiceDrafted
from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.billing.rights import DISCOUNT, INVOICE
from clinic_desktop.clinic.billing.rules import INVOICE_STATES, InvoiceStatus, LineAmounts, NewLine, described, line_amounts
from clinic_desktop.clinic.organisation.queries import clinic_today, tax
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import id_parameter
from clinic_desktop.kernel.text import optional_line, required_line

_VISIT_DRAFT = (
    select(Invoice)
    .where(Invoice.visit_id == id_parameter("visit_id"), Invoice.status == InvoiceStatus.DRAFT)
    .with_for_update()
    .execution_options(populate_existing=True)
)


@step
def open_visit_invoice(tx: Tx, *, clinic_id: UUID, patient_id: UUID, visit_id: UUID, lines: Sequence[NewLine]) -> UUID:
    """Open the visit's draft with its first lines; returns the invoice's id."""
    return _open(tx, clinic_id, patient_id, visit_id, lines)


@step
def add_visit_line(tx: Tx, *, visit_id: UUID, line: NewLine) -> UUID:
    """Add a line to the visit's draft, opening a further draft when there is none; returns the line's id."""
    return add_visit_lines(tx, visit_id=visit_id, lines=[line])[0]


@step
def add_visit_lines(tx: Tx, *, visit_id: UUID, lines: Sequence[NewLine]) -> list[UUID]:
    """Add several lines at once, as a pharmacy does; returns their ids in order."""
    lock_visit(tx, visit_id)
    draft = _visit_draft(tx, visit_id)
    if draft is None:
        earlier = tx.session.execute(
            select(Invoice.clinic_id, Invoice.patient_id).where(Invoice.visit_id == visit_id).order_by(Invoice.id).limit(1)
        ).one_or_none()
        if earlier is None:
            raise NotFound(entity="visit_invoice", key=str(visit_id))
        opened = _open(tx, earlier.clinic_id, earlier.patient_id, visit_id, lines)
        return [item.id for item in live_lines(tx, opened)]
    return _append(tx, draft, lines)


@step
def cancel_visit_draft(tx: Tx, *, visit_id: UUID, reason: str) -> None:
    """Cancel the visit's draft, if it has one: its visit was cancelled."""
    lock_visit(tx, visit_id)
    draft = _visit_draft(tx, visit_id)
    if draft is not None:
        _cancel(tx, draft, reason)


@step
def draft_sale(tx: Tx, *, clinic_id: UUID, patient_id: UUID, lines: Sequence[NewLine]) -> UUID:
    """Open a draft outside any visit, such as an over-the-counter sale; returns the invoice's id."""
    return _open(tx, clinic_id, patient_id, None, lines)


@command(INVOICE, idempotent=True)
def open_invoice(tx: Tx, *, key: UUID, clinic_id: UUID, patient_id: UUID, lines: Sequence[NewLine]) -> UUID:
    """Open a draft outside any visit at the desk; returns the invoice's id."""
    check_in_use(tx.session, tx.session.get(Patient, patient_id), patient_id)
    return _open(tx, clinic_id, patient_id, None, lines)


@command(INVOICE, idempotent=True)
def add_line(tx: Tx, *, key: UUID, invoice_id: UUID, line: NewLine) -> UUID:
    """Add a line to a draft; returns the line's id."""
    return _append(tx, lock_draft(tx, invoice_id), [line])[0]


@command(INVOICE)
def remove_line(tx: Tx, *, item_id: UUID, reason: str) -> None:
    """Take a line off a draft; its row stays, with the reason, and no longer counts."""
    draft, item = _draft_line(tx, item_id)
    item.removed_at, item.removal_reason = tx.now, required_line(reason, "reason")
    _changed(tx, draft)


@command(DISCOUNT)
def change_discount(tx: Tx, *, item_id: UUID, discount: Money, reason: str) -> None:
    """Set the discount of a draft's line; tax and shares follow."""
    draft, item = _draft_line(tx, item_id)
    tx.reason = required_line(reason, "reason")
    amounts = line_amounts(
        item.quantity,
        item.unit_price,
        discount,
        rate=item.tax_rate_basis_points,
        inclusive=item.tax_is_inclusive,
        doctor_share=item.doctor_share_basis_points,
    )
    item.discount, item.net, item.tax, item.total = discount, amounts.net, amounts.tax, amounts.total
    item.doctor_share, item.center_share = amounts.doctor_share, amounts.center_share
    _changed(tx, draft)


@command(INVOICE, needs_password=True)
def cancel_invoice(tx: Tx, *, invoice_id: UUID, reason: str, approver: Actor | None = None) -> None:
    """Cancel a draft; an issued invoice is corrected by a credit note instead. Large ones need a second person."""
    draft = lock_draft(tx, invoice_id)
    approved_by = approval(tx, draft.clinic_id, draft.total, approver, act=Act("billing.cancel_invoice", draft.id, draft.total))
    if approved_by is not None:
        tx.note("cancellation_approved", "invoices", draft.id, approved_by=str(approved_by))
    _cancel(tx, draft, reason)


def _open(tx: Tx, clinic_id: UUID, patient_id: UUID, visit_id: UUID | None, lines: Sequence[NewLine]) -> UUID:
    zero, day = Money.zero(tx.currency), clinic_today(tx.session, clinic_id, tx.now)
    draft = Invoice(
        clinic_id=clinic_id,
        patient_id=patient_id,
        visit_id=visit_id,
        status=InvoiceStatus.DRAFT,
        business_date=day,
        paid=zero,
        credited=zero,
        generated_by=tx.actor.user_id,
    )
    items = [_item(tx, line, day) for line in lines]
    total_up(draft, items, tx.currency)
    tx.add(draft)
    for item in items:
        item.invoice_id = draft.id
        tx.add(item)
    tx.emit(InvoiceDrafted(draft.id, visit_id))
    return draft.id


def _append(tx: Tx, draft: Invoice, lines: Sequence[NewLine]) -> list[UUID]:
    day = clinic_today(tx.session, draft.clinic_id, tx.now)
    items = [_item(tx, line, day) for line in lines]
    for item in items:
        item.invoice_id = draft.id
        tx.add(item)
    _changed(tx, draft)
    return [item.id for item in items]


def _changed(tx: Tx, draft: Invoice) -> None:
    total_up(draft, live_lines(tx, draft.id), tx.currency)
    tx.emit(InvoiceDrafted(draft.id, draft.visit_id))


def _cancel(tx: Tx, draft: Invoice, reason: str) -> None:
    draft.cancellation_reason = required_line(reason, "reason")
    draft.status = INVOICE_STATES.check(draft.status, InvoiceStatus.CANCELLED)
    tx.emit(InvoiceCancelled(draft.id, draft.visit_id))


def _visit_draft(tx: Tx, visit_id: UUID) -> Invoice | None:
    return tx.session.scalars(_VISIT_DRAFT, {"visit_id": visit_id}).one_or_none()


def _draft_line(tx: Tx, item_id: UUID) -> tuple[Invoice, InvoiceItem]:
    invoice_id = tx.session.scalar(select(InvoiceItem.invoice_id).where(InvoiceItem.id == item_id))
    if invoice_id is None:
        raise NotFound(entity="invoice_item", key=str(item_id))
    draft = lock_draft(tx, invoice_id)
    for item in live_lines(tx, draft.id):
        if item.id == item_id:
            return draft, item
    raise NotFound(entity="invoice_item", key=str(item_id))


def _item(tx: Tx, line: NewLine, day: date) -> InvoiceItem:
    taxed = tax(tx.session, line.tax_configuration_id, on=day) if line.tax_configuration_id is not None else None
    share = line.doctor_share_basis_points if line.doctor_id is not None else 0
    discount = line.discount or Money.zero(tx.currency)
    amounts = line_amounts(
        line.quantity,
        line.unit_price,
        discount,
        rate=taxed.rate_basis_points if taxed else 0,
        inclusive=taxed.is_inclusive if taxed else False,
        doctor_share=share,
    )
    return InvoiceItem(
        kind=line.kind,
        source_type=line.source_type,
        source_id=line.source_id,
        description=described(line.description),
        teeth=optional_line(line.teeth, "teeth"),
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=discount,
        tax_configuration_id=taxed.id if taxed else None,
        tax_name=taxed.name if taxed else None,
        tax_rate_basis_points=taxed.rate_basis_points if taxed else 0,
        doctor_id=line.doctor_id,
        doctor_share_basis_points=share,
        **_worked_out(amounts),
    )


def _worked_out(amounts: LineAmounts) -> dict[str, Money | bool]:
    return {
        "net": amounts.net,
        "tax": amounts.tax,
        "total": amounts.total,
        "tax_is_inclusive": amounts.tax_is_inclusive,
        "doctor_share": amounts.doctor_share,
        "center_share": amounts.center_share,
    }
