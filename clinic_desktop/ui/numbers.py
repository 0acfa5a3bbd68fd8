"""Of which kind a typed or scanned number is: by the prefixes that this hospital\u2019s numbers have, or ever had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clinic_desktop.clinic.organisation.numbering import is_number

AS_DELIVERED = {
    "patient": "PAT",
    "id_card": "CRD",
    "appointment": "APT",
    "queue": "Q",
    "invoice": "INV",
    "receipt": "RCT",
    "refund": "REF",
    "credit_note": "CRN",
    "prescription": "RX",
}
"""The prefixes that departments declare; here as well, because a start does not wait for the departments."""
_SIGNED = "CLC1."
"""How the signed code of a card begins (``clinic.patients.cards``)."""
_learned: dict[str, frozenset[str]] = {}


def learn(prefixes: Mapping[str, Iterable[str]]) -> None:
    """From now on, know these prefixes by kind, besides those that the program is delivered with."""
    _learned.clear()
    _learned.update({kind: frozenset(known) for kind, known in prefixes.items()})


def known_prefixes() -> frozenset[str]:
    """Every prefix that a scanned number may have."""
    return frozenset(AS_DELIVERED.values()).union(*_learned.values())


def is_of(text: str, *kinds: str) -> bool:
    """Whether a text has the shape of a number, and the prefix of one of these kinds."""
    plain = text.strip().upper()
    prefix = plain.partition("-")[0]
    return is_number(plain) and any(prefix == AS_DELIVERED.get(kind) or prefix in _learned.get(kind, ()) for kind in kinds)


def is_card(text: str) -> bool:
    """Whether a text is what a card carries: the signed code, a patient\u2019s number or a card\u2019s."""
    return text.startswith(_SIGNED) or is_of(text, "patient", "id_card")
