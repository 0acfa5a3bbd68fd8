"""The text message service: what is declared of it, and its sealed secret."""

from __future__ import annotations

from typing import Any

from clinic_desktop.clinic.messages.commands.setup import SET_UP, keep_channel_secret
from clinic_desktop.clinic.messages.rules import BodyForm, Channel, check_template, secret_header, service_address
from clinic_desktop.clinic.messages.ways import (
    LONGEST_ADDRESS,
    LONGEST_SENDER,
    LONGEST_TEMPLATE,
    SMS_FORM,
    SMS_HEADER,
    SMS_SENDER,
    SMS_TEMPLATE,
    SMS_URL,
)
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.settings import Setting
from clinic_desktop.kernel.text import optional_line, optional_text


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
