"""Small secrets in the database, sealed with AES-256-GCM under a key that only the clinic's data key derives.

A rekey has them sealed anew. Whoever keeps such secrets says how by ``renews``; it does nothing where the present key opens them.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.engines import worded
from clinic_desktop.kernel.errors import ClinicError

log = logging.getLogger(__name__)
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Sealing:
    """How secrets of one purpose rest; each is bound to what it is about, and opens nowhere else."""

    purpose: str

    def seal(self, data_key: bytes, secret: bytes, about: bytes) -> bytes:
        """The sealed secret."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(data_key).encrypt(nonce, secret, about)

    def opened(self, data_keys: Iterable[bytes], sealed: bytes, about: bytes) -> bytes | None:
        """The secret again; None where none of these keys opens it."""
        for data_key in data_keys:
            try:
                return self._cipher(data_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
            except InvalidTag:
                continue
        return None

    def renewed(self, database: Database, sealed: bytes, about: bytes) -> bytes | None:
        """The secret under the present data key; None where it is so already, or no key opens it."""
        present, *earlier = database.vault.keys().values()
        secret = self.opened(earlier, sealed, about)
        return None if secret is None else self.seal(present, secret, about)

    def _cipher(self, data_key: bytes) -> AESGCM:
        return AESGCM(derived(data_key, self.purpose))


Renew = Callable[[Database], None]
R = TypeVar("R", bound=Renew)
_renewals: dict[str, Renew] = {}
"""By the table that keeps them."""


def renews(table: str) -> Callable[[R], R]:
    """Declare how the secrets of a table are sealed with the present data key; raises ClinicError where this person may not write them."""

    def declare(renew: R) -> R:
        _renewals[table] = renew
        return renew

    return declare


def renew_all(database: Database) -> bool:
    """Have everything sealed with the present data key, as far as its keepers are loaded; whether nothing is left."""
    there = set(inspect(database.engine).get_table_names())  # an older database may not have all of them yet
    left = [table for table, renew in _renewals.items() if table in there and not _did(renew, database)]
    return not left


def _did(renew: Renew, database: Database) -> bool:
    try:
        renew(database)
    except (ClinicError, DBAPIError) as error:
        told = worded(error) if isinstance(error, DBAPIError) else error
        if not isinstance(told, ClinicError):
            raise
        log.warning("%s: some secrets stay under the earlier key: %s", renew.__module__, told.code)
        return False
    return True
