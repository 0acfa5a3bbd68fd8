"""The ways by which messages leave, as settings: the mail server and the text message service."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic_desktop.clinic.messages.rules import TEMPLATES, BodyForm, Channel, Security, secret_header, service_address
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting
from clinic_desktop.kernel.sharing import series_of

SMTP_HOST = setting("messages.smtp_host", "", Scope.HOSPITAL, N_("Mail server"), words="smtp e-mail")
SMTP_PORT = setting("messages.smtp_port", 587, Scope.HOSPITAL, N_("Port of the mail server"), low=1, high=65_535, words="smtp e-mail")
SMTP_SECURITY = setting(
    "messages.smtp_security", Security.STARTTLS, Scope.HOSPITAL, N_("Protection of the connection to the mail server"), words="smtp tls ssl"
)
SMTP_USERNAME = setting("messages.smtp_username", "", Scope.HOSPITAL, N_("Username at the mail server"), words="smtp e-mail")
SMTP_SENDER = setting("messages.smtp_sender", "", Scope.HOSPITAL, N_("Address that messages come from"), words="smtp e-mail from")

LONGEST_ADDRESS, LONGEST_TEMPLATE, LONGEST_SENDER = 500, 2_000, 50

SMS_URL = setting(
    "messages.sms_url",
    "",
    Scope.HOSPITAL,
    N_("Web address of the text message service"),
    longest=LONGEST_ADDRESS,
    words="sms gateway url",
    check=lambda url: url and service_address(url, "messages.sms_url"),
)
SMS_FORM = setting(
    "messages.sms_form", BodyForm.FORM, Scope.HOSPITAL, N_("How the text message service is written to"), words="sms json form"
)
SMS_TEMPLATE = setting(
    "messages.sms_template",
    TEMPLATES[BodyForm.FORM],
    Scope.HOSPITAL,
    N_("What is sent to the text message service"),
    help=N_("With {to}, {text} and {sender} where the number, the message and the sender stand"),
    longest=LONGEST_TEMPLATE,
    words="sms template",
)
SMS_HEADER = setting(
    "messages.sms_header",
    "",
    Scope.HOSPITAL,
    N_("Header that carries the secret of the text message service"),
    longest=100,
    words="sms authorization key",
    check=lambda name: name and secret_header(name, "messages.sms_header"),
)
SMS_SENDER = setting(
    "messages.sms_sender", "", Scope.HOSPITAL, N_("Name that text messages come from"), longest=LONGEST_SENDER, words="sms sender"
)


def ways(session: Session) -> frozenset[Channel]:
    """The ways that are set up, by which a program can send. On a copy of the server's data there are none.

    The server sends, also what was done on the copy, once that is handed over: nobody is told twice, or of what two decided at once.
    """
    is_mail = setting_value(session, SMTP_HOST) and setting_value(session, SMTP_SENDER)
    found = ((Channel.EMAIL, is_mail), (Channel.SMS, setting_value(session, SMS_URL)))
    open_ways = frozenset(channel for channel, is_set_up in found if is_set_up)
    return frozenset() if open_ways and series_of(session) else open_ways
