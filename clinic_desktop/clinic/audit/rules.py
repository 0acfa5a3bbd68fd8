"""Kinds and pure rules of audit: what is looked for together, what is not shown, and how a journalled value is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from clinic_desktop.kernel.money import Money

READ_AGAIN_AFTER = timedelta(minutes=15)
"""A person who opens the same record once more within this time leaves no second trace."""

READ, EXPORTED, VERIFIED = "read", "exported", "verified"
"""The notes that audit itself writes."""


class What(StrEnum):
    """What of a record was opened."""

    FILE = "file"
    CLINICAL_RECORD = "clinical_record"
    PRESCRIPTION = "prescription"
    HISTORY = "history"
    DOCUMENT = "document"


class Only(StrEnum):
    """What an auditor asks for most."""

    DENIALS = "DENIALS"
    FAILURES = "FAILURES"
    LOGINS = "LOGINS"
    READS = "READS"
    PRINTS = "PRINTS"
    EXPORTS = "EXPORTS"
    OVERRIDES = "OVERRIDES"


@dataclass(frozen=True, slots=True)
class Trace:
    """How entries of one kind are found: by the commands that write nothing else, or by notes about some tables (none: any)."""

    events: tuple[str, ...]
    commands: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


_PRINTING = ("organisation.record_print", "patients.record_card_printed", "patients.record_cards_printed")

_ACCOUNTS = ("users", "login_failures")
TRACES: dict[Only, Trace] = {
    Only.DENIALS: Trace(("denied",), commands=("access.denied",)),
    Only.FAILURES: Trace(
        ("login_failed", "login_locked", "login_disabled", "login_password_due", "identity_not_accepted", "pin_failed", "pin_off"),
        about=_ACCOUNTS,
    ),
    Only.LOGINS: Trace(
        ("logged_in", "switched_by_pin", "logged_out", "session_ended", "password_confirmed", "identity_confirmed"), about=_ACCOUNTS
    ),
    Only.READS: Trace((READ,), commands=("audit.record_read",)),
    Only.PRINTS: Trace(("printed", "card_printed"), commands=_PRINTING),
    Only.EXPORTS: Trace((EXPORTED,)),
    Only.OVERRIDES: Trace(("prescription_override", "signed_on_behalf", "cancellation_approved", "glass_broken", "approval_made")),
}

LEADING = (
    *("patient_merges", "pharmacy_returns", "pharmacy_dispensing", "payments", "credit_notes", "refunds"),
    *(
        "consultations",
        "prescriptions",
        "id_cards",
        "appointments",
        "visits",
        "invoices",
        "patients",
        "stock_adjustments",
        "doctors",
        "services",
    ),
)
"""Tables whose record a change set is about, before all others that it touches."""
BACKSTAGE = frozenset({"command_keys", "id_sequences"})
"""Tables of which a person learns nothing: they are told only when a change set holds nothing else."""
BACKSTAGE_FIELDS = frozenset(
    {"id", "row_version", "created_at", "updated_at", "search_key", "search_text", "name_key", "sounds", "phone_tail", "username_hash"}
)
"""Columns that follow from others, or that no person ever sees."""

SAYS_WHICH = {"reference_id": "reference_type", "source_id": "source_type", "entity_id": "entity_type"}
"""Keys without a foreign key, and the column that names their table."""

CLINICAL: dict[str, frozenset[str]] = {
    "patients": frozenset({"medical_history"}),
    "consultations": frozenset({"complaint", "findings", "diagnosis", "treatment", "notes"}),
    "consultation_addenda": frozenset({"text"}),
    "consultation_diagnoses": frozenset({"code_system", "code", "text", "certainty"}),
    "prescriptions": frozenset({"diagnosis", "notes", "override_reason", "warnings"}),
    "patient_documents": frozenset({"description", "tags"}),
    "prescription_items": frozenset({"instructions"}),
    "prescription_versions": frozenset({"snapshot"}),
    "vital_signs": frozenset({"height", "weight", "temperature", "pulse", "systolic", "diastolic", "spo2", "respiratory_rate", "glucose"}),
}
"""What was written about somebody's health: told only to those with a clinical right."""


class Veil(StrEnum):
    """Why a value is not told."""

    SECRET = "SECRET"  # noqa: S105 - the word for one
    CLINICAL = "CLINICAL"


@dataclass(frozen=True, slots=True)
class Coded:
    """One of a fixed list."""

    code: str


@dataclass(frozen=True, slots=True)
class Percent:
    """A share or rate in hundredths of a percent."""

    basis_points: int


@dataclass(frozen=True, slots=True)
class Named:
    """A record by what people call it: numbers, names, dates; nothing when it is not there any more."""

    entity_type: str
    entity_id: UUID
    parts: tuple[Part, ...] = ()


Part = str | int | date | datetime | time | Money | Coded
Value = str | int | bool | Decimal | date | datetime | time | Money | Coded | Percent | Named | Veil | None
"""What a field held, in the form in which it can be worded."""
