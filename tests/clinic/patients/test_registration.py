"""Registering and editing: what is refused, what is shared, and that a double click registers one person."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.details import PatientDetails, TypedDetails, details_of
from clinic_desktop.clinic.patients.events import PatientRegistered
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender, PatientStatus, PhoneTaken
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied, StaleRecord
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.text import clean_line, clean_text
from tests.clinic.patients.desk import HOSTILE, found, hits, register
from tests.clinic.world import World
from tests.history import entity_history


def _stored(world: World, patient_id: UUID) -> PatientRow:
    with world.db.read() as session:
        return queries.patient(session, patient_id)


def _count(world: World) -> int:
    with world.db.read() as session:
        return session.scalar(select(func.count()).select_from(Patient)) or 0


def _edit(world: World, row: PatientRow, *, phone: str | None = None, phone_owner_id: UUID | None = None, **changes: Any) -> PatientRow:
    return world.db.run(
        world.actor("receptionist"),
        commands.edit_patient,
        patient_id=row.id,
        row_version=row.row_version,
        details=replace(details_of(row), **changes),
        phone=phone,
        phone_owner_id=phone_owner_id,
    )


def test_a_registered_patient_is_stored_as_answered(world: World) -> None:
    events: list[object] = []
    world.db.subscribe(events.extend)
    row = register(
        world,
        "  Asha ",
        "Rao",
        middle_name="K",
        date_of_birth=date(1990, 5, 17),
        phone="98765 43210",
        blood_group=BloodGroup.B_POSITIVE,
        email="asha@example.org",
        allergies="penicillin",
        emergency_contact_phone="98765 00000",
    )
    assert row == _stored(world, row.id)
    assert (row.patient_number, row.full_name) == ("PAT-2026-00001", "Asha K Rao")
    assert (row.phone, row.phone_typed, row.phone_owner_id) == ("+919876543210", "98765 43210", None)
    assert (row.dob_is_estimated, row.status, row.row_version) == (False, PatientStatus.ACTIVE, 1)
    assert events == [PatientRegistered(row.id, world.clinic_id)]
    assert register(world, phone=None).patient_number == "PAT-2026-00002"


def test_an_age_fills_in_an_estimated_birth_date(world: World) -> None:
    row = register(world, age_years=40)
    assert row.dob_is_estimated
    assert row.date_of_birth == date(2025, 9, 1).replace(year=1985)


def test_a_double_click_registers_one_person(world: World) -> None:
    key = new_id()
    first = register(world, phone="9876543210", key=key)
    assert register(world, phone="9876543210", key=key) == first
    assert _count(world) == 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("first_name", {"first_name": " \u202e "}),
        ("first_name", {"first_name": "x" * 101}),
        ("date_of_birth", {"age_years": None}),
        ("date_of_birth", {"date_of_birth": date(2026, 3, 3)}),
        ("age", {"age_years": 187}),
        ("phone", {"phone": "abc"}),
        ("email", {"email": "nobody"}),
        ("emergency_contact_phone", {"emergency_contact_phone": "mother"}),
        ("phone_owner_id", {"phone": "9876543210", "phone_owner_id": new_id()}),
    ],
)
def test_wrong_input_names_its_field_and_takes_no_number(world: World, field: str, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        register(world, **values)
    assert refusal.value.field == field
    assert _count(world) == 0
    assert register(world).patient_number == "PAT-2026-00001"


def test_a_phone_belongs_to_one_patient_unless_it_is_shared(world: World) -> None:
    mother = register(world, "Asha", phone="98765 43210")
    with pytest.raises(PhoneTaken) as refusal:
        register(world, "Ravi", phone="+91-98765-43210")
    assert refusal.value.params["patient_id"] == str(mother.id)
    assert refusal.value.params["full_name"] == "Asha Rao"
    son = register(world, "Ravi", phone="09876543210", phone_owner_id=mother.id)
    # A third member may be told to share with any of the family; the owner stays one.
    daughter = register(world, "Ria", phone="9876543210", phone_owner_id=son.id)
    assert son.phone_owner_id == daughter.phone_owner_id == mother.id
    with world.db.read() as session:
        assert [one.full_name for one in queries.family(session, son.id)] == ["Asha Rao", "Ria Rao"]


def test_two_desks_with_one_phone_register_one_owner(world: World) -> None:
    barrier = threading.Barrier(2)

    def desk(name: str) -> str:
        barrier.wait(timeout=30)
        try:
            return register(world, name, phone="9876543210").full_name
        except PhoneTaken as refusal:
            return f"taken by {refusal.params['full_name']}"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(desk, ["Asha", "Usha"]))
    winner = next(name for name in ("Asha Rao", "Usha Rao") if name in outcomes)
    assert outcomes == sorted([winner, f"taken by {winner}"])
    assert _count(world) == 1


def test_the_database_itself_refuses_a_second_owner(world: World) -> None:
    row = register(world, phone="9876543210")
    other = register(world, "Ravi")
    with pytest.raises(IntegrityError), world.db.write(world.system()) as tx:
        tx.command = "test"
        patient = tx.session.get_one(Patient, other.id)
        patient.phone, patient.phone_typed = row.phone, row.phone


def test_when_the_owner_takes_another_number_the_family_keeps_the_old_one(world: World) -> None:
    mother = register(world, "Asha", phone="98765 43210")
    son = register(world, "Ravi", phone="98765 43210", phone_owner_id=mother.id)
    daughter = register(world, "Ria", phone="98765 43210", phone_owner_id=mother.id)
    _edit(world, mother, phone="91234 56789")
    assert _stored(world, son.id).phone_owner_id is None
    assert _stored(world, daughter.id).phone_owner_id == son.id
    with pytest.raises(PhoneTaken):
        register(world, "Stranger", phone="9876543210")
    assert found(world, "9123456789") == ["Asha Rao"]
    assert found(world, "9876543210") == ["Ravi Rao", "Ria Rao"]


def test_an_edit_changes_the_search_and_is_journalled(world: World) -> None:
    row = register(world, "Asha", phone="98765 43210")
    changed = _edit(world, row, phone="98765 43210", first_name="Usha", allergies="sulfa")
    assert (changed.full_name, changed.allergies, changed.row_version) == ("Usha Rao", "sulfa", 2)
    assert (found(world, "usha"), [hit.full_name for hit in hits(world, "asha") if not hit.is_similar]) == (["Usha Rao"], [])
    with world.db.read() as session:
        last = entity_history(session, "patients", row.id)[-1]
    assert last.changes["first_name"] == ["Asha", "Usha"]
    assert last.actor_name == world.actor("receptionist").name


def test_an_edit_of_what_another_desk_changed_is_refused(world: World) -> None:
    row = register(world)
    _edit(world, row, city="Pune")
    with pytest.raises(StaleRecord):
        _edit(world, row, city="Goa")
    assert _stored(world, row.id).city == "Pune"


def test_nobody_can_be_edited_who_is_not_there(world: World) -> None:
    row = replace(register(world), id=new_id())
    with pytest.raises(NotFound):
        _edit(world, row)


def test_a_cashier_does_not_register(world: World) -> None:
    with pytest.raises(PermissionDenied):
        world.db.run(
            world.actor("cashier"),
            commands.register_patient,
            key=new_id(),
            clinic_id=world.clinic_id,
            first_name="Asha",
            gender=Gender.FEMALE,
            age_years=4,
        )
    assert _count(world) == 0


def test_the_region_of_phones_is_a_setting_of_the_clinic(world: World) -> None:
    world.db.run(world.system(), organisation.set_setting, key="patients.phone_region", value="KE", clinic_id=world.clinic_id)
    assert register(world, phone="0712 345678").phone == "+254712345678"


_FREE_FIELDS = ("middle_name", "last_name", "city", "region", "country", "emergency_contact_name")
_FREE_TEXTS = ("address", "allergies", "medical_history", "remarks")


def test_hostile_text_goes_through_every_field_unharmed(world: World) -> None:
    for text in HOSTILE:
        line, several = clean_line(text), clean_text(text)
        row = register(world, text, **dict.fromkeys(_FREE_FIELDS, text), **dict.fromkeys(_FREE_TEXTS, text))
        stored = _stored(world, row.id)
        assert stored.first_name == line
        assert all(getattr(stored, name) == line for name in _FREE_FIELDS)
        assert all(getattr(stored, name) == several for name in _FREE_TEXTS if name != "medical_history")
        assert _history(world, row.id, "doctor") == several
        assert not any(c in repr(stored.first_name) for c in ("\\x00", "\\x1b", "\\u202e"))
        edited = _edit(world, stored, remarks=None)
        assert edited.full_name == stored.full_name
        assert _history(world, row.id, "doctor") == several  # the form does not hold it
    assert _count(world) == len(HOSTILE)


def _history(world: World, patient_id: UUID, role: str) -> str | None:
    with world.db.read() as session:
        return queries.medical_history(session, patient_id, actor=world.actor(role))


@pytest.mark.parametrize("role", ["receptionist", "cashier", "pharmacist", "inventory_manager", "auditor"])
def test_the_medical_history_is_for_those_who_treat(world: World, role: str) -> None:
    row = register(world, medical_history="Had a stroke in 2019")
    assert _history(world, row.id, role) is None
    assert _history(world, row.id, "nurse") == "Had a stroke in 2019"
    with world.db.read() as session:
        assert "stroke" not in repr(queries.patient(session, row.id))


def test_details_hold_every_field_of_a_form(world: World) -> None:
    row = register(world, date_of_birth=date(1990, 5, 17), national_id="A-1")
    assert details_of(row) == PatientDetails(
        first_name="Asha", last_name="Rao", gender=Gender.FEMALE, date_of_birth=date(1990, 5, 17), national_id="A-1"
    )


def test_the_keywords_of_a_registration_are_the_fields_of_the_form() -> None:
    assert TypedDetails.__annotations__.keys() == PatientDetails.__dataclass_fields__.keys()
