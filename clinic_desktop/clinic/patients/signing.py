"""Signing consents (pure): who signs, whether it holds, and what is a signature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from math import dist

from clinic_desktop.clinic.patients.rules import ConsentType, age_years
from clinic_desktop.kernel.errors import ClinicError

ADULT_YEARS = 18
LANGUAGES = ("en", "ar", "hi")
"""Those that the program speaks come first where a text is offered; a clinic may write others."""

Stroke = Sequence[tuple[float, float]]
"""Points of one stroke as parts of the pad's width, from its upper left corner."""
_LEAST_POINTS, _LEAST_EXTENT, _LEAST_LENGTH = 8, 0.08, 0.2


class SignedAs(StrEnum):
    """Who signed: the patient, or whoever decides for a child or for one who cannot."""

    PATIENT = "PATIENT"
    GUARDIAN = "GUARDIAN"


class ConsentState(StrEnum):
    """What stands with one kind of consent of one patient."""

    IN_FORCE = "IN_FORCE"
    MISSING = "MISSING"
    """Needed here, and not signed."""
    WITHDRAWN = "WITHDRAWN"
    UNSIGNED = "UNSIGNED"
    """Not signed, and not needed."""


class ConsentStands(ClinicError):
    """The patient has signed this very text, and it holds: param ``day``."""

    code = "consent_stands"


class ConsentTextRetired(ClinicError):
    """The text that was shown was replaced or taken out of use meanwhile."""

    code = "consent_text_retired"


class ConsentMissing(ClinicError):
    """The clinic wants consents before a patient is seen, and these are not signed: param ``types``."""

    code = "consent_missing"


def is_minor(born: date | None, on: date) -> bool:
    """Whether somebody else decides: of whom no birth date is known, decides alone."""
    return born is not None and age_years(born, on) < ADULT_YEARS


def is_signature(strokes: Sequence[Stroke]) -> bool:
    """Whether strokes are more than a dot, a slip of the hand or a tick."""
    points = [point for stroke in strokes for point in stroke]
    if len(points) < _LEAST_POINTS:
        return False
    across = max(x for x, _y in points) - min(x for x, _y in points)
    length = sum(dist(a, b) for stroke in strokes for a, b in pairwise(stroke))
    return across >= _LEAST_EXTENT and length >= _LEAST_LENGTH


def state_of(signed: bool, withdrawn: datetime | None, is_needed: bool) -> ConsentState:
    """What stands with the newest of one kind."""
    if signed and withdrawn is None:
        return ConsentState.IN_FORCE
    if is_needed:
        return ConsentState.MISSING
    return ConsentState.WITHDRAWN if signed else ConsentState.UNSIGNED


def needed_key(kind: ConsentType) -> str:
    """The setting that says whether a kind is needed."""
    return f"patients.consent_needed_{kind.value.lower()}"
