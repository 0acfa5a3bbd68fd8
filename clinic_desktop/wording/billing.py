"""Refusals of billing."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "invoice_frozen": N_("This invoice cannot be changed any more ({status}). Write a credit note instead."),
    "nothing_to_pay": N_("There is nothing left to pay on this invoice."),
    "pays_too_much": N_("{offered} is more than the {balance} that is left to pay."),
    "method_not_available": N_("{method} cannot be used here."),
    "duplicate_transaction": N_("The transaction {transaction_id} was already recorded."),
    "taken_elsewhere": N_("{clinic} took this payment. It is given back there."),
    "refund_too_large": N_("At most {available} can be paid back."),
    "credit_too_large": N_("At most {available} can be credited."),
    "credit_needs_refund": N_("{excess} of this was already paid: pay it back with a refund."),
    "approval_needed": N_("A second person must approve this."),
    "approval_needed:tender": N_("A second person must approve paying back by another means than was used to pay."),
    "approval_needed:limit": N_("A second person must approve amounts above {limit}."),
    "no_open_till": N_("Open your till before you take or pay out money."),
    "till_already_open": N_("Your till is open already."),
    "till_still_away": N_(
        "More money may come to this till: it is counted at the clinic\u2019s server, once its computer has handed over."
    ),
    "till_differs": N_("The cash differs from what should be there. Count again, or say why."),
    "tills_differ": N_("The tills differ: please say why."),
    "tills_still_open": N_("The day cannot be settled while tills are open: {count}."),
    "day_already_settled": N_("{day} is settled already."),
    "day_not_over": N_("{day} is not over yet."),
}

REASONS = {
    "only_cash": N_("Only cash can be more than the amount."),
    "less_than_amount": N_("This is less than the amount."),
    "one_of_invoice_or_visit": N_("Choose an invoice or a visit."),
}
