"""The printed recovery key: 160 random bits in eight groups that say themselves which of them was mistyped.

Each group is four characters of Crockford's base32 and one check character over GF(32), which finds every single wrong
character, every two neighbours exchanged, and every two groups exchanged.
"""

from __future__ import annotations

import secrets

from clinic_desktop.kernel.errors import InvalidInput

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "–": None, "—": None, "_": None})
_GROUPS, _DATA = 8, 4
_CODE_LENGTH = 10
_FIELD = "recovery_key"


def new_recovery_key() -> str:
    """A new key as it is printed: ``XXXXX-XXXXX-…``, eight groups of five."""
    groups = [[secrets.randbelow(32) for _ in range(_DATA)] for _ in range(_GROUPS)]
    return "-".join("".join(_ALPHABET[value] for value in (*data, _check(place, data))) for place, data in enumerate(groups))


def recovery_bytes(typed: str) -> bytes:
    """The 20 bytes of a key as a person typed it; InvalidInput names the group with the typing error."""
    text = plain_code(typed)
    if not text:
        raise InvalidInput(_FIELD, "required")
    width = _DATA + 1
    for place in range(min(len(text) // width, _GROUPS)):
        values = [_ALPHABET.find(character) for character in text[place * width : (place + 1) * width]]
        if -1 in values or _check(place, values[:_DATA]) != values[_DATA]:
            raise InvalidInput(_FIELD, "recovery_typo", group=place + 1)
    if len(text) != width * _GROUPS:
        raise InvalidInput(_FIELD, "recovery_length", limit=width * _GROUPS, found=len(text))
    bits = 0
    for place in range(_GROUPS):
        for character in text[place * width : place * width + _DATA]:
            bits = bits << 5 | _ALPHABET.index(character)
    return bits.to_bytes(_GROUPS * _DATA * 5 // 8, "big")


def new_one_time_code() -> str:
    """A code that an administrator reads out: 50 random bits, so that a stolen key file does not give it away."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return f"{code[:5]}-{code[5:]}"


def plain_code(typed: str) -> str:
    """What was meant: capitals, no spaces or dashes, 0 for O, 1 for I and L."""
    return "".join(typed.upper().split()).translate(_READ_AS)


def _check(place: int, data: list[int]) -> int:
    # Every character counts with another power of the generator, and the group's number as one more character.
    total = 0
    for value in (place + 1, *data):
        total = _times_generator(total) ^ value
    return _times_generator(total)


def _times_generator(value: int) -> int:
    """Multiply by x in GF(32), modulo x^5 + x^2 + 1."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled
