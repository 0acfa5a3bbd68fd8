"""How long each table's rows are kept, from which day on, and what must be over before one may leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, Setting, setting


class Kind(StrEnum):
    """Why a row is kept; the last two never leave by age."""

    APPOINTMENTS = "APPOINTMENTS"
    MEDICAL = "MEDICAL"
    BILLING = "BILLING"
    AUDIT = "AUDIT"
    STOCK = "STOCK"
    """Goods, not persons: balances are the sum of their whole history."""
    REFERENCE = "REFERENCE"
    """Set-up, staff and the site's own mechanics: they keep themselves."""


SHORTEST_YEARS = {Kind.APPOINTMENTS: 1, Kind.MEDICAL: 3, Kind.BILLING: 5, Kind.AUDIT: 1}
"""Nobody can choose less."""

WHY_SHORTEST = {
    Kind.APPOINTMENTS: N_("Complaints and yearly reports look back one year."),
    Kind.MEDICAL: N_("No country that we know of lets medical records go before three years after the last treatment."),
    Kind.BILLING: N_("Tax offices may ask for invoices and receipts for at least five years."),
    Kind.AUDIT: N_("A misuse of the records is often noticed only months later."),
}

LONGEST_YEARS = 100
MAJORITY = 18
"""A child's medical record is kept until this age and the years of medical records after it."""


def _years(kind: Kind, usual: int, title: str) -> Setting[int]:
    key, low = f"privacy.keep_years_{kind.value.lower()}", SHORTEST_YEARS[kind]
    return setting(key, usual, Scope.HOSPITAL, title, help=WHY_SHORTEST[kind], low=low, high=LONGEST_YEARS)


KEEP_YEARS: dict[Kind, Setting[int]] = {
    Kind.APPOINTMENTS: _years(Kind.APPOINTMENTS, 7, N_("Years for which visits are kept")),
    Kind.MEDICAL: _years(Kind.MEDICAL, 10, N_("Years for which medical records are kept")),
    Kind.BILLING: _years(Kind.BILLING, 7, N_("Years for which invoices and payments are kept")),
    Kind.AUDIT: _years(Kind.AUDIT, 3, N_("Years for which the audit trail is kept")),
}

REPLAY_DAYS = 35
"""The journal of these days never leaves: a point-in-time restore replays it."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How one table is kept.

    A row with a ``day`` may leave when that is old enough and ``closed`` (SQL over the row) is true. A row also stays with each
    row that it is ``part_of`` (columns), or with all of them when ``any_owner``: then it goes as soon as one goes.
    One that ``follows`` goes when the last row that points to it goes. ``person`` is the column that names the patient.
    """

    kind: Kind
    day: str | None = None
    closed: str | None = None
    part_of: tuple[str, ...] = ()
    any_owner: bool = False
    follows: bool = False
    person: str | None = None
    number: str | None = None
    names: tuple[str, ...] = ()
    """Columns whose keys are remembered: rows that stay behind cannot be added up without these."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row of ``parent`` that must stay as long as a row of ``child`` with the same values stays, with no key to say so."""

    child: str
    parent: str
    columns: tuple[str, ...]


def _own(kind: Kind) -> Keeping:
    return Keeping(kind)


_EMPTY_WALLET = (
    "NOT EXISTS (SELECT 1 FROM wallet_transactions w WHERE w.patient_id = patients.id AND w.balance_after <> 0 AND NOT EXISTS "
    "(SELECT 1 FROM wallet_transactions n WHERE n.patient_id = w.patient_id AND n.clinic_id = w.clinic_id AND n.sequence > w.sequence))"
)
_NOT_THE_LATEST = (
    "EXISTS (SELECT 1 FROM doctor_settlements n WHERE n.doctor_id = doctor_settlements.doctor_id "
    "AND n.clinic_id = doctor_settlements.clinic_id AND n.period_to > doctor_settlements.period_to)"
)
_OF_PATIENT = Keeping(Kind.MEDICAL, part_of=("patient_id",), person="patient_id")
_A, _M, _B = Kind.APPOINTMENTS, Kind.MEDICAL, Kind.BILLING

_LEAVING: dict[str, Keeping] = {
    "appointments": Keeping(
        _A, "business_date", "status IN ('COMPLETED', 'CANCELLED', 'NO_SHOW')", person="patient_id", number="booking_id"
    ),
    "appointment_services": Keeping(_A, part_of=("appointment_id",)),
    "visits": Keeping(
        _A, "business_date", "status IN ('COMPLETED', 'CANCELLED', 'LEFT')", part_of=("appointment_id",), person="patient_id"
    ),
    "appointment_queue": Keeping(_A, part_of=("visit_id",), person="patient_id"),
    "appointment_status_log": Keeping(_A, part_of=("visit_id",)),
    "waiting_list": Keeping(
        _A, "last_day", "status IN ('BOOKED', 'EXPIRED', 'WITHDRAWN')", part_of=("appointment_id",), person="patient_id"
    ),
    "doctor_delays": Keeping(_A, "business_date"),
    "reviews": Keeping(_A, part_of=("visit_id",), person="patient_id"),
    "patients": Keeping(_M, "updated_at", _EMPTY_WALLET, person="id", number="patient_number"),
    "patient_identifiers": _OF_PATIENT,
    "patient_consents": _OF_PATIENT,
    "id_cards": Keeping(_M, part_of=("patient_id",), person="patient_id", number="card_number"),
    "patient_duplicates": Keeping(_M, part_of=("a_id", "b_id"), any_owner=True, person="a_id"),
    "patient_merges": Keeping(_M, part_of=("kept_id", "merged_id"), any_owner=True, person="merged_id"),
    "patient_documents": Keeping(_M, "created_at", person="patient_id"),
    "documents": Keeping(_M, follows=True),
    "otp_verifications": _OF_PATIENT,
    "wallet_transactions": Keeping(_B, part_of=("patient_id",), person="patient_id"),
    "record_openings": Keeping(Kind.AUDIT, "opened_at", "reviewed_at IS NOT NULL", person="patient_id"),
    "privacy_requests": Keeping(Kind.AUDIT, part_of=("patient_id",), person="patient_id", number="number"),
    "consultations": Keeping(_M, "business_date", "status = 'SIGNED'", person="patient_id"),
    "consultation_addenda": Keeping(_M, part_of=("consultation_id",)),
    "consultation_diagnoses": Keeping(_M, part_of=("consultation_id",)),
    "vital_signs": Keeping(_M, "taken_at", person="patient_id"),
    "prescriptions": Keeping(_M, "business_date", "status IN ('DISPENSED', 'CANCELLED', 'EXPIRED')", person="patient_id", number="number"),
    "prescription_items": Keeping(_M, part_of=("prescription_id",)),
    "prescription_versions": Keeping(_M, part_of=("prescription_id",)),
    "pharmacy_dispensing": Keeping(_M, "business_date", part_of=("prescription_id",), person="patient_id"),
    "pharmacy_dispensing_items": Keeping(_M, part_of=("dispensing_id",)),
    "pharmacy_returns": Keeping(_M, "business_date", part_of=("dispensing_id",)),
    "pharmacy_return_items": Keeping(_M, part_of=("return_id", "dispensing_item_id")),
    "invoices": Keeping(_B, "business_date", "status IN ('PAID', 'CANCELLED')", person="patient_id", number="number", names=("visit_id",)),
    "invoice_items": Keeping(_B, part_of=("invoice_id",), names=("source_id",)),
    "payments": Keeping(
        _B,
        "business_date",
        "status <> 'PENDING'",
        person="patient_id",
        number="receipt_number",
        names=("till_session_id",),
    ),
    "payment_allocations": Keeping(_B, part_of=("payment_id", "invoice_id")),
    "refunds": Keeping(_B, "business_date", part_of=("payment_id", "invoice_id"), number="number", names=("till_session_id",)),
    "credit_notes": Keeping(_B, "business_date", part_of=("invoice_id",), person="patient_id", number="number"),
    "credit_note_items": Keeping(_B, part_of=("credit_note_id", "invoice_item_id")),
    "till_sessions": Keeping(_B, "business_date", "status = 'CLOSED'"),
    "daily_settlements": Keeping(_B, "business_date"),
    "daily_settlement_lines": Keeping(_B, part_of=("settlement_id",)),
    # The latest stays: the next settlement begins where it ended.
    "doctor_settlements": Keeping(_B, "period_to", _NOT_THE_LATEST),
    "notification_queue": Keeping(
        _A, "created_at", "status IN ('SENT', 'DEAD', 'WITHDRAWN')", part_of=("appointment_id",), person="patient_id"
    ),
    "sync_conflicts": Keeping(Kind.AUDIT, "detected_at", "status = 'DECIDED'", person="patient_id"),
    "journal": Keeping(Kind.AUDIT, "at"),
    "audit_logs": Keeping(Kind.AUDIT),
}

_STOCK = (
    *("inventory_items", "medicine_batches", "medicines", "stock_adjustment_lines", "stock_adjustments", "stock_locations"),
    *("stock_movements", "suppliers"),
)
_REFERENCE = (
    *("card_templates", "consent_templates"),
    *("archives", "card_signing_keys", "clinics", "command_keys", "database_identity", "departments", "doctor_fees", "doctor_leaves"),
    *("doctor_schedules", "doctors", "drafts", "holidays", "hospital_settings", "hospitals", "id_sequences", "journal_head"),
    *(
        "journal_secrets",
        "login_failures",
        "notification_templates",
        "password_resets",
        "permissions",
        "prescription_template_items",
        "prescription_templates",
    ),
    *("refresh_tokens", "role_permissions", "roles", "services", "specialties", "tax_configurations", "time_slots", "user_roles"),
    *("users", "workstations", "access_stamp", "backups", "channel_secrets", "document_blobs", "former_number_formats", "key_vault"),
    *("number_formats", "session_sightings", "sites", "journal_origins", "sync_link", "sync_load_pages", "sync_parked", "sync_parked_rows"),
    *("sync_tombstones", "sync_taken", "sync_documents", "sync_document_parts", "sync_peers", "sync_enrolment_codes", "sync_tries"),
    *("sync_service", "name_words", "name_word_keys", "doctor_ratings", "kiosk_tries"),
    *("sync_spent_challenges", "central_operator", "central_sessions", "sync_contacts", "server_certificates", "backup_service"),
)

KEEPING: dict[str, Keeping] = {
    **_LEAVING,
    **dict.fromkeys(_STOCK, _own(Kind.STOCK)),
    **dict.fromkeys(_REFERENCE, _own(Kind.REFERENCE)),
}
"""Every table, once."""

# A settled day stays settled as long as any of its entries is here.
LINKS = tuple(
    Link(child, "daily_settlements", ("clinic_id", "business_date")) for child in ("payments", "refunds", "credit_notes", "till_sessions")
)


def years_after(day: date, years: int) -> date:
    """The same day so many years later or, when negative, earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def cutoff(today: date, years: int) -> date:
    """What is of an earlier day may leave."""
    return years_after(today, -years)


def adult_on(birth: date) -> date:
    """The day on which somebody comes of age."""
    return years_after(birth, MAJORITY)
