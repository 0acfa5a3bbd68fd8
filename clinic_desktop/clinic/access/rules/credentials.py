"""Passwords, PINs and codes: what is good enough, how each is read, and the lock after failures."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta
from itertools import pairwise

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.resources import resource_path

FREE_FAILURES = 5
"""Failed logins before the account locks for the first time."""
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(hours=12)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
SHORTEST_PIN, LONGEST_PIN = 4, 8
MOST_PIN_FAILURES = 3
"""Wrong PINs after which only the password opens."""
CONFIRMED_FOR = timedelta(minutes=10)
"""How long a password, confirmed in a PIN session, lifts what a PIN may not do."""
RESET_CODE_LENGTH, RESET_CODE_LIFE = 10, timedelta(minutes=30)
RESET_TOKEN_LENGTH, RESET_TOKEN_LIFE = 16, timedelta(minutes=60)
MOST_RESET_MAILS = 3
"""Within ``COUNTED_WITHIN``, for one person."""
OTP_DIGITS, OTP_LIFE, MOST_OTP_TRIES, MOST_OTP_CODES = 6, timedelta(minutes=10), 5, 5
COUNTED_WITHIN = timedelta(hours=1)


def password_form(text: str) -> str:
    """NFKC, so that one password typed on two keyboards is the same (NIST SP 800-63B 5.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


COMMON_PASSWORDS = frozenset(resource_path("code_lists/common_passwords.txt").read_text(encoding="utf-8").split())


def check_password(text: str, *, username: str) -> str:
    """The password to hash, or InvalidInput: length, not a common one, not the username; no composition rules."""
    password = password_form(text)
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput("password", "password_too_short", least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput("password", "too_long", limit=LONGEST_PASSWORD)
    folded = password.casefold()
    if folded in COMMON_PASSWORDS or len(set(folded)) == 1 or folded == username.casefold():
        raise InvalidInput("password", "password_too_common")
    return password


def lock_length(failures: int) -> timedelta:
    """How long a login stays locked after that many failures in a row: nothing, then doubling to a limit."""
    if failures < FREE_FAILURES:
        return timedelta()
    doublings = min(failures - FREE_FAILURES, 20)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def lock_end(failures: int, locked_until: datetime | None, now: datetime) -> datetime | None:
    """When the lock ends, or None when it is over.

    A lock never lasts longer than its length from now: a clock that was set back must not lock a person out for years.
    """
    if locked_until is None or locked_until <= now:
        return None
    return min(locked_until, now + lock_length(failures))


def pin_form(text: str) -> str:
    """The PIN to hash, or InvalidInput: four to eight digits of any script, none that everybody tries first."""
    typed = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.strip())
    if not (typed.isascii() and typed.isdigit() and SHORTEST_PIN <= len(typed) <= LONGEST_PIN):
        raise InvalidInput("pin", "not_a_pin", least=SHORTEST_PIN, most=LONGEST_PIN)
    return typed


def check_pin(text: str) -> str:
    """A new PIN; refuses runs (1234, 9876), repeats (1111, 1212, 123123) and years of birth (1930 to 2029)."""
    pin = pin_form(text)
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeats = any(pin == pin[:part] * (len(pin) // part) for part in range(1, len(pin) // 2 + 1))
    is_year = len(pin) == 4 and 1930 <= int(pin) <= 2029
    if steps in ({1}, {9}, {0}) or repeats or is_year or pin in ("2580", "0852"):
        raise InvalidInput("pin", "pin_too_simple")
    return pin


_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that is read as something else. https://www.crockford.com/base32.html"""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reset_code(length: int) -> str:
    """A random code that can be read out, 5 bits a character."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(length))


def reset_code_form(text: str) -> str:
    """A reset code as it was made, whatever spaces, dashes and look-alikes were typed."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum()).translate(_READ_AS)


def grouped(code: str) -> str:
    """A code as it is shown: in groups that the eye can hold."""
    size = 4 if len(code) % 4 == 0 else 5 if len(code) % 5 == 0 else 3
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def new_otp() -> str:
    """Six random digits."""
    return "".join(secrets.choice("0123456789") for _ in range(OTP_DIGITS))


def otp_form(text: str) -> str:
    """A six-digit code as it was made, in ASCII digits without spaces."""
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def is_otp(text: str) -> bool:
    """Whether what was typed can be a six-digit code: a password is longer."""
    bare = "".join(text.split())
    return len(bare) == OTP_DIGITS and bare.isdecimal()


def masked(contact: str) -> str:
    """An address or number as somebody knows it again who has it already: the first letter and the host, or the last three digits."""
    name, at, host = contact.rpartition("@")
    return f"{name[:1]}•••@{host}" if at else "•" * max(len(contact) - 3, 3) + contact[-3:]
