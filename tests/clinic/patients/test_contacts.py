"""A patient's number and address are proved by the code that went there, and by no other."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access.rules import CodeRefused, NoAddress, OtpPurpose
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.contacts import request_code, verify_code
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.errors import PermissionDenied
from tests.clinic.patients.desk import register
from tests.clinic.world import World

PHONE, MAIL = OtpPurpose.VERIFY_PHONE, OtpPurpose.VERIFY_EMAIL


@pytest.fixture
def asha(world: World) -> PatientRow:
    return register(world, phone="98220 12345", email="asha@home.example")


def sent_code(world: World, patient: PatientRow, purpose: OtpPurpose) -> str:
    request_code(world.db, world.actor("receptionist"), patient.id, purpose)
    with world.db.read() as session:
        newest = session.scalars(select(QueuedMessage.payload).order_by(QueuedMessage.id.desc()).limit(1)).one()
    body = msgspec.json.decode(str(newest), type=dict[str, str])["body"]
    return "".join(c for c in body.partition("code ")[2][:8] if c.isdigit())


def show(world: World, patient: PatientRow, purpose: OtpPurpose, code: str, by: str = "receptionist") -> None:
    verify_code(world.db, world.actor(by), patient.id, purpose, code)


def proved(world: World, patient: PatientRow) -> tuple[bool, bool]:
    with world.db.read() as session:
        found = session.execute(select(Patient.phone_verified, Patient.email_verified).where(Patient.id == patient.id)).one()
    return found.phone_verified, found.email_verified


def test_what_the_patient_reads_out_proves_the_number_and_the_address(world: World, asha: PatientRow) -> None:
    show(world, asha, PHONE, sent_code(world, asha, PHONE))
    assert proved(world, asha) == (True, False)
    show(world, asha, MAIL, sent_code(world, asha, MAIL))
    assert proved(world, asha) == (True, True)


def test_another_number_or_address_is_not_proved(world: World, asha: PatientRow) -> None:
    for purpose in (PHONE, MAIL):
        show(world, asha, purpose, sent_code(world, asha, purpose))
    with world.db.read() as session:
        row = queries.patient(session, asha.id)
    edited = {"patient_id": row.id, "row_version": row.row_version, "phone": "98220 54321"}
    details = replace(details_of(row), email="new@home.example")
    world.db.run(world.actor("receptionist"), commands.edit_patient, details=details, **edited)  # type: ignore[arg-type]
    assert proved(world, asha) == (False, False)


def test_an_edit_that_leaves_them_alone_leaves_them_proved(world: World, asha: PatientRow) -> None:
    for purpose in (PHONE, MAIL):
        show(world, asha, purpose, sent_code(world, asha, purpose))
    with world.db.read() as session:
        row = queries.patient(session, asha.id)
    edited = {"patient_id": row.id, "row_version": row.row_version, "phone": row.phone_typed}
    world.db.run(world.actor("receptionist"), commands.edit_patient, details=replace(details_of(row), city="Pune"), **edited)  # type: ignore[arg-type]
    assert proved(world, asha) == (True, True)


def test_a_code_is_that_patients_and_for_those_who_keep_the_register(world: World, asha: PatientRow) -> None:
    other, code = register(world, "Ila", phone="98220 77777"), sent_code(world, asha, PHONE)
    with pytest.raises(CodeRefused):
        show(world, other, PHONE, code)
    with pytest.raises(PermissionDenied):
        show(world, asha, PHONE, code, by="cashier")
    with pytest.raises(NoAddress):
        request_code(world.db, world.actor("receptionist"), other.id, MAIL)
