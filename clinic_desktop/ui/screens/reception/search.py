"""What the search of the header and a scanner find at the front desk."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.organisation.queries import clinic, in_full
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.queries import PatientHit, PatientRow
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.staff import queries as staff
from clinic_desktop.kernel.formats import date_text, datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.finding import asked_on, with_warning
from clinic_desktop.ui.numbers import is_card, is_of
from clinic_desktop.ui.screens.reception.words import age, visit_status
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.widgets import beside

_TAIL = 4
_TOKEN = re.compile(r"#\s*(\d{1,6})")
_LEAST = 2


def find_patients(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Patients by any part of name, phone, number or birth date; or whose card was scanned."""
    today = asked_on(session)
    if is_card(text):
        owner = patients.scanned_card(session, text, today=today)
        if owner is not None:
            return [with_warning(_hit(owner.patient, today), owner.fault)]
    return [_hit(one, today) for one in patients.search(session, text, limit)]


def _hit(one: PatientHit | PatientRow, today: date) -> Hit:
    """A patient with what tells him from his namesakes."""
    tail = f"\u2066…{one.phone[-_TAIL:]}\u2069" if one.phone else None
    closed = None if one.status is PatientStatus.ACTIVE else wording.status(one.status)
    detail = beside(closed, one.patient_number, age(one, today), wording.status(one.gender), tail)
    return Hit(one.full_name, detail, one.id, {"patient_id": one.id}, mark=_("Allergies") if one.allergies else "")


def find_appointments(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """The appointment with a booking number, of which the year and the noughts may be left out."""
    if not is_of(text, "appointment"):
        return []
    found = frontdesk.appointment_by_booking_id(session, in_full(session, "appointment", text, clinic_id=clinic_id))
    if found is None:
        return []
    when = datetime_text(found.start, timezone=clinic(session, clinic_id).timezone)
    opened = {"patient_id": found.patient_id, "visit_id": found.visit_id}
    return [Hit(f"{found.booking_id}   {found.patient_name}", when, found.appointment_id, opened)]


def find_visits(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Today\u2019s visit with a token\u2019s number, typed as ``#12``; or the one whose token was scanned."""
    typed, today = _TOKEN.fullmatch(text.strip()), asked_on(session)
    found: VisitRow | None = None
    if is_of(text, "queue"):
        found = frontdesk.visit_of_token(session, text)
    elif typed is not None:
        found = frontdesk.visit_numbered(session, clinic_id=clinic_id, day=today, queue_number=int(typed[1]))
    if found is None:
        return []
    day = None if found.business_date == today else date_text(found.business_date)
    detail = beside(day, visit_status(found), found.doctor_name)
    return [
        Hit(
            f"#{found.queue_number}   {found.patient_name}",
            detail,
            found.visit_id,
            {"patient_id": found.patient_id, "visit_id": found.visit_id},
        )
    ]


def find_doctors(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Doctors of this clinic by name or specialty, to book with."""
    words = _words(text)
    found = [one for one in staff.doctors(session, clinic_id) if _says(words, one.full_name, one.specialty)] if words else []
    return [
        Hit(
            one.full_name,
            beside(one.specialty, _("Room {room}").format(room=one.room) if one.room else None),
            one.id,
            {"doctor_id": one.id},
        )
        for one in found[:limit]
    ]


def find_services(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Services by name or code, to book."""
    words = _words(text)
    found = [one for one in staff.services(session) if _says(words, one.name, one.code)] if words else []
    return [Hit(one.name, one.code, one.id, {"service_id": one.id}) for one in found[:limit]]


def _words(text: str) -> list[str]:
    """Letters only: figures are numbers, phones and dates, and mean no doctor."""
    plain = search_form(text)
    return [] if len(plain) < _LEAST or any(letter.isdigit() for letter in plain) else plain.split()


def _says(words: list[str], *texts: str) -> bool:
    """Whether each word begins one of theirs."""
    known = [word for told in texts for word in search_form(told).split()]
    return all(any(one.startswith(word) for one in known) for word in words)
