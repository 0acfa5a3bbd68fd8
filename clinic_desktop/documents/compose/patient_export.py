"""All of a patient's data as the patient gets it: a paper for people and a file for machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from clinic_desktop.clinic.clinical.rules.vitals import read_vital
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.privacy.belongings import Belongings, belongings
from clinic_desktop.clinic.privacy.queries import privacy_request
from clinic_desktop.clinic.privacy.retention.values import plain
from clinic_desktop.documents.compose.composed import Composed, DocumentKind, letterhead, person
from clinic_desktop.documents.patient_export import Heading, PatientPaper, Section, patient_paper_pdf
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, datetime_text, money_text
from clinic_desktop.kernel.i18n import N_, Language
from clinic_desktop.kernel.money import Money
from clinic_desktop.wording import status
from clinic_desktop.wording.entities import ENTITIES
from clinic_desktop.wording.fields import FIELDS

FORMAT = "clinic-patient-export"
VERSION = 1
_SCALED = {"height": "height_cm", "weight": "weight_kg", "temperature": "temperature_c"}
"""Vital signs are stored in small units; people and other programs get the usual ones."""

_PAPER: dict[str, tuple[str, tuple[tuple[str, float], ...]]] = {
    "appointments": (
        N_("Appointments"),
        (("booking_id", 16), ("start_time", 20), ("doctor_id", 22), ("service_id", 20), ("status", 14), ("reason", 20)),
    ),
    "visits": (N_("Visits"), (("business_date", 16), ("doctor_id", 24), ("service_id", 24), ("visit_type", 14), ("status", 16))),
    "consultations": (
        N_("Consultations"),
        (
            ("business_date", 12),
            ("doctor_id", 14),
            ("complaint", 18),
            ("findings", 18),
            ("diagnosis", 16),
            ("treatment", 18),
            ("notes", 14),
        ),
    ),
    "consultation_diagnoses": (N_("Diagnoses"), (("code", 14), ("text", 50), ("certainty", 20))),
    "consultation_addenda": (N_("Addenda"), (("written_at", 20), ("written_by", 20), ("text", 60))),
    "vital_signs": (
        N_("Vital signs"),
        (
            ("taken_at", 19),
            ("systolic", 15),
            ("diastolic", 15),
            ("pulse", 7),
            ("temperature", 11),
            ("spo2", 15),
            ("weight", 8),
            ("height", 8),
        ),
    ),
    "prescriptions": (
        N_("Prescriptions"),
        (("number", 20), ("business_date", 14), ("doctor_id", 20), ("diagnosis", 24), ("notes", 22), ("status", 16)),
    ),
    "prescription_items": (
        N_("Prescribed medicines"),
        (("medicine_id", 30), ("dose", 8), ("unit", 10), ("frequency", 16), ("duration_days", 10), ("instructions", 26)),
    ),
    "pharmacy_dispensing": (N_("Medicines handed out"), (("business_date", 20), ("status", 20), ("total", 16))),
    "pharmacy_dispensing_items": (N_("Handed out, item by item"), (("item_id", 40), ("batch_id", 20), ("quantity", 12), ("total", 16))),
    "invoices": (N_("Invoices"), (("number", 20), ("business_date", 16), ("total", 16), ("paid", 16), ("balance", 16), ("status", 16))),
    "invoice_items": (N_("Invoice lines"), (("description", 50), ("quantity", 10), ("unit_price", 16), ("total", 16))),
    "payments": (N_("Payments"), (("receipt_number", 22), ("business_date", 18), ("method", 20), ("amount", 18), ("status", 16))),
    "refunds": (N_("Refunds"), (("number", 22), ("business_date", 18), ("method", 18), ("amount", 18), ("reason", 26))),
    "credit_notes": (N_("Credit notes"), (("number", 22), ("business_date", 18), ("amount", 18), ("reason", 30))),
    "wallet_transactions": (N_("Wallet"), (("created_at", 22), ("type", 18), ("amount", 18), ("balance_after", 18), ("description", 24))),
    "patient_identifiers": (N_("Numbers of other systems"), (("system", 40), ("value", 60))),
    "patient_consents": (N_("Consents"), (("type", 24), ("signed_at", 22), ("withdrawn_at", 22), ("witness", 24))),
    "patient_documents": (N_("Files"), (("original_file_name", 36), ("category", 20), ("description", 24), ("created_at", 20))),
    "id_cards": (N_("Cards"), (("card_number", 24), ("issued_at", 22), ("revoked_at", 22), ("revoked_reason", 24))),
    "reviews": (N_("Reviews"), (("rating", 10), ("comment", 60))),
    "record_openings": (N_("Who opened the restricted record"), (("opened_at", 20), ("user_id", 24), ("reason", 50))),
    "privacy_requests": (N_("Requests"), (("number", 20), ("requested_at", 20), ("kind", 16), ("status", 14), ("asked_by", 24))),
}
"""What people read, with its columns; every other table with rows of the patient is in the file for machines."""

_ABOUT = (
    *("first_name", "middle_name", "last_name", "date_of_birth", "gender", "blood_group", "phone", "email", "address", "city", "region"),
    *("postal_code", "country", "national_id", "allergies", "medical_history", "remarks", "emergency_contact_name"),
    *("emergency_contact_phone", "status"),
)


@dataclass(frozen=True, slots=True)
class PatientExport:
    """Both forms of an export, and the files that go with it."""

    number: str
    pdf: bytes
    json: bytes
    owned: Belongings


def patient_export(session: Session, *, language: Language, now: datetime, request_id: UUID, password: str | None = None) -> PatientExport:
    """All data of the patient of a request; a password seals the paper."""
    request = privacy_request(session, request_id)
    clinic = organisation.clinic(session, request.clinic_id)
    owned = belongings(session, request.patient_id)
    today = business_date(now, clinic.timezone)
    _ = language.gettext
    paper = PatientPaper(
        letterhead=letterhead(session, clinic),
        name=_("Your data"),
        number=request.number,
        patient=person(patients.patient(session, request.patient_id), today, language),
        made_at=now,
        timezone=clinic.timezone,
        opening=(
            _("This is everything that {hospital} has recorded about you up to now.").format(hospital=clinic.hospital_name),
            _("The same is in the file {name}, which other programs can read.").format(name=f"{request.number}.json"),
        ),
        sections=tuple(_sections(owned, language, clinic.timezone)),
    )
    content = _json(owned, request.number, now)
    return PatientExport(request.number, patient_paper_pdf(paper, language, password=password), content, owned)


def _sections(owned: Belongings, language: Language, timezone: str) -> Iterable[Section]:
    _ = language.gettext
    for one in owned.rows["patients"]:
        told = [(field, _said(one.get(field), field, "patients", owned, language, timezone)) for field in _ABOUT]
        about = tuple((_title(field, language), text) for field, text in told if text)
        yield Section(_("About you"), (Heading(_("Field"), 30), Heading(_("Value"), 70)), about)
    for name, (title, columns) in _PAPER.items():
        found = owned.rows.get(name)
        if found:
            headings = tuple(Heading(_title(field, language), share, isinstance(found[0].get(field), Money)) for field, share in columns)
            rows = tuple(tuple(_said(row.get(field), field, name, owned, language, timezone) for field, _share in columns) for row in found)
            yield Section(_(title), headings, rows)
    others = [(name, rows) for name, rows in owned.rows.items() if name not in _PAPER and name != "patients"]
    if others:
        listed = tuple((_(ENTITIES.get(name, name.replace("_", " "))).capitalize(), str(len(rows))) for name, rows in others)
        yield Section(_("In the file for other programs only"), (Heading(_("Records"), 80), Heading(_("Number"), 20)), listed)


def _title(field: str, language: Language) -> str:
    known = FIELDS.get(field)
    text = language.gettext(known) if known else field.replace("_", " ")
    return text[:1].upper() + text[1:]


def _said(value: Any, field: str, table: str, owned: Belongings, language: Language, timezone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, UUID):
        return owned.labels.get(value, "")
    if isinstance(value, Money):
        return money_text(value, language)
    if isinstance(value, datetime):
        return datetime_text(value, language, timezone=timezone)
    if isinstance(value, date):
        return date_text(value, language)
    if isinstance(value, Enum):
        return status(value, language)
    if isinstance(value, bool):
        return language.gettext("Yes") if value else language.gettext("No")
    if table == "vital_signs" and field in _SCALED:
        return f"{read_vital(_SCALED[field], value)}"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _json(owned: Belongings, number: str, now: datetime) -> bytes:
    """Keys are column names; dates are ISO 8601 in UTC, amounts decimal texts with their currency, codes come with their words."""
    english = Language("en")
    records = {name: [_object(row, name, owned, english) for row in rows] for name, rows in owned.rows.items()}
    fields = {name: {field: FIELDS[field] for field in rows[0] if field in FIELDS} for name, rows in owned.rows.items()}
    files = [
        {"name": one.name, "category": one.category, "media_type": one.media_type, "sha256": one.sha256, "bytes": one.size_bytes}
        for one in owned.files
    ]
    content = {"format": FORMAT, "version": VERSION, "number": number, "made_at": now, "fields": fields, "records": records, "files": files}
    return msgspec.json.format(msgspec.json.encode(content), indent=1)


def _object(row: Mapping[str, Any], table: str, owned: Belongings, language: Language) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field, value in row.items():
        if value is None:
            continue
        if isinstance(value, Money):
            told[field] = {"amount": f"{value.amount}", "currency": value.currency}
        elif table == "vital_signs" and field in _SCALED:
            told[_SCALED[field]] = f"{read_vital(_SCALED[field], value)}"
        else:
            told[field] = plain(value)
        if isinstance(value, Enum):
            told[f"{field}_text"] = status(value, language)
        elif isinstance(value, UUID) and value in owned.labels:
            told[f"{field.removesuffix('_id')}_name"] = owned.labels[value]
    return told


_WHY = {
    "MEDICAL": N_("Medical records"),
    "BILLING": N_("Invoices and payments"),
    "APPOINTMENTS": N_("Appointments and visits"),
    "AUDIT": N_("The audit trail, with what was erased"),
}


def erasure_statement(session: Session, *, language: Language, now: datetime, request_id: UUID) -> Composed:
    """What was erased on request, what stays until which day, and why: for the patient."""
    request = privacy_request(session, request_id)
    clinic = organisation.clinic(session, request.clinic_id)
    _ = language.gettext
    plan = request.outcome
    stays = plan.stays if plan is not None else ()
    rows = tuple((_(_WHY[one.kind]), "" if one.until is None else date_text(one.until, language)) for one in stays)
    erased = ", ".join(_title(field, language) for field in (plan.fields if plan is not None else ()))
    done = date_text(business_date(request.done_at, clinic.timezone), language) if request.done_at is not None else ""
    paper = PatientPaper(
        letterhead=letterhead(session, clinic),
        name=_("Erasure of your data"),
        number=request.number,
        patient=person(patients.patient(session, request.patient_id), business_date(now, clinic.timezone), language),
        made_at=now,
        timezone=clinic.timezone,
        opening=(
            _("On {day} we erased who you are and how to reach you from the record {number}.").format(
                day=done, number=request.patient_number
            ),
            _("Erased: {fields}.").format(fields=erased),
        ),
        sections=(Section(_("What the law lets stay, without your name"), (Heading(_("What"), 70), Heading(_("Until"), 30)), rows),),
        closing=(
            _("The audit trail still holds the former values until the day above. Only administrators can read it."),
            _("Archives and backups made before that day are encrypted. They are destroyed when their time is over."),
            _("This cannot be undone. If you come again, you will be registered as a new patient."),
        ),
    )
    return Composed(
        DocumentKind.ERASURE_STATEMENT, "privacy_requests", request.id, request.number, patient_paper_pdf(paper, language), False
    )
