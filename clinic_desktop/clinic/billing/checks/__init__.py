"""What must be true of money (M1 to M9): each recomputed from the rows."""

from clinic_desktop.clinic.billing.checks import invoices, ledgers, shares, tills

__all__ = ["invoices", "ledgers", "shares", "tills"]
