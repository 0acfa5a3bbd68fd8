"""What the desk sees of changes to a patient's details: who, when, before and after, but no medical history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinic_desktop.clinic.audit.queries import ChangeSetRow, FieldChange, changes_of_patient
from clinic_desktop.clinic.audit.rules import Coded, Veil
from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.other_numbers import OtherNumber
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import BloodGroup
from clinic_desktop.kernel.errors import PermissionDenied
from tests.clinic.patients.desk import register
from tests.clinic.world import World


def changes(world: World, patient: PatientRow, role: str = "receptionist") -> list[ChangeSetRow]:
    with world.db.read() as session:
        return changes_of_patient(session, world.actor(role), patient.id)


def fields(row: ChangeSetRow, kind: str = "patients") -> dict[str, FieldChange]:
    return {one.field: one for record in row.records if record.record.entity_type == kind for one in record.fields}


def test_each_change_tells_who_did_it_and_what_stood_there_before(world: World) -> None:
    asha, other = register(world, "Asha", "Rao", phone="98200 11001"), register(world, "Someone", "Else", phone=None)
    assert [row.entry.command for row in changes(world, asha)] == ["patients.register_patient"]
    edited = replace(details_of(asha), last_name="Menon", blood_group=BloodGroup.O_POSITIVE)
    world.db.run(
        world.actor("nurse"),
        commands.edit_patient,
        patient_id=asha.id,
        row_version=1,
        details=edited,
        phone="98200 11001",
        numbers=[OtherNumber("Laboratory", "77")],
    )
    world.db.run(
        world.actor("receptionist"), commands.edit_patient, patient_id=other.id, row_version=1, details=details_of(other), phone=None
    )
    newest, registered = changes(world, asha)
    assert (newest.entry.actor_name, newest.entry.command) == (world.actor("nurse").name, "patients.edit_patient")
    assert fields(newest) == {
        "last_name": FieldChange("last_name", "Rao", "Menon"),
        "full_name": FieldChange("full_name", "Asha Rao", "Asha Menon"),
        "blood_group": FieldChange("blood_group", None, Coded("O+")),
    }
    assert fields(newest, "patient_identifiers")["value"] == FieldChange("value", None, "77")
    assert fields(registered)["first_name"].new == "Asha"
    assert [row.entry.command for row in changes(world, other)] == ["patients.register_patient"]


def test_the_medical_history_is_for_those_who_treat(world: World) -> None:
    asha = register(world)
    told = replace(details_of(asha), medical_history="Epilepsy")
    world.db.run(world.actor("doctor"), commands.edit_patient, patient_id=asha.id, row_version=1, details=told, phone=None)
    assert fields(changes(world, asha)[0])["medical_history"] == FieldChange("medical_history", None, Veil.CLINICAL)
    assert fields(changes(world, asha, "doctor")[0])["medical_history"].new == "Epilepsy"
    with pytest.raises(PermissionDenied):
        changes(world, asha, "cashier")
