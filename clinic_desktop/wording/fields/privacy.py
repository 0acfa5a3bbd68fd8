"""Columns of privacy requests and archives."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "asked_by": N_("asked by"),
    "done_at": N_("done at"),
    "identity_check": N_("identity checked by"),
    "identity_note": N_("note on the identity"),
    "next_due": N_("next due"),
    "outcome": N_("outcome"),
    "requested_at": N_("requested at"),
    "review_note": N_("note on the review"),
    "reviewed_at": N_("reviewed at"),
    "reviewed_by": N_("reviewed by"),
}
