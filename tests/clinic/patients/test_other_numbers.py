"""Numbers that other systems gave: added with a patient or later, found, one holder each, and taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.checks import search_columns
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.other_numbers import OtherNumber
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import IdentifierTaken
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.desk import HOSTILE, found, register
from tests.clinic.world import World


def numbers(world: World, patient: PatientRow) -> list[tuple[str, str]]:
    with world.db.read() as session:
        assert search_columns(session).failures == ()
        return [(one.system, one.value) for one in queries.identifiers(session, patient.id)]


def add(world: World, patient: PatientRow, system: str, value: str, role: str = "receptionist") -> None:
    world.db.run(world.actor(role), commands.add_number, patient_id=patient.id, system=system, value=value)


def test_a_number_is_added_found_and_taken_back(world: World) -> None:
    asha = register(world, numbers=[OtherNumber("LABORATORY", "LB 77-1203")])
    add(world, asha, "  laboratory ", "LB 99")
    add(world, asha, "Scheme", "1234 5678 9012")
    assert numbers(world, asha) == [("Laboratory", "LB 77-1203"), ("Laboratory", "LB 99"), ("Scheme", "1234 5678 9012")]
    for typed in ("77-1203", "771203", "5678 9012", "123456789012", "lb 99"):
        assert found(world, typed) == ["Asha Rao"], typed
    with world.db.read() as session:
        scheme = next(one for one in queries.identifiers(session, asha.id) if one.system == "Scheme")
        assert queries.number_systems(session)[-1] == "Scheme"
    world.db.run(world.actor("receptionist"), commands.remove_number, identifier_id=scheme.id)
    assert (numbers(world, asha)[-1], found(world, "123456789012")) == (("Laboratory", "LB 99"), [])
    add(world, asha, "Scheme", "1234 5678 9012")
    assert found(world, "123456789012") == ["Asha Rao"]


def test_who_has_a_number_is_told_at_the_field(world: World) -> None:
    asha, ravi = register(world, numbers=[OtherNumber("Old register", "7")]), register(world, "Ravi", phone=None)
    with pytest.raises(IdentifierTaken) as refused:
        add(world, ravi, "OLD REGISTER", "7")
    assert (refused.value.field, refused.value.params["full_name"]) == ("number", "Asha Rao")
    with pytest.raises(IdentifierTaken):
        register(world, "Third", phone=None, numbers=[OtherNumber("Old register", "7")])
    assert found(world, "Third") == [], "nobody is registered by halves"
    add(world, ravi, "Laboratory", "7")
    for system, value, field in (("", "8", "number_system"), ("Old register", " ", "number"), ("x" * 61, "8", "number_system")):
        with pytest.raises(InvalidInput) as wrong:
            add(world, asha, system, value)
        assert wrong.value.field == field
    with pytest.raises(NotFound):
        world.db.run(world.actor("receptionist"), commands.remove_number, identifier_id=new_id())
    with pytest.raises(PermissionDenied):
        add(world, asha, "Laboratory", "9", role="cashier")


def test_an_edit_adds_a_number_and_keeps_the_others(world: World) -> None:
    asha = register(world, numbers=[OtherNumber("Laboratory", "1"), OtherNumber("Scheme", "2")])
    more = [OtherNumber("Insurance", "3")]
    edited = {"patient_id": asha.id, "row_version": asha.row_version, "details": details_of(asha), "phone": None, "numbers": more}
    world.db.run(world.actor("receptionist"), commands.edit_patient, **edited)
    assert numbers(world, asha) == [("Insurance", "3"), ("Laboratory", "1"), ("Scheme", "2")]


def test_two_desks_with_one_number_give_it_to_one(world: World) -> None:
    both = [register(world, "Asha", phone=None), register(world, "Ravi", phone=None)]

    def take(patient: PatientRow) -> str:
        try:
            add(world, patient, "Scheme", "55")
        except IdentifierTaken:
            return "refused"
        return "has it"

    with ThreadPoolExecutor(2) as desks:
        assert sorted(desks.map(take, both)) == ["has it", "refused"]


def test_any_text_is_a_number_and_the_list_is_a_setting(world: World) -> None:
    asha = register(world)
    for place, hostile in enumerate(HOSTILE):
        add(world, asha, f"{place} {hostile}"[:60], hostile[:100])
    assert len(numbers(world, asha)) == len(HOSTILE)
    world.db.run(world.actor("admin"), set_setting, key="patients.other_numbers", value=" Army , , Railways,Army")
    with world.db.read() as session:
        assert queries.number_systems(session)[:2] == ["Army", "Railways"]
