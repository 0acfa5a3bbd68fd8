"""Columns of messages."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "channel": N_("channel"),
    "idempotency_key": N_("key"),
    "last_error": N_("last error"),
    "max_attempts": N_("most attempts"),
    "next_attempt_at": N_("next attempt at"),
    "not_after": N_("not after"),
    "payload": N_("message"),
    "provider_id": N_("number of the provider"),
    "recipient": N_("recipient"),
    "retry_count": N_("attempts"),
    "sealed": N_("password"),
    "sent_at": N_("sent at"),
    "topic": N_("topic"),
}
