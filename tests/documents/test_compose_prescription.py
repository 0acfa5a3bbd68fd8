"""The prescription on paper says what the doctor signed: medicines, strengths, doses, days, and whom to warn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.clinical import queries
from clinic_desktop.clinic.clinical.rules import Frequency, NewVitals, NotPrintable, Route
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.clinic.pharmacy.rules import DispenseLine
from clinic_desktop.documents import compose
from clinic_desktop.documents.compose import Composed, DocumentKind
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import line
from tests.clinic.stock.shelf import Shelf
from tests.documents.floor import HEAD, Floor, rows
from tests.documents.rendering import symbols

MORNING = NewVitals(
    height_cm=Decimal(150), weight_kg=Decimal(70), temperature_c=Decimal("39.2"), pulse=99, systolic=141, diastolic=91, spo2=94
)
NOON = NewVitals(
    height_cm=Decimal(160), weight_kg=Decimal("61.5"), temperature_c=Decimal("38.1"), pulse=82, systolic=118, diastolic=76, spo2=97
)


def visit(floor: Floor, *, role: str = "doctor2", **details: Any) -> UUID:
    """A patient who sits with the second doctor."""
    known: dict[str, Any] = {"date_of_birth": date(1989, 11, 23), **details}
    patient = floor.register("Asha", "Ghorpade", **known)
    doctor_id = floor.world.second_doctor_id if role == "doctor2" else floor.world.doctor_id
    arrived = floor.walk_in(patient.id, doctor_id=doctor_id)
    floor.enter(arrived.visit_id, role=role, room="2")
    return arrived.visit_id


def draft(floor: Floor, visit_id: UUID, *items: clinical.NewItem, **more: Any) -> clinical.PrescriptionSaved:
    return floor.run("doctor2", clinical.write_prescription, key=new_id(), visit_id=visit_id, items=items, **more)


def sign(floor: Floor, visit_id: UUID) -> None:
    floor.run("doctor2", clinical.save_consultation, visit_id=visit_id, complaint="Fever for two days", diagnosis="Not on the paper")
    floor.run("doctor2", clinical.sign_consultation, visit_id=visit_id)


def paper(floor: Floor, prescription_id: UUID, code: str = "en") -> Composed:
    return floor.document(compose.prescription, language=Language(code), prescription_id=prescription_id)


def medicines(floor: Floor) -> dict[str, UUID]:
    shelf = Shelf.open(floor.world)
    kinds = {
        "Amoxy": {"unit": "ml", "strength": "250 mg/5 ml", "form": "syrup"},
        "Dolo 650": {"strength": "650 mg", "generic_name": "Paracetamol"},
        "Moxidrop": {"unit": "bottle", "strength": None, "generic_name": "Moxifloxacin"},
    }
    return {name: shelf.medicine(name, **details)[0] for name, details in kinds.items()}


def test_a_prescription_says_what_was_signed(floor: Floor) -> None:
    known = medicines(floor)
    visit_id = visit(floor, allergies="Penicillin, peanuts")
    for reading, minutes in ((MORNING, 3), (NOON, 4)):
        floor.run("nurse", clinical.record_vitals, visit_id=visit_id, reading=reading)
        floor.clock.advance(minutes=minutes)
    items = (
        line(known["Amoxy"], dose=Decimal("7.50"), unit="ml", frequency=Frequency.TDS, duration_days=4, instructions="Shake well"),
        line(known["Dolo 650"], dose=Decimal("0.5"), frequency=Frequency.BD, duration_days=9),
        line(
            known["Moxidrop"], dose=Decimal(2), unit="drop", route=Route.EYE, frequency=Frequency.QID, duration_days=1, quantity=3,
            instructions="Left eye",
        ),
    )  # fmt: skip
    written = draft(
        floor, visit_id, line(known["Dolo 650"], duration_days=30), diagnosis="Cold", notes="Fast", follow_up_date=date(2026, 3, 5)
    )
    about = {"diagnosis": "Acute otitis", "notes": "Rest and drink", "follow_up_date": date(2026, 3, 7)}
    floor.run("doctor2", clinical.edit_prescription, prescription_id=written.prescription_id, version=1, items=items, **about)
    sign(floor, visit_id)
    sheet = paper(floor, written.prescription_id)

    assert (sheet.kind, sheet.entity_type, sheet.entity_id) == (DocumentKind.PRESCRIPTION, "prescriptions", written.prescription_id)
    assert (sheet.number, sheet.is_reprint) == ("RX-2026-00001", False)
    assert rows(sheet) == [
        *(*HEAD, "Prescription", "RX-2026-00001", "Farah Ansari", "MBBS, MD · Cardiologist", "Mar 2, 2026"),
        *("Patient", "Asha Ghorpade", "Sex and age", "Female · 36 y", "Patient no.", "PAT-2026-00001"),
        "Allergies: Penicillin, peanuts",
        "BP 118/76 mmHg · Pulse 82 /min · Temp. 38.1 °C · SpO₂ 97 % · Weight 61.5 kg · BMI 24.0",
        *("Diagnosis", "Acute otitis", "℞"),
        *("1. Amoxy 250 mg/5 ml 90 ml", "7.5 ml · Three times a day · 4 days", "Shake well"),
        *("2. Dolo 650 9 tablet", "0.5 tablet · Twice a day · 9 days"),
        *("3. Moxidrop 3 bottle", "2 drop · Into the eye · Four times a day · 1 day", "Left eye"),
        *("Advice", "Rest and drink", "Follow-up", "Sat, Mar 7, 2026"),
        *("RX-2026-00001", "Farah Ansari", "Licence no. MMC-1002"),
        "RX-2026-00001 · Asha Ghorpade · PAT-2026-00001 Page 1 of 1",
    ]
    assert symbols(sheet.pdf, 300) == [("Code128", "RX-2026-00001")]


def test_what_was_not_asked_or_measured_is_not_said(floor: Floor) -> None:
    known = medicines(floor)
    visit_id = visit(floor, date_of_birth=None, age_years=8, gender=Gender.MALE)
    floor.run("nurse", clinical.record_vitals, visit_id=visit_id, reading=NewVitals(pulse=101))
    written = draft(floor, visit_id, line(known["Dolo 650"]))
    sign(floor, visit_id)
    said = rows(paper(floor, written.prescription_id))

    assert {"Male · about 8 y", "Allergies not recorded", "Pulse 101 /min", "1. Dolo 650 10 tablet"} <= set(said)
    assert not {"Diagnosis", "Advice", "Follow-up", "COPY"} & set(said)


def test_an_unsigned_or_cancelled_prescription_is_no_paper(floor: Floor) -> None:
    known = medicines(floor)
    visit_id = visit(floor)
    written = draft(floor, visit_id, line(known["Dolo 650"]))
    for status, act in (("DRAFT", None), ("CANCELLED", clinical.cancel_prescription)):
        if act is not None:
            sign(floor, visit_id)
            assert paper(floor, written.prescription_id).number == "RX-2026-00001"
            floor.run("doctor2", act, prescription_id=written.prescription_id, reason="Wrong patient")
        with pytest.raises(NotPrintable) as refused:
            paper(floor, written.prescription_id)
        assert refused.value.params == {"status": status}


def test_dispensing_changes_no_word_and_a_second_print_is_a_copy(floor: Floor) -> None:
    shelf = Shelf.open(floor.world)
    medicine_id, item_id = shelf.medicine("Dolo 650")
    shelf.receive(item_id, 100)
    visit_id = visit(floor)
    written = draft(floor, visit_id, line(medicine_id))
    sign(floor, visit_id)
    before = paper(floor, written.prescription_id)
    with floor.world.db.read() as session:
        (item,) = items_of(session, written.prescription_id)
    ask = {"prescription_id": written.prescription_id, "location_id": shelf.location_id, "lines": (DispenseLine(item, 4),)}
    floor.run("pharmacist", pharmacy.dispense, key=new_id(), **ask)
    assert rows(paper(floor, written.prescription_id)) == rows(before)
    floor.printed(before)
    again = paper(floor, written.prescription_id)
    assert (again.is_reprint, [row for row in rows(again) if row != "COPY"], rows(again).count("COPY")) == (True, rows(before), 1)


def items_of(session: Any, prescription_id: UUID) -> list[UUID]:
    return [one.id for one in queries.prescription(session, prescription_id).items]


@pytest.mark.parametrize(("code", "said"), [("hi", "महिला · 36 वर्ष"), ("ar", "ىثنأ · 63 ةنس")])  # a PDF has Arabic as it is drawn
def test_the_paper_speaks_the_language_it_is_asked_for_and_is_of_the_clinics_day(floor: Floor, code: str, said: str) -> None:
    known = medicines(floor)
    floor.clock.now = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)  # Tuesday, half past midnight in the clinic
    visit_id = visit(floor)
    written = draft(floor, visit_id, line(known["Dolo 650"], route=Route.EYE))
    sign(floor, visit_id)
    assert said in rows(paper(floor, written.prescription_id, code))
    assert "Mar 3, 2026" in rows(paper(floor, written.prescription_id))
