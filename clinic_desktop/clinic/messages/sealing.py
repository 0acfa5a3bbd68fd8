"""Passwords and secrets of providers, sealed with AES-256-GCM under a key that only the clinic's data key derives."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clinic_desktop.clinic.messages.commands import set_up_mail, set_up_texts
from clinic_desktop.clinic.messages.rules import BodyForm, Channel, MailNotSetUp, Security, TextsNotSetUp, header_value
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.security import Actor

_PURPOSE = "clinic messages"
_NONCE = 12
_NOT_SET_UP = {Channel.EMAIL: MailNotSetUp, Channel.SMS: TextsNotSetUp}


def set_mail_server(
    db: Database,
    actor: Actor,
    *,
    host: str,
    port: int,
    security: Security,
    username: str | None,
    sender: str | None,
    password: str | None,
) -> None:
    """Set up the mail server; no password keeps the one there is, no username forgets it. A development database keeps none."""
    if password is not None and username and db.data_key is None:
        raise InvalidInput("password", "needs_encryption")
    is_new = password is not None and bool(username)
    db.run(
        actor,
        set_up_mail,
        host=host,
        port=port,
        security=security,
        username=username or "",
        sender=sender or "",
        sealed=seal(db.data_key, Channel.EMAIL, password) if is_new and db.data_key is not None and password is not None else None,
        keeps_password=bool(username) and not is_new,
    )


def set_text_service(
    db: Database,
    actor: Actor,
    *,
    url: str | None,
    form: BodyForm,
    template: str | None,
    header: str | None,
    sender: str | None,
    secret: str | None,
) -> None:
    """Set up the text message service; no secret keeps the one there is, no header forgets it. A development database keeps none."""
    new = None if secret is None else header_value(secret)
    if new and db.data_key is None:
        raise InvalidInput("secret", "needs_encryption")
    db.run(
        actor,
        set_up_texts,
        url=url or "",
        form=form,
        template=template or "",
        header=header or "",
        sender=sender or "",
        sealed=seal(db.data_key, Channel.SMS, new) if new and db.data_key is not None else None,
        keeps_secret=bool(header) and not new,
    )


def seal(data_key: bytes, channel: Channel, password: str) -> bytes:
    """The sealed password, good for that channel only."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(derived(data_key, _PURPOSE)).encrypt(nonce, password.encode(), channel.value.encode())


def opened(db: Database, channel: Channel, sealed: bytes) -> str:
    """The password again, also when the data key was renewed since; raises MailNotSetUp or TextsNotSetUp where no key opens it."""
    for data_key in db.vault.keys().values() if db.data_key is not None else ():
        try:
            return AESGCM(derived(data_key, _PURPOSE)).decrypt(sealed[:_NONCE], sealed[_NONCE:], channel.value.encode()).decode()
        except InvalidTag:
            continue
    raise _NOT_SET_UP[channel](reason="locked")
