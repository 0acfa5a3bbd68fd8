"""Identity cards: what the QR code says, signed with Ed25519 so that any desk can check it without a network (pure)."""

from __future__ import annotations

import base64
import binascii
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from clinic_desktop.clinic.patients.rules import CardRefused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MARK = "CLC1"
"""First part of every card's QR: the format and its version."""
LONGEST_PAYLOAD = 600


@dataclass(frozen=True, slots=True)
class CardClaim:
    """What a card says of its holder: numbers only, so that a lost card names nobody."""

    key_number: int
    card_number: str
    patient_number: str
    patient_id: UUID
    issued_on: date


def last_day(issued_on: date, months: int) -> date:
    """Until when a card of so many months is valid: the same day of the month, or the last one that there is."""
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


def new_seed() -> bytes:
    """A fresh private key."""
    return _private_type().generate().private_bytes_raw()


def public_key(seed: bytes) -> bytes:
    """The key that verifies what ``seed`` signs."""
    return _private_type().from_private_bytes(seed).public_key().public_bytes_raw()


def sign_card(claim: CardClaim, seed: bytes) -> str:
    """The text of the QR code: mark, claim, signature."""
    signed = f"{MARK}.{_encode(msgspec.msgpack.encode(_values(claim)))}"
    signature = _private_type().from_private_bytes(seed).sign(signed.encode("ascii"))
    return f"{signed}.{_encode(signature)}"


def verify_card(payload: str, keys: Mapping[int, bytes]) -> CardClaim:
    """What a scanned card says; raises CardRefused when no known key has signed exactly this."""
    claim, signed, signature = _parts(payload)
    key = keys.get(claim.key_number)
    if key is None:
        raise CardRefused(reason="unknown_key")
    # Imported here, as below: starting the program needs no cryptography.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed.encode("ascii"))
    except InvalidSignature as error:
        raise CardRefused(reason="forged") from error
    return claim


def _parts(payload: str) -> tuple[CardClaim, str, bytes]:
    parts = payload.split(".")
    if len(payload) > LONGEST_PAYLOAD or not payload.isascii() or len(parts) != 3 or parts[0] != MARK:
        raise CardRefused(reason="not_a_card")
    try:
        values = msgspec.msgpack.decode(_decode(parts[1]), type=tuple[int, str, str, UUID, date])
        signature = _decode(parts[2])
    except (ValueError, binascii.Error) as error:
        raise CardRefused(reason="damaged") from error
    return CardClaim(*values), f"{parts[0]}.{parts[1]}", signature


def _values(claim: CardClaim) -> tuple[int, str, str, UUID, date]:
    return claim.key_number, claim.card_number, claim.patient_number, claim.patient_id, claim.issued_on


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _decode(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encode(data) != text:  # one payload has one spelling
        raise ValueError("not canonical")
    return data


def _private_type() -> type[Ed25519PrivateKey]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    return Ed25519PrivateKey
