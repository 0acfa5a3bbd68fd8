"""A person's way into the encrypted data follows the account: a new password, a code, a new name, the end.

The vault takes the database's write lock, so each of these follows the command's transaction and never runs inside it.
A development database keeps no keys: nothing happens there.
"""

from __future__ import annotations

import logging
from datetime import datetime

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import CODE, USER, LastKeySlot, OneTimeCode, UserPassword

log = logging.getLogger(__name__)


def keep_password(db: Database, username: str, password: str) -> None:
    """Let the new password, and no longer the old one nor a code, open the data."""
    if db.data_key is not None:
        db.vault.add(UserPassword(username, password))


def keep_code(db: Database, username: str, code: str, expires_at: datetime) -> None:
    """Let a reset code open the data until it expires."""
    if db.data_key is not None:
        db.vault.add(OneTimeCode(username, code), expires_at=expires_at)


def forget(db: Database, username: str) -> None:
    """Let nothing that this username knew open the data any more: it was renamed or disabled."""
    if db.data_key is None:
        return
    for kind in (USER, CODE):
        try:
            db.vault.remove(kind, username)
        except LastKeySlot:
            log.warning("the last way to open the data is that of a disabled account: it stays")
