"""A patient's folder, photo and consents: handed out whole, and gone with the patient, but for what belongs to the medical record."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.organisation.models import Document
from clinic_desktop.clinic.patients.filing import keep_photo, photo
from clinic_desktop.clinic.patients.models import PatientConsent, PatientDocument
from clinic_desktop.clinic.patients.rules import ConsentType, DocumentCategory
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.belongings import belongings
from clinic_desktop.kernel.store import store_of
from tests.clinic.clinical.room import Room
from tests.clinic.patients.folder import attach, signed, texts, unlock
from tests.clinic.patients.hostile_files import pdf, picture
from tests.clinic.privacy.patient import asked, register
from tests.clinic.privacy.test_erasure import settle
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World


def filled(world: World) -> UUID:
    """A patient with a letter, an X-ray, a photo and a consent."""
    patient_id = register(world)
    attach(world, patient_id, name="letter.pdf", data=pdf(), category=DocumentCategory.CORRESPONDENCE)
    attach(world, patient_id, name="knee.png", data=picture(80, 80), category=DocumentCategory.DIAGNOSTIC_IMAGES)
    keep_photo(world.db, world.actor("receptionist"), patient_id=patient_id, data=picture(90, 90))
    signed(world, patient_id, texts(world)[ConsentType.TREATMENT, "en"])
    return patient_id


def left(world: World) -> tuple[int, int, int]:
    """Files in folders, consents, and files in all."""
    with world.db.read() as session:
        counts = [session.scalar(select(func.count()).select_from(one)) or 0 for one in (PatientDocument, PatientConsent, Document)]
    return counts[0], counts[1], counts[2]


def forget(world: World, patient_id: UUID) -> None:
    request_id = asked(world, patient_id)
    for digest in world.db.run(world.actor("super_admin"), commands.erase_patient, request_id=request_id, note="Lawful"):
        store_of(world.db).remove(digest)


def test_all_of_a_folder_is_handed_out_and_goes_with_who_was_never_treated(world: World) -> None:
    unlock(world)
    patient_id = filled(world)
    with world.db.read() as session:
        files = belongings(session, patient_id).files
    assert sorted((one.name, one.category) for one in files) == [
        ("knee.png", "diagnostic-images"),
        ("letter.pdf", "correspondence"),
        ("photo", "photo"),
        ("signature", "consent"),
    ]
    assert left(world) == (2, 1, 4)
    forget(world, patient_id)
    assert left(world) == (0, 0, 0)
    assert list(store_of(world.db).every()) == []


def test_with_the_medical_record_stay_its_pictures_and_the_consents(world: World) -> None:
    unlock(world)
    patient_id = filled(world)
    visit = Room(world, Shelf.open(world)).visit(patient_id)
    world.db.run(world.actor("doctor"), clinical.save_consultation, visit_id=visit, complaint="Knee hurts")
    world.db.run(world.actor("doctor"), clinical.sign_consultation, visit_id=visit)
    settle(world, visit)
    forget(world, patient_id)
    assert left(world) == (1, 1, 2)
    assert photo(world.db, patient_id=patient_id) is None
    assert len(list(store_of(world.db).every())) == 2
