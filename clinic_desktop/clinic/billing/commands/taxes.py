"""What the cashier's desk says when a tax is to change: what stands on an invoice stays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select

from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.organisation.events import TaxCorrected, TaxEnded
from clinic_desktop.clinic.organisation.models import TaxConfiguration
from clinic_desktop.clinic.organisation.rules import TaxInUse
from clinic_desktop.kernel.commands import reacts
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput


def _used(tax_configuration_id: UUID) -> Select[date]:
    """The last day on which a rate was counted with, drafts included."""
    lines = select(func.max(Invoice.business_date)).join(InvoiceItem, InvoiceItem.invoice_id == Invoice.id)
    return lines.where(InvoiceItem.tax_configuration_id == tax_configuration_id, InvoiceItem.removed_at.is_(None))


@reacts(TaxCorrected)
def keep_used_rate(tx: Tx, happened: TaxCorrected) -> None:
    """A rate that invoices were written with is no typing error any more."""
    if tx.session.scalar(_used(happened.tax_configuration_id)) is not None:
        raise TaxInUse(name=tx.session.get_one(TaxConfiguration, happened.tax_configuration_id).name)


@reacts(TaxEnded)
def keep_days_of_use(tx: Tx, happened: TaxEnded) -> None:
    """A rate holds at least to the last day on which it was counted with."""
    last_used = tx.session.scalar(_used(happened.tax_configuration_id))
    if happened.last_day is not None and last_used is not None and last_used > happened.last_day:
        raise InvalidInput("valid_to", "tax_used_later", day=last_used)
