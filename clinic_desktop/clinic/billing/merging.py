"""How billing's rows of several sites become one (pure): beside what the models declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic_desktop.clinic.billing.rules import InvoiceStatus, status_after
from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.tables import NO_CURRENCY


def issued_status(row: Mapping[str, Any]) -> Values:
    """The status of an issued invoice from its money, whichever sites took it."""
    if row.get("number") is None:
        return {}
    total, paid, credited = (Money(row[name], NO_CURRENCY) for name in ("total", "paid", "credited"))
    return {"status": status_after(total, paid, credited, overdue=row["status"] == InvoiceStatus.OVERDUE).value}
