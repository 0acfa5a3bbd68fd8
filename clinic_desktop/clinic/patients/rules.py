"""Patients' words and pure rules: statuses, names, ages, phones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import Language, active
from clinic_desktop.kernel.states import StateMachine
from clinic_desktop.kernel.text import clean_line

OLDEST_YEARS = 130
"""Nobody is recorded as older than this: a greater age is a typing mistake."""


class Gender(StrEnum):
    """Sex as clinics record it."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    OTHER = "OTHER"


class BloodGroup(StrEnum):
    """ABO and rhesus group."""

    A_POSITIVE = "A+"
    A_NEGATIVE = "A-"
    B_POSITIVE = "B+"
    B_NEGATIVE = "B-"
    AB_POSITIVE = "AB+"
    AB_NEGATIVE = "AB-"
    O_POSITIVE = "O+"
    O_NEGATIVE = "O-"


class PatientStatus(StrEnum):
    """Whether a record is in use."""

    ACTIVE = "ACTIVE"
    MERGED = "MERGED"
    DECEASED = "DECEASED"
    ARCHIVED = "ARCHIVED"


PATIENT_STATES = StateMachine(
    "patient",
    {
        PatientStatus.ACTIVE: {PatientStatus.MERGED, PatientStatus.DECEASED, PatientStatus.ARCHIVED},
        PatientStatus.ARCHIVED: {PatientStatus.ACTIVE, PatientStatus.MERGED, PatientStatus.DECEASED},
        PatientStatus.DECEASED: {PatientStatus.ACTIVE, PatientStatus.MERGED},
        PatientStatus.MERGED: {PatientStatus.ACTIVE},
    },
)
"""A death entered by mistake and a merge can be undone; the rest follows."""


class DuplicateStatus(StrEnum):
    """What a person decided about two records that look alike."""

    OPEN = "OPEN"
    DIFFERENT = "DIFFERENT"
    MERGED = "MERGED"


DUPLICATE_STATES = StateMachine(
    "patient_duplicate",
    {
        DuplicateStatus.OPEN: {DuplicateStatus.DIFFERENT, DuplicateStatus.MERGED},
        DuplicateStatus.DIFFERENT: {DuplicateStatus.OPEN, DuplicateStatus.MERGED},
        DuplicateStatus.MERGED: {DuplicateStatus.OPEN},
    },
)


class ConsentType(StrEnum):
    """What a patient agreed to."""

    TREATMENT = "TREATMENT"
    DATA_PROCESSING = "DATA_PROCESSING"
    MESSAGES = "MESSAGES"
    PHOTOGRAPHS = "PHOTOGRAPHS"
    RESEARCH = "RESEARCH"


class ContactBy(StrEnum):
    """How a patient wants to be told of appointments; where nobody asked, the clinic's own way."""

    SMS = "SMS"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    """Somebody calls: no program writes."""
    NONE = "NO_MESSAGES"
    """Not at all."""


class DocumentCategory(StrEnum):
    """Shelves of a patient's documents."""

    DIAGNOSTIC_IMAGES = "diagnostic-images"
    TREATMENT_PHOTOS = "treatment-photos"
    FORMS_DOCUMENTS = "forms-documents"
    ADMINISTRATIVE = "administrative"
    INSURANCE = "insurance"
    CORRESPONDENCE = "correspondence"


class AccessLevel(StrEnum):
    """Who may open a patient's document."""

    PATIENT = "patient"
    STAFF = "staff"
    DOCTOR = "doctor"
    ADMIN = "admin"


class WalletKind(StrEnum):
    """Movements of a patient's prepaid balance."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    PAYMENT = "payment"
    REFUND = "refund"


class PhoneTaken(ClinicError):
    """The number belongs to another patient and was not said to be shared: params ``patient_id``, ``patient_number``, ``full_name``."""

    code = "phone_taken"


class IdentifierTaken(ClinicError):
    """Another record has this number of the same system: params ``patient_id``, ``patient_number``, ``full_name``."""

    code = "identifier_taken"


class PatientMerged(ClinicError):
    """The record was merged into another, which is used now: params ``patient_id``, ``patient_number``, ``full_name``."""

    code = "patient_merged"


class MergeRefused(ClinicError):
    """Two records cannot be merged, or a merge cannot be undone: param ``reason``, and what it names."""

    code = "merge_refused"


REVOKED_BY_MERGE = "merged"
"""Why a card was revoked that still leads to its patient: the person has another in use."""


class CardRefused(ClinicError):
    """A card's code is forged, damaged or of another hospital: param ``reason``."""

    code = "card_refused"


def full_name(first: str, middle: str | None, last: str | None) -> str:
    """The name as it is said: first, middle, last."""
    return " ".join(part for part in (first, middle, last) if part)


SEARCH_KEY_BITS = 62


def search_key(patient_id: UUID) -> int:
    """A stable integer for full-text row ids: the random low bits of the UUIDv7 (SQLite's own row ids move on VACUUM)."""
    return patient_id.int & ((1 << SEARCH_KEY_BITS) - 1)


# --- ages -----------------------------------------------------------------------------------------------------------


def age_years(born: date, on: date) -> int:
    """Completed years; someone born on 29 February turns older on 1 March of a common year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_months(born: date, on: date) -> int:
    """Completed months."""
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def age_text(born: date, on: date, *, estimated: bool = False, language: Language | None = None) -> str:
    """An age as a doctor says it: days for a newborn, months for an infant, then years; in the active language unless told."""
    _ = (language or active()).gettext
    months = age_months(born, on)
    if months < 1:
        text = _("{n} d").format(n=max((on - born).days, 0))
    elif months < 24:
        text = _("{n} mo").format(n=months)
    else:
        text = _("{n} y").format(n=age_years(born, on))
    return _("about {age}").format(age=text) if estimated else text


def birth_from_age(years: int, on: date, *, months: int = 0) -> date:
    """A birth date in the middle of the interval that the age leaves open, so that the age is right today."""
    if not 0 <= years <= OLDEST_YEARS or not 0 <= months <= 11:
        raise InvalidInput("age", "out_of_range", low=0, high=OLDEST_YEARS)
    total = on.year * 12 + on.month - 1 - years * 12 - months
    latest = date(total // 12, total % 12 + 1, min(on.day, 28))
    return latest - timedelta(days=15 if months else 182)


def checked_birth(born: date, on: date) -> date:
    """A birth date that a living person can have."""
    if born > on:
        raise InvalidInput("date_of_birth", "in_the_future")
    if age_years(born, on) > OLDEST_YEARS:
        raise InvalidInput("date_of_birth", "too_old", limit=OLDEST_YEARS)
    return born


# --- phones ---------------------------------------------------------------------------------------------------------

_PHONE = re.compile(r"[\d\s+().\-/\u2010-\u2015]+")
FEWEST_DIGITS, MOST_DIGITS = 6, 15
TAIL_DIGITS = 9
"""Digits that are compared where one spelling has a country code and the other a trunk zero."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as typed, and in E.164 where it can be read so."""

    typed: str
    e164: str


def parse_phone(value: str, region: str, *, field: str = "phone") -> Phone:
    """Read a phone number in the clinic's region; refuses what is not a number, keeps numbers that no plan knows.

    Old registers hold numbers of plans that have changed, so a number is not refused for being unassigned.
    """
    typed = clean_line(value)
    digits = phone_digits(typed)
    if not _PHONE.fullmatch(typed) or not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS + 2:
        raise InvalidInput(field, "not_a_phone")
    return Phone(typed, _e164(typed, digits, region))


def _e164(typed: str, digits: str, region: str) -> str:
    # Imported here: reading a number needs it, starting the program does not (25 ms).
    import phonenumbers  # noqa: PLC0415

    plain = ("+" if typed.lstrip("( ").startswith("+") else "") + digits
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return "+" + digits[:MOST_DIGITS]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class PhoneDoubt(StrEnum):
    """What speaks against a number that was typed; old numbers are kept all the same."""

    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    UNKNOWN = "UNKNOWN"


def phone_doubt(value: str, region: str) -> PhoneDoubt | None:
    """Whether a number that can be read fits no plan of its country; None as well for what is no number at all."""
    import phonenumbers  # noqa: PLC0415

    try:
        known = parse_phone(value, region)
        number = phonenumbers.parse(known.e164, region)
    except (InvalidInput, phonenumbers.NumberParseException):
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return PhoneDoubt.TOO_SHORT
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return PhoneDoubt.TOO_LONG
    return None if phonenumbers.is_valid_number(number) else PhoneDoubt.UNKNOWN


def phone_digits(value: str) -> str:
    """Only the digits, in ASCII."""
    return "".join(str(int(character)) for character in value if character.isdecimal())


def phone_tail(value: str) -> str:
    """The last digits of a number: equal for all spellings of one number."""
    return phone_digits(value)[-TAIL_DIGITS:]


# --- choices --------------------------------------------------------------------------------------------------------

_GENDERS = {
    **dict.fromkeys(("m", "male", "man", "boy", "पुरुष", "ذكر"), Gender.MALE),
    **dict.fromkeys(("f", "female", "woman", "girl", "महिला", "स्त्री", "أنثى"), Gender.FEMALE),
    **dict.fromkeys(("o", "other", "t", "transgender", "intersex", "अन्य", "آخر"), Gender.OTHER),
}


def parse_gender(value: str, *, field: str = "gender") -> Gender:
    """Read a sex as people write it."""
    found = _GENDERS.get(clean_line(value).casefold().rstrip("."))
    if found is None:
        raise InvalidInput(field, "not_a_gender")
    return found


_BLOOD = re.compile(r"(AB|A|B|O|0)\s*\(?\s*(?:RH)?\s*\(?\s*(\+|-|POS|NEG|POSITIVE|NEGATIVE)\s*(?:VE)?\s*\)?")


def parse_blood_group(value: str, *, field: str = "blood_group") -> BloodGroup:
    """Read ``b +ve``, ``O positive``, ``AB-`` and the like."""
    text = clean_line(value).upper().replace("\u2212", "-").replace("\u2013", "-")
    found = _BLOOD.fullmatch(text)
    if found is None:
        raise InvalidInput(field, "not_a_blood_group")
    group = found[1].replace("0", "O")
    return BloodGroup(group + ("+" if found[2].startswith(("+", "P")) else "-"))
