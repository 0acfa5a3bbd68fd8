"""Columns of messages."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "about": N_("what was told"),
    "channel": N_("channel"),
    "event": N_("notice"),
    "idempotency_key": N_("key"),
    "last_error": N_("last error"),
    "max_attempts": N_("most attempts"),
    "next_attempt_at": N_("next attempt at"),
    "not_after": N_("not after"),
    "not_before": N_("not before"),
    "payload": N_("message"),
    "provider_id": N_("number of the provider"),
    "recipient": N_("recipient"),
    "retry_count": N_("attempts"),
    "sealed": N_("password"),
    "sent_at": N_("sent at"),
    "topic": N_("topic"),
}
