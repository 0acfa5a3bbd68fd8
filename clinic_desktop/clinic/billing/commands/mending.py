"""What a merge of several sites leaves to be put right in billing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.kernel.checks import minor
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.mending import ConflictKind, Task, mends


@mends("invoices")
def tell_overpaid(tx: Tx, ids: frozenset[UUID]) -> Iterable[Task]:
    """An invoice whose money two sites took: both payments stand, and what is too much goes back by hand."""
    found = tx.session.scalars(select(Invoice).where(Invoice.id.in_(ids), minor(Invoice.balance) < 0).order_by(Invoice.id))
    return [Task(ConflictKind.OVERPAID, "invoices", one.id, one.patient_id, _facts(one)) for one in found]


def _facts(invoice: Invoice) -> dict[str, Any]:
    return {"number": invoice.number, "amount": -invoice.balance.minor}
