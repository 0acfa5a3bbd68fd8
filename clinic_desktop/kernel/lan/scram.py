"""Passwords of database logins: random or stretched to 256 bits, and given to the server as a SCRAM verifier only.

A person types the clinic password and nothing else. The login's secret is derived from it here (Argon2id, salted by the
account's id) instead of a random one that the password would unwrap: there is nothing to steal but a verifier of 256 random-looking
bits, and a new password is a new secret, so what an old one opened stays shut. The stretching is fixed: other costs would be
another secret.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256
from hmac import digest
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw

from clinic_desktop.kernel.derived_keys import derived
from clinic_desktop.kernel.stretching import Stretching

_COSTS = Stretching(passes=3, memory_kib=65_536, lanes=4)
_PURPOSE = "clinic server login"
_ROUNDS = 4096
"""Of PBKDF2, as the server itself would take: the secrets are too long to be guessed whatever the rounds."""


def new_secret() -> str:
    """The secret of a computer's login."""
    return secrets.token_urlsafe(32)


def person_secret(user_id: UUID, password: str) -> str:
    """The secret of a person's login, from the clinic password in the form that is hashed; takes a tenth of a second."""
    salt = sha256(_PURPOSE.encode() + user_id.bytes).digest()[:16]
    stretched = hash_secret_raw(password.encode(), salt, _COSTS.passes, _COSTS.memory_kib, _COSTS.lanes, 32, Type.ID)
    return derived(stretched, _PURPOSE, salt=user_id.bytes).hex()


def verifier(secret: str) -> str:
    """What the server keeps of a secret (RFC 5803): it checks the secret and does not give it away."""
    salt = secrets.token_bytes(16)
    salted = pbkdf2_hmac("sha256", secret.encode(), salt, _ROUNDS)
    stored = sha256(digest(salted, b"Client Key", "sha256")).digest()
    server = digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${_ROUNDS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _text(data: bytes) -> str:
    return b64encode(data).decode()
