"""Refusals of the cashier's desk."""

from __future__ import annotations

from clinic_desktop.kernel.errors import ClinicError


class InvoiceFrozen(ClinicError):
    """An issued or cancelled invoice cannot change: params ``status``."""

    code = "invoice_frozen"


class NothingToPay(ClinicError):
    """There is no balance to pay: params ``status``."""

    code = "nothing_to_pay"


class PaysTooMuch(ClinicError):
    """The tenders exceed the balance: params ``balance`` and ``offered``."""

    code = "pays_too_much"


class MethodNotAvailable(ClinicError):
    """This tender cannot be taken or given here: param ``method``."""

    code = "method_not_available"


class DuplicateTransaction(ClinicError):
    """That card or bank transaction was already recorded: param ``transaction_id``."""

    code = "duplicate_transaction"


class RefundTooLarge(ClinicError):
    """More than what is left of the payment: param ``available``."""

    code = "refund_too_large"


class TakenElsewhere(ClinicError):
    """Another site took this payment, and gives it back: param ``clinic``."""

    code = "taken_elsewhere"


class CreditTooLarge(ClinicError):
    """More than what is left of the line: param ``available``."""

    code = "credit_too_large"


class CreditNeedsRefund(ClinicError):
    """The credit exceeds what is still owed, so money must go back: param ``excess``."""

    code = "credit_needs_refund"


class ApprovalNeeded(ClinicError):
    """A second person must approve: params ``reason`` (``limit`` or ``tender``) and ``limit``."""

    code = "approval_needed"


class NoOpenTill(ClinicError):
    """The cashier has no open till in this clinic."""

    code = "no_open_till"


class TillAlreadyOpen(ClinicError):
    """The cashier has an open till already: param ``till_session_id``."""

    code = "till_already_open"


class TillStillAway(ClinicError):
    """Money may still come to this till: the computer on whose copy it was opened has not handed over, or it is counted on the server."""

    code = "till_still_away"


class TillDiffers(ClinicError):
    """The cash counted is not what should be there and nobody said why: param ``difference``."""

    code = "till_differs"


class TillsDiffer(ClinicError):
    """The tills of a day together differ from the records and nobody said why: param ``difference``."""

    code = "tills_differ"


class TillsStillOpen(ClinicError):
    """The day cannot be settled while tills are open: param ``count``."""

    code = "tills_still_open"


class DayAlreadySettled(ClinicError):
    """A day is settled once: param ``day``."""

    code = "day_already_settled"


class DayNotOver(ClinicError):
    """A day or period that has not come to its end: param ``day``."""

    code = "day_not_over"
