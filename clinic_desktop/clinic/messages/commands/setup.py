"""The mail server: what is declared of it, and its sealed password."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from clinic_desktop.clinic.access.rules import email_form
from clinic_desktop.clinic.messages.models import ChannelSecret
from clinic_desktop.clinic.messages.rules import Channel, Security, is_this_computer
from clinic_desktop.clinic.messages.ways import SMTP_HOST, SMTP_PORT, SMTP_SECURITY, SMTP_SENDER, SMTP_USERNAME
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.settings import Setting
from clinic_desktop.kernel.text import optional_line, whole_number

SET_UP = permission("messages.set_up", N_("Set up how messages leave the clinic, and see what could not be sent"), needs_password=True)
DELIVER = permission("messages.deliver", N_("Send waiting messages"))


def program_only(tx: Tx) -> None:
    """Refuse people: a delivery is of a program, whoever is at work beside it."""
    if not tx.actor.is_system:
        raise PermissionDenied(permission=DELIVER.code, command=tx.command)


@command(SET_UP)
def set_up_mail(
    tx: Tx, *, host: str, port: int, security: Security, username: str, sender: str, sealed: bytes | None, keeps_password: bool
) -> None:
    """Set up the mail server, all or nothing; its password stays as it is with ``keeps_password``."""
    name = optional_line(host, "host") or ""
    if security is Security.UNPROTECTED and name and not is_this_computer(name):
        raise InvalidInput("security", "unprotected_mail")
    address = email_form(sender, "sender") or ""
    if name and not address:
        raise InvalidInput("sender", "required")
    values: dict[Setting[Any], object] = {
        SMTP_HOST: name,
        SMTP_PORT: whole_number(port, "port", SMTP_PORT.low, SMTP_PORT.high),
        SMTP_SECURITY: security,
        SMTP_USERNAME: optional_line(username, "username") or "",
        SMTP_SENDER: address,
    }
    for one, value in values.items():
        if setting_value(tx.session, one) != value:
            set_setting(tx, key=one.key, value=value)
    if not keeps_password:
        keep_channel_secret(tx, channel=Channel.EMAIL, sealed=sealed)


@command(SET_UP)
def keep_channel_secret(tx: Tx, *, channel: Channel, sealed: bytes | None) -> None:
    """Keep the provider's password, sealed already; None forgets it."""
    row = tx.session.scalars(select(ChannelSecret).where(ChannelSecret.channel == channel).with_for_update()).one_or_none()
    if row is None:
        tx.add(ChannelSecret(channel=channel, sealed=sealed))
    else:
        row.sealed = sealed
