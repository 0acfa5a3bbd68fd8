"""Refusals of messages."""

from clinic_desktop.kernel.i18n import N_

WORDS = {
    "mail_not_set_up": N_("No mail server is set up. An administrator can do it under “Messages”."),
    "mail_not_set_up:locked": N_("The password of the mail server cannot be read on this computer. Please type it again under “Messages”."),
    "mail_not_set_up:unprotected": N_("Mail leaves this computer over a protected connection only. Choose TLS or STARTTLS."),
    "texts_not_set_up": N_("No text message service is set up. An administrator can do it under “Messages”."),
    "texts_not_set_up:incomplete": N_("The text message service is not set up to the end. An administrator can do it under “Messages”."),
    "texts_not_set_up:locked": N_(
        "The secret of the text message service cannot be read on this computer. Please type it again under “Messages”."
    ),
    "texts_not_set_up:unprotected": N_(
        "Text messages leave this computer over a protected connection only. The address must begin with https."
    ),
    "copy_sends_nothing": N_("This is a copy of the clinic\u2019s data. Messages are sent by the server, so that nobody is told twice."),
    "nothing_to_tell": N_("There is nothing to tell any more: the appointment was moved, given up or is over."),
    "text_undeliverable": N_("The text message service did not take the message: {reason}"),
    "undeliverable": N_("The mail server did not take the message: {reason}"),
}

REASONS = {
    "not_a_web_address": N_("Please enter a web address that begins with https://."),
    "unprotected_texts": N_("Only a service on this computer itself may do without https."),
    "address_with_password": N_("A name and password in the address would be kept unprotected. Put them into the secret."),
    "not_a_header": N_("This is no name that a header can have here, as “Authorization” is."),
    "not_a_header_value": N_("A secret of a header has Latin letters, figures and signs only, on one line."),
    "not_a_form": N_("This cannot be read as a form. It looks like this: to={{to}}&text={{text}}"),
    "not_json": N_('This cannot be read as JSON. Texts and places such as "{{to}}" stand in double quotes.'),
    "unknown_place": N_("Nothing can be put in for {name}. There are {{to}}, {{text}} and {{sender}}."),
    "missing_place": N_("{name} is missing: the message needs it."),
    "unprotected_mail": N_("Only a mail server on this computer itself may be unprotected. Choose STARTTLS or TLS."),
    "needs_encryption": N_("A password is kept in an encrypted database only."),
    "stray_brace": N_("“{text}” cannot stand here. Braces hold one of the places offered below, and nothing else."),
    "unknown_notice_place": N_("Nothing can be put in for {name} here. Please choose one of the places offered below."),
    "missing_notice_place": N_("{name} is missing. A number is often a family's: each text says whom it is for."),
    "not_a_wall_time": N_("Please give a time of the day such as 21:00."),
    "unknown_message_language": N_("Patients are written to in English (en), Arabic (ar) or Hindi (hi)."),
    "told_by_people": N_("A call or a slip of paper has no text to send."),
    "message_emptied": N_("What it said is forgotten already. Ask for a new message."),
}
