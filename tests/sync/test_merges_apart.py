"""Two houses that do not hear of each other merge, undo and go on with the same people: one record stands for each in the end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.models import Patient, PatientMerge
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.kernel.mending import ConflictKind
from tests.clinic.patients.combined import card, merge, stored, undo
from tests.sync.houses import ON_FILES, House, Houses, all_rows

load_checks()
_DAY = date(2026, 3, 2)


def people(houses: Houses, *names: str) -> list[UUID]:
    """Known to both houses."""
    keys = [houses.main.register(name, last_name=name) for name in names]
    houses.chain.settle()
    return keys


def leads(house: House, *keys: UUID) -> list[UUID]:
    """The record in use of each, as that house sees it."""
    with house.db.read() as session:
        return [queries.survivor_id(session, key) for key in keys]


def both(houses: Houses, *keys: UUID) -> list[UUID]:
    """Where they lead, in both houses alike."""
    houses.agree()
    found = leads(houses.main, *keys)
    assert leads(houses.north, *keys) == found
    return found


@ON_FILES
def test_a_record_that_is_edited_elsewhere_keeps_the_edit_and_the_merge(houses: Houses) -> None:
    asha, usha = people(houses, "Asha", "Usha")
    done = merge(houses.main.room.world, asha, usha, phone=Choice.KEPT)
    houses.north.write(Patient, usha, remarks="comes by bus")
    houses.north.write(Patient, asha, city="Pune")
    assert both(houses, asha, usha) == [asha, asha]
    undo(houses.north.room.world, done)
    assert both(houses, asha, usha) == [asha, usha]
    assert (stored(houses.main.room.world, usha).remarks, stored(houses.main.room.world, asha).city) == ("comes by bus", "Pune")


@pytest.mark.parametrize("first", ["MAIN", "NORTH"])
def test_one_record_merged_into_two_others_follows_one_of_them_and_a_person_sees_it(houses: Houses, first: str) -> None:
    """Only one of the two merges stands; undoing that gives the record back, and nothing else has to be undone before."""
    asha, usha, nisha = people(houses, "Asha", "Usha", "Nisha")
    merge(houses.main.room.world, usha, asha)
    merge(houses.north.room.world, nisha, asha)
    houses.chain.sync(first)
    kept, *others = both(houses, asha, usha, nisha)
    assert kept in others == [usha, nisha]
    (standing,) = [one for one in all_rows(houses.north.db, PatientMerge) if one.undone_at is None]
    assert (standing.kept_id, standing.merged_id) == (kept, asha)
    seen = [one.field for one in all_rows(houses.central, SyncConflict) if one.kind is ConflictKind.FIELD and one.entity_id == asha]
    assert "merged_into_id" in seen
    undo(houses.main.room.world, standing.id)
    assert both(houses, asha, usha, nisha) == [asha, usha, nisha]


@ON_FILES
def test_undone_at_one_house_after_the_other_merged_on(houses: Houses) -> None:
    asha, usha, nisha = people(houses, "Asha", "Usha", "Nisha")
    first = merge(houses.main.room.world, usha, asha)
    houses.chain.settle()
    merge(houses.main.room.world, nisha, usha)
    undo(houses.north.room.world, first)  # nothing stands on it there
    assert both(houses, asha, usha, nisha) == [asha, nisha, nisha]
    for house in (houses.main, houses.north):
        with house.db.read() as session:
            found = [one.id for one in queries.search(session, "Asha") if not one.is_similar]
        assert found == [asha]  # the one it was found by after the first merge is found by it no more


@ON_FILES
def test_undone_at_both_houses_it_is_undone_once(houses: Houses) -> None:
    asha, usha = people(houses, "Asha", "Usha")
    done = merge(houses.main.room.world, usha, asha)
    houses.chain.settle()
    for house in (houses.north, houses.main):
        undo(house.room.world, done)
    assert both(houses, asha, usha) == [asha, usha]
    assert {stored(houses.north.room.world, key).status for key in (asha, usha)} == {PatientStatus.ACTIVE}


@ON_FILES
def test_a_card_and_a_visit_of_a_record_that_was_merged_meanwhile_are_the_survivors(houses: Houses) -> None:
    asha, usha = people(houses, "Asha", "Usha")
    own = card(houses.main.room.world, usha)
    merge(houses.main.room.world, usha, asha)
    issued = card(houses.north.room.world, asha)
    visit_id = houses.north.room.visit(asha)
    assert both(houses, asha) == [usha]
    for house in (houses.main, houses.north):
        with house.db.read() as session:
            scanned = [queries.scanned_card(session, one.qr_payload, today=_DAY) for one in (own, issued)]
            assert [(one.patient.id, one.fault) for one in scanned if one is not None] == [(usha, None)] * 2
            assert queries.card_in_use(session, usha) == queries.card_in_use(session, asha) == own
            assert [one.visit_id for one in frontdesk.visits_of_patient(session, patient_id=usha)] == [visit_id]
    houses.north.room.sign(visit_id)  # it goes on where it was begun
    assert both(houses, asha) == [usha]
