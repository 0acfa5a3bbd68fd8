"""Refusals of messages."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "mail_not_set_up": N_("No mail server is set up. An administrator can do it under “Messages”."),
    "mail_not_set_up:locked": N_("The password of the mail server cannot be read on this computer. Please type it again under “Messages”."),
    "mail_not_set_up:unprotected": N_("Mail leaves this computer over a protected connection only. Choose TLS or STARTTLS."),
    "undeliverable": N_("The mail server did not take the message: {reason}"),
}

REASONS = {
    "unprotected_mail": N_("Only a mail server on this computer itself may be unprotected. Choose STARTTLS or TLS."),
    "needs_encryption": N_("A password is kept in an encrypted database only."),
    "message_emptied": N_("What it said is forgotten already. Ask for a new message."),
}
