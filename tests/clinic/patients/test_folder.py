"""Documents in a patient's folder, on both engines: who sees which, one content kept once, put aside and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from clinic_desktop.clinic.clinical.restricted import check_open
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.commands.documents import AlreadyInFolder, Description
from clinic_desktop.clinic.patients.filing import drop_photo, keep_photo, opened, photo
from clinic_desktop.clinic.patients.queries import DocumentClosed
from clinic_desktop.clinic.patients.rules import AccessLevel, DocumentCategory
from clinic_desktop.clinic.privacy import commands as privacy
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied, StaleRecord
from clinic_desktop.kernel.store import store_of
from tests.clinic.patients.combined import merge
from tests.clinic.patients.desk import register
from tests.clinic.patients.folder import attach, folder, unlock
from tests.clinic.patients.hostile_files import located, pdf, picture, place_of
from tests.clinic.world import World

LEVELS = list(AccessLevel)


def test_each_level_is_for_its_own_people_and_for_nobody_else(world: World) -> None:
    unlock(world)
    patient_id = register(world).id
    filed = {level: attach(world, patient_id, data=picture(50 + n, 40), access_level=level) for n, level in enumerate(LEVELS)}
    seen = {role: {row.access_level for row in folder(world, patient_id, role)} for role in ("receptionist", "doctor", "admin", "cashier")}
    staff = {AccessLevel.PATIENT, AccessLevel.STAFF}
    assert seen == {"receptionist": staff, "doctor": staff | {AccessLevel.DOCTOR}, "admin": set(LEVELS), "cashier": set()}
    for role, levels in seen.items():
        for level, key in filed.items():
            if level in levels:
                assert opened(world.db, world.actor(role), document_id=key).row.id == key
                continue
            with pytest.raises(DocumentClosed):
                opened(world.db, world.actor(role), document_id=key)
            if role != "cashier":
                with pytest.raises(DocumentClosed):
                    world.db.run(world.actor(role), commands.archive_document, document_id=key)
    assert len(folder(world, patient_id, "admin")) == len(LEVELS)


def test_what_is_for_clinicians_follows_a_restricted_record(world: World) -> None:
    unlock(world)
    patient_id = register(world).id
    key = attach(world, patient_id, access_level=AccessLevel.DOCTOR)
    doctor = world.actor("doctor")
    world.db.run(world.actor("admin"), privacy.restrict_record, patient_id=patient_id, is_restricted=True, reason="Colleague")
    assert folder(world, patient_id, "doctor") == []
    world.db.run(doctor, privacy.break_glass, patient_id=patient_id, reason="Unconscious, brought in by ambulance")
    with world.db.read() as session:
        check_open(session, patient_id, actor=doctor, now=world.db.clock())
    assert [row.id for row in folder(world, patient_id, "doctor")] == [key]


def test_a_content_is_kept_once_and_comes_into_a_folder_once(world: World) -> None:
    unlock(world)
    asha, meera = register(world).id, register(world, "Meera").id
    key = attach(world, asha, data=located(), name="../photo.exe")
    attach(world, meera, data=located())
    assert len(list(store_of(world.db).every())) == 1
    with pytest.raises(AlreadyInFolder) as refused:
        attach(world, asha, data=located())
    assert refused.value.params["document_id"] == str(key)
    (row,) = folder(world, asha)
    assert (row.name, row.attached_by, row.measures) == ("photo.jpg", "Receptionist One", {"width": 60, "height": 40})
    assert place_of(opened(world.db, world.actor("receptionist"), document_id=key).data) == {}

    world.db.run(world.actor("receptionist"), commands.archive_document, document_id=key)
    assert folder(world, asha) == []
    assert [row.id for row in folder(world, asha, archived=True)] == [key]
    again = attach(world, asha, data=located())
    with pytest.raises(AlreadyInFolder):
        world.db.run(world.actor("receptionist"), commands.restore_document, document_id=key)
    world.db.run(world.actor("receptionist"), commands.archive_document, document_id=again)
    world.db.run(world.actor("receptionist"), commands.restore_document, document_id=key)
    assert [row.id for row in folder(world, asha)] == [key]


def test_desks_that_file_one_content_at_once_keep_it_once(world: World) -> None:
    unlock(world)
    people, letter = [register(world, f"Guest {n}").id for n in range(6)], pdf(2)
    with ThreadPoolExecutor(6) as desks:
        keys = list(desks.map(lambda patient_id: attach(world, patient_id, data=letter), people))
    assert len(set(keys)) == 6
    assert len(list(store_of(world.db).every())) == 1
    assert {folder(world, patient_id)[0].pages for patient_id in people} == {2}


def test_a_file_is_described_once_more_by_who_has_read_the_last_word(world: World) -> None:
    unlock(world)
    patient_id, desk = register(world).id, world.actor("receptionist")
    key = attach(world, patient_id, tags=("Knee", " knee ", "Left"))
    (row,) = folder(world, patient_id)
    assert row.tags == ("knee", "Left")
    said = Description(DocumentCategory.DIAGNOSTIC_IMAGES, AccessLevel.PATIENT, "X-ray", "Standing\nboth", ("left",))
    world.db.run(desk, commands.describe_document, document_id=key, row_version=row.row_version, described=said, file_name="a/b\u202e.exe")
    (now,) = folder(world, patient_id)
    assert (now.name, now.category, now.subcategory, now.description) == (
        "b.png",
        DocumentCategory.DIAGNOSTIC_IMAGES,
        "X-ray",
        "Standing\nboth",
    )
    with pytest.raises(StaleRecord):
        world.db.run(desk, commands.describe_document, document_id=key, row_version=row.row_version, described=said)
    with pytest.raises(InvalidInput, match="too_many"):
        attach(world, patient_id, data=pdf(), tags=[f"tag {n}" for n in range(13)])
    assert len(folder(world, patient_id)) == 1


def test_a_file_of_the_wrong_patient_goes_to_the_right_one_and_back(world: World) -> None:
    unlock(world)
    asha, meera, desk = register(world).id, register(world, "Meera").id, world.actor("receptionist")
    key, hidden = attach(world, asha, tags=("knee",)), attach(world, asha, data=pdf(), access_level=AccessLevel.DOCTOR)
    world.db.run(desk, commands.move_document, document_id=key, patient_id=meera)
    assert folder(world, asha) == []
    assert [(row.id, row.tags) for row in folder(world, meera)] == [(key, ("knee",))]
    world.db.run(desk, commands.move_document, document_id=key, patient_id=asha)
    assert [row.id for row in folder(world, asha)] == [key]
    attach(world, meera)
    with pytest.raises(AlreadyInFolder):
        world.db.run(desk, commands.move_document, document_id=key, patient_id=meera)
    with pytest.raises(DocumentClosed):
        world.db.run(desk, commands.move_document, document_id=hidden, patient_id=meera)
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("cashier"), commands.move_document, document_id=key, patient_id=meera)
    assert [row.id for row in folder(world, asha)] == [key]


def test_a_file_of_a_merged_record_is_in_its_survivors_folder_already(world: World) -> None:
    unlock(world)
    kept, merged, other = (register(world, name).id for name in ("Asha", "Meera", "Ravi"))
    key = attach(world, merged)
    merge(world, kept, merged, phone=Choice.KEPT)
    world.db.run(world.actor("receptionist"), commands.move_document, document_id=key, patient_id=kept)
    assert [(row.id, row.patient_id) for row in folder(world, kept)] == [(key, merged)]
    with world.db.read() as session:
        assert queries.with_folder(session, patient_ids=[kept, other]) == {kept}
    world.db.run(world.actor("receptionist"), commands.archive_document, document_id=key)
    with world.db.read() as session:
        assert queries.with_folder(session, patient_ids=[kept]) == set()


def test_who_may_not_attach_puts_nothing_into_the_store(world: World) -> None:
    patient_id = register(world).id
    with pytest.raises(PermissionDenied):
        attach(world, patient_id, role="cashier")
    with pytest.raises(InvalidInput):
        attach(world, patient_id, data=b"MZ\x00\x00")
    assert list(store_of(world.db).every()) == []


def test_a_photo_is_taken_replaced_and_goes_out_of_the_store(world: World) -> None:
    unlock(world)
    patient_id, desk = register(world).id, world.actor("admin")
    assert photo(world.db, patient_id=patient_id) is None
    keep_photo(world.db, desk, patient_id=patient_id, data=located())
    first = photo(world.db, patient_id=patient_id)
    assert first is not None
    assert place_of(first) == {}
    keep_photo(world.db, desk, patient_id=patient_id, data=picture(200, 300, colour="red"))
    assert photo(world.db, patient_id=patient_id) not in (None, first)
    assert len(list(store_of(world.db).every())) == 1
    drop_photo(world.db, desk, patient_id=patient_id)
    assert photo(world.db, patient_id=patient_id) is None
    assert list(store_of(world.db).every()) == []
    for colour in ("red", "blue"):  # a desk, which on a server takes nothing out of the store, is not kept from it
        keep_photo(world.db, world.actor("receptionist"), patient_id=patient_id, data=picture(90, 90, colour=colour))
    drop_photo(world.db, world.actor("receptionist"), patient_id=patient_id)
    with world.db.read() as session:
        assert queries.patient(session, patient_id).photo_document_id is None
    with pytest.raises(PermissionDenied):
        keep_photo(world.db, world.actor("cashier"), patient_id=patient_id, data=picture())
