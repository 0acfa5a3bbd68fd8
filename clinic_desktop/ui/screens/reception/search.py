"""What the search of the header and a scanner find at the front desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.organisation.queries import clinic
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.ui.numbers import is_card, is_of
from clinic_desktop.ui.spec import Hit


def find_patients(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """Patients by any part of name, phone, number or birth date; or whose card was scanned."""
    if is_card(text):
        owner = patients.patient_of_code(session, text)
        if owner is not None:
            return [Hit(owner.full_name, owner.patient_number, owner.id, {"patient_id": owner.id})]
    found = patients.search(session, text, limit)
    return [Hit(one.full_name, _detail(one.patient_number, one.phone), one.id, {"patient_id": one.id}) for one in found]


def _detail(number: str, phone: str | None) -> str:
    return f"{number}   {phone}" if phone else number


def find_appointments(session: Any, *, text: str, clinic_id: UUID, limit: int) -> list[Hit]:
    """The appointment with a booking number."""
    if not is_of(text, "appointment"):
        return []
    found = frontdesk.appointment_by_booking_id(session, text)
    if found is None:
        return []
    when = datetime_text(found.start, timezone=clinic(session, clinic_id).timezone)
    opened = {"patient_id": found.patient_id, "visit_id": found.visit_id}
    return [Hit(f"{found.booking_id}   {found.patient_name}", when, found.appointment_id, opened)]
