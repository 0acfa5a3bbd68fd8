"""The text message service: what is declared of it, and its sealed secret."""

from __future__ import annotations

from typing import Any

from clinic_desktop.clinic.messages.commands.setup import SET_UP, keep_channel_secret
from clinic_desktop.clinic.messages.rules import TEMPLATES, BodyForm, Channel, check_template, secret_header, service_address
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, Setting, setting
from clinic_desktop.kernel.text import optional_line, optional_text

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


@command(SET_UP)
def set_up_texts(
    tx: Tx, *, url: str, form: BodyForm, template: str, header: str, sender: str, sealed: bytes | None, keeps_secret: bool
) -> None:
    """Set up the text message service, all or nothing; its secret stays as it is with ``keeps_secret``."""
    address = optional_line(url, "url", limit=LONGEST_ADDRESS) or ""
    wanted = optional_text(template, "template", limit=LONGEST_TEMPLATE) or ""
    named, name = optional_line(header, "header") or "", optional_line(sender, "sender", limit=LONGEST_SENDER) or ""
    if address:
        service_address(address)
        if not wanted:
            raise InvalidInput("template", "required")
        if "sender" in check_template(form, wanted) and not name:
            raise InvalidInput("sender", "required")
    if named:
        secret_header(named)
    elif sealed is not None:
        raise InvalidInput("header", "required")
    values: dict[Setting[Any], object] = {SMS_URL: address, SMS_FORM: form, SMS_TEMPLATE: wanted, SMS_HEADER: named, SMS_SENDER: name}
    for one, value in values.items():
        if setting_value(tx.session, one) != value:
            set_setting(tx, key=one.key, value=value)
    if not keeps_secret:
        keep_channel_secret(tx, channel=Channel.SMS, sealed=sealed)
