"""Two records of one person: put together with what was chosen, found under either, and taken apart as they were."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier
from uuid import UUID

import pytest

from clinic_desktop.clinic.clinical.queries import doctors_day
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk import queries as boards
from clinic_desktop.clinic.frontdesk.queries.planned import planned
from clinic_desktop.clinic.frontdesk.rules import PatientBusy, VisitStatus
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.looking import look_for_duplicates
from clinic_desktop.clinic.patients.matching import Match
from clinic_desktop.clinic.patients.models import IdCard, Patient, PatientDuplicate, PatientIdentifier
from clinic_desktop.clinic.patients.queries import person_ids
from clinic_desktop.clinic.patients.queries.known_as import known_as
from clinic_desktop.clinic.patients.rules import DuplicateStatus, PatientMerged, PatientStatus
from clinic_desktop.kernel.errors import ClinicError, PermissionDenied, StaleRecord
from clinic_desktop.kernel.ids import new_id
from tests.clinic.patients.combined import card, lies, merge, refused, rows, stored, undo, walk_in
from tests.clinic.patients.desk import found, register
from tests.clinic.world import World

_PEOPLE = (Patient, IdCard, PatientDuplicate, PatientIdentifier)


def test_the_survivor_takes_what_was_chosen_and_an_undo_gives_both_all_that_was_theirs(world: World) -> None:
    kept = register(
        world, "Meher", "Contractor", phone="9820011111", date_of_birth=date(1980, 3, 1), allergies="penicillin", address="1 Hill"
    )
    merged = register(world, "Mehru", "Contractor", phone="9820022222", age_years=46, allergies="sulfa\npenicillin", national_id="77 1")
    son = register(world, "Cyrus", "Contractor", phone="9820022222", phone_owner_id=merged.id)
    with world.db.write(world.system()) as tx:
        tx.command = "test.prepare"
        tx.add(PatientIdentifier(patient_id=merged.id, system="old", value="OLD-99"))
        tx.add(PatientDuplicate(a_id=kept.id, b_id=merged.id, score=90, reasons="name_spelling"))
        for key, text in ((kept.id, "asthma"), (merged.id, "diabetes")):
            tx.session.get_one(Patient, key).medical_history = text
        tx.session.flush()
        tx.session.get_one(Patient, merged.id).refresh_search(["OLD-99"])
    cards = [card(world, kept.id), card(world, merged.id)]
    before = rows(world, *_PEOPLE)

    done = merge(world, kept.id, merged.id, phone=Choice.MERGED)
    now = stored(world, kept.id)
    assert (now.full_name, now.date_of_birth, now.phone) == ("Meher Contractor", date(1980, 3, 1), "+919820022222")
    assert (now.allergies, now.national_id, now.address) == ("penicillin\nsulfa", "77 1", "1 Hill")
    assert (now.phone_owner_id, stored(world, son.id).phone_owner_id) == (None, kept.id)
    with world.db.read() as session:
        assert queries.medical_history(session, kept.id, actor=world.actor("doctor")) == "asthma\ndiabetes"
        assert [one.value for one in queries.identifiers(session, kept.id)] == ["OLD-99"]
        assert (queries.duplicates(session), queries.open_duplicates(session)) == ([], 0)
        scanned = [
            queries.scanned_card(session, code, today=date(2026, 3, 2))
            for code in (cards[1].qr_payload, cards[1].code128, merged.patient_number)
        ]
        assert [(one.patient.id, one.fault) for one in scanned if one] == [
            (kept.id, None)
        ] * 3  # the revoked card of the merged record, too
        assert queries.card_in_use(session, kept.id) == queries.card_in_use(session, merged.id) == cards[0]
        assert queries.card(session, cards[1].id).revoked_reason == "merged"
    for text in ("Mehru", "OLD-99", merged.patient_number, "9820022222"):
        assert "Meher Contractor" in found(world, text), text
    assert lies(world) == {}

    undo(world, done)
    assert rows(world, *_PEOPLE) == before
    assert lies(world) == {}
    with refused("undone"):
        undo(world, done)


def test_what_was_typed_after_a_merge_stays_where_it_was_typed(world: World) -> None:
    kept, merged = register(world, "Asha", allergies="latex"), register(world, "Asha", allergies="nuts", address="2 Lake")
    done = merge(world, kept.id, merged.id)
    row = stored(world, kept.id)
    world.db.run(
        world.actor("receptionist"),
        commands.edit_patient,
        patient_id=kept.id,
        row_version=row.row_version,
        details=replace(details_of(row), address="3 Sea", remarks="prefers mornings"),
        phone=None,
    )
    undo(world, done)
    now = stored(world, kept.id)
    assert (now.address, now.allergies, now.remarks) == ("3 Sea", "latex", "prefers mornings")
    assert stored(world, merged.id).address == "2 Lake"


def test_one_person_has_one_card_and_one_number_whoever_shared_with_whom(world: World) -> None:
    mother = register(world, "Roshan", phone="9820033333")
    other = register(world, "Roshan", phone="9820033333", phone_owner_id=mother.id)
    first = card(world, other.id)
    before = rows(world, *_PEOPLE)
    done = merge(world, other.id, mother.id)  # the one who shares survives: the number is hers now
    assert stored(world, other.id).phone_owner_id is None
    with world.db.read() as session:
        assert queries.card_in_use(session, other.id) == first
    undo(world, done)
    assert rows(world, *_PEOPLE) == before
    done = merge(world, mother.id, other.id)
    with world.db.read() as session:  # it is the person's only card, and goes on being one
        assert queries.card_in_use(session, mother.id) == first
    stranger = register(world, "Zubin", phone="9820044444")
    undo(world, done)
    # Whoever took a freed number meanwhile keeps it: the record that comes back shares it.
    taken = merge(world, mother.id, stranger.id, phone=Choice.KEPT)
    newcomer = register(world, "Nilufer", phone="9820044444")
    undo(world, taken)
    assert stored(world, stranger.id).phone_owner_id == newcomer.id
    assert lies(world) == {}


def test_what_cannot_be_merged_is_refused_with_its_reason(world: World) -> None:
    a, b, c = (register(world, name) for name in ("Asha", "Usha", "Nisha"))
    with refused("same"):
        merge(world, a.id, a.id)
    with pytest.raises(PermissionDenied):
        merge(world, a.id, b.id, who="cashier")
    with pytest.raises(StaleRecord):
        world.db.run(
            world.actor("receptionist"),
            commands.merge_patients,
            key=new_id(),
            kept_id=a.id,
            kept_version=a.row_version + 1,
            merged_id=b.id,
            merged_version=b.row_version,
            choices={},
            reason="x",
        )
    first = merge(world, b.id, a.id)
    with pytest.raises(PatientMerged) as told:  # it names the record to use
        merge(world, c.id, a.id)
    assert told.value.params["patient_number"] == b.patient_number
    second = merge(world, c.id, b.id)
    with world.db.read() as session:
        assert person_ids(session, a.id) == person_ids(session, c.id) == (c.id, a.id, b.id)
        hit = queries.scanned_card(session, a.patient_number, today=date(2026, 3, 2))
    assert hit is not None
    assert hit.patient == stored(world, c.id)
    with refused("later_merge"):
        undo(world, first)
    for step in (lambda: walk_in(world, a.id), lambda: card(world, a.id)):
        with pytest.raises(PatientMerged) as told:
            step()
        assert told.value.params["patient_id"] == str(c.id)
    undo(world, second)
    undo(world, first)
    assert {stored(world, one.id).status for one in (a, b, c)} == {PatientStatus.ACTIVE}
    with world.db.write(world.system()) as tx:
        tx.command = "test.erase"
        tx.session.get_one(Patient, a.id).erased_at = tx.now
    with refused("erased"):
        merge(world, b.id, a.id)


def test_who_waits_under_both_records_stands_in_one_queue_once(world: World) -> None:
    a, b = register(world, "Asha", allergies="latex"), register(world, "Usha", phone="9820055555", allergies="nuts")
    walk_in(world, a.id)
    second = walk_in(world, b.id)
    with refused("both_waiting"):
        merge(world, a.id, b.id)
    world.db.run(world.actor("receptionist"), frontdesk.leave_unseen, visit_id=second, reason="given twice")
    merge(world, b.id, a.id)
    with pytest.raises(ClinicError) as told:
        walk_in(world, b.id)
    assert told.value.code == "already_queued"
    with world.db.read() as session:
        (waiting,) = boards.waiting(session, clinic_id=world.clinic_id, day=date(2026, 3, 2))
        assert (waiting.patient_id, waiting.patient_name, waiting.patient_phone) == (b.id, "Usha Rao", "+919820055555")
        assert len(boards.visits_of_patient(session, patient_id=b.id)) == 2
        # The doctor is warned of what either record knew, in the list already.
        (row,) = [one for one in doctors_day(session, world.doctor_id, date(2026, 3, 2)) if one.status is VisitStatus.WAITING]
        assert (row.patient_id, row.allergies) == (b.id, "nuts\nlatex")


def test_a_planned_appointment_of_a_merged_record_is_the_survivors(world: World) -> None:
    a, b = register(world, "Asha"), register(world, "Usha", phone="9820055555")
    day, at = date(2026, 3, 3), datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    wish = {"clinic_id": world.clinic_id, "service_id": world.services["CONS"], "start": at}
    booked = world.db.run(world.actor("receptionist"), frontdesk.book, key=new_id(), patient_id=a.id, doctor_id=world.doctor_id, **wish)
    merge(world, b.id, a.id)
    with world.db.read() as session:
        (row,) = planned(session, clinic_id=world.clinic_id, first=day, last=day)
        found = boards.appointment_by_booking_id(session, booked.booking_id)
    assert (row.patient_id, row.patient_name, row.patient_phone) == (b.id, "Usha Rao", "+919820055555")
    assert found is not None
    assert found.patient_id == b.id
    with pytest.raises(PatientBusy):  # she cannot be in two rooms, whichever record she was booked under
        world.db.run(world.actor("receptionist"), frontdesk.book, key=new_id(), patient_id=b.id, doctor_id=world.second_doctor_id, **wish)


def test_a_death_is_not_lost_by_a_merge(world: World) -> None:
    a, b = register(world, "Asha"), register(world, "Usha")
    with world.db.write(world.system()) as tx:
        tx.command = "test.death"
        tx.session.get_one(Patient, b.id).status = PatientStatus.DECEASED
    done = merge(world, a.id, b.id)
    assert stored(world, a.id).status is PatientStatus.DECEASED
    undo(world, done)
    assert (stored(world, a.id).status, stored(world, b.id).status) == (PatientStatus.ACTIVE, PatientStatus.DECEASED)


def test_a_name_that_nobody_has_any_more_is_no_word_of_names_though_somebody_is_found_by_it(world: World) -> None:
    """As when another site renamed the record that was merged here; the words are those that misspelt names are looked for in."""
    kept, merged = register(world, "Asha"), register(world, "Zubeida")
    merge(world, kept.id, merged.id)
    with world.db.write(world.system()) as tx:
        tx.command = "test.elsewhere"
        renamed = tx.session.get_one(Patient, merged.id)
        renamed.first_name = "Farah"
        renamed.refresh_search(())
        tx.session.flush()
        survivor = tx.session.get_one(Patient, kept.id)
        survivor.refresh_search(known_as(tx.session, [kept.id])[kept.id])
    assert lies(world) == {}


def test_two_desks_that_merge_at_once_leave_one_merge(world: World) -> None:
    a, b = register(world, "Asha"), register(world, "Usha")
    start = Barrier(2)

    def at_a_desk(kept: UUID, merged: UUID) -> str:
        start.wait()
        try:
            merge(world, kept, merged)
        except (PatientMerged, StaleRecord) as error:
            return error.code
        return "merged"

    with ThreadPoolExecutor(2) as desks:
        told = sorted(one.result() for one in [desks.submit(at_a_desk, a.id, b.id), desks.submit(at_a_desk, b.id, a.id)])
    assert told[0] == "merged" or told[1] == "merged"
    assert told.count("merged") == 1
    with world.db.read() as session:
        assert len(queries.merges(session)) == 1
    assert lies(world) == {}


def test_whom_a_merged_record_resembled_is_held_against_the_survivor(world: World) -> None:
    a, b, c = (register(world, "Sunita", "Deshpande", date_of_birth=date(1986, 4, 9)) for _ in range(3))
    match = Match(15.0, ("name_same", "birth_same"))
    world.db.run(world.actor("receptionist"), commands.offer_pairs, pairs=[(a.id, b.id, match), (b.id, c.id, match)])
    assert world.db.run(world.actor("receptionist"), commands.offer_pairs, pairs=[(b.id, a.id, match)]) == 0
    before = rows(world, PatientDuplicate)
    done = merge(world, a.id, b.id)
    with world.db.read() as session:
        (pair,) = queries.duplicates(session)
        assert {pair.a_id, pair.b_id} == {a.id, c.id}
        assert queries.duplicates(session, status=DuplicateStatus.MERGED)
    undo(world, done)
    assert rows(world, PatientDuplicate) == before


def test_the_whole_register_is_looked_over_and_known_pairs_are_left_as_they_are(world: World) -> None:
    same = {"date_of_birth": date(1986, 4, 9)}
    a, b = register(world, "Sunita", "Deshpande", **same), register(world, "Sunitha", "Deshpande", **same)
    register(world, "Anil", "Deshpande", **same)  # a brother: the family's name and a birthday are not enough
    told: list[int] = []
    assert look_for_duplicates(world.db, world.actor("receptionist"), told.append) == 1
    assert told
    with world.db.read() as session:
        (pair,) = queries.duplicates(session)
    assert {pair.a_id, pair.b_id} == {a.id, b.id}
    world.db.run(world.actor("receptionist"), commands.mark_as_different, pair_id=pair.id, note="twins")
    assert look_for_duplicates(world.db, world.actor("receptionist")) == 0
    with pytest.raises(PermissionDenied):
        look_for_duplicates(world.db, world.actor("cashier"))
