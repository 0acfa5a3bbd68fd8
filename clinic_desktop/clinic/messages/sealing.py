"""Passwords and secrets of providers, sealed under a key that only the clinic's data key derives."""

from __future__ import annotations

from sqlalchemy import select

from clinic_desktop.clinic.messages.commands import set_up_mail, set_up_texts
from clinic_desktop.clinic.messages.models import ChannelSecret
from clinic_desktop.clinic.messages.rules import BodyForm, Channel, MailNotSetUp, Security, TextsNotSetUp, header_value
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.sealing import Sealing, renews
from clinic_desktop.kernel.security import Actor

_SEALING = Sealing("clinic messages")
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
    return _SEALING.seal(data_key, password.encode(), channel.value.encode())


def opened(db: Database, channel: Channel, sealed: bytes) -> str:
    """The password again, also when the data key was renewed since; raises MailNotSetUp or TextsNotSetUp where no key opens it."""
    keys = db.vault.keys().values() if db.data_key is not None else ()
    secret = _SEALING.opened(keys, sealed, channel.value.encode())
    if secret is None:
        raise _NOT_SET_UP[channel](reason="locked")
    return secret.decode()


@renews(ChannelSecret.__tablename__)
def renew(db: Database) -> None:
    """Seal what there is with the present data key."""
    with db.write(Actor.system("keys")) as tx:
        tx.command = "keys.reseal"
        for row in tx.session.scalars(select(ChannelSecret).where(ChannelSecret.sealed.is_not(None))):
            row.sealed = _SEALING.renewed(db, row.sealed or b"", row.channel.value.encode()) or row.sealed
