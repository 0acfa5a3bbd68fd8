"""A patient's number and address are proved by the code that went there, and by no other."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access.queries import SentCodeRow, sent_code
from clinic_desktop.clinic.access.rules import CodeRefused, NoAddress, OtpPurpose, masked
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.contacts import request_code, verify_code
from clinic_desktop.clinic.patients.details import details_of
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries import ContactRow, PatientRow
from clinic_desktop.kernel.errors import PermissionDenied
from tests.clinic.patients.desk import register
from tests.clinic.world import World
from tests.conftest import FrozenClock

PHONE, MAIL = OtpPurpose.VERIFY_PHONE, OtpPurpose.VERIFY_EMAIL


@pytest.fixture
def asha(world: World) -> PatientRow:
    return register(world, phone="98220 12345", email="asha@home.example")


def sent_code_to(world: World, patient: PatientRow, purpose: OtpPurpose) -> str:
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
    show(world, asha, PHONE, sent_code_to(world, asha, PHONE))
    assert proved(world, asha) == (True, False)
    show(world, asha, MAIL, sent_code_to(world, asha, MAIL))
    assert proved(world, asha) == (True, True)


def test_another_number_or_address_is_not_proved(world: World, asha: PatientRow) -> None:
    for purpose in (PHONE, MAIL):
        show(world, asha, purpose, sent_code_to(world, asha, purpose))
    with world.db.read() as session:
        row = queries.patient(session, asha.id)
    edited = {"patient_id": row.id, "row_version": row.row_version, "phone": "98220 54321"}
    details = replace(details_of(row), email="new@home.example")
    world.db.run(world.actor("receptionist"), commands.edit_patient, details=details, **edited)  # type: ignore[arg-type]
    assert proved(world, asha) == (False, False)


def test_an_edit_that_leaves_them_alone_leaves_them_proved(world: World, asha: PatientRow) -> None:
    for purpose in (PHONE, MAIL):
        show(world, asha, purpose, sent_code_to(world, asha, purpose))
    with world.db.read() as session:
        row = queries.patient(session, asha.id)
    edited = {"patient_id": row.id, "row_version": row.row_version, "phone": row.phone_typed}
    world.db.run(world.actor("receptionist"), commands.edit_patient, details=replace(details_of(row), city="Pune"), **edited)  # type: ignore[arg-type]
    assert proved(world, asha) == (True, True)


def test_a_code_is_that_patients_and_for_those_who_keep_the_register(world: World, asha: PatientRow) -> None:
    other, code = register(world, "Ila", phone="98220 77777"), sent_code_to(world, asha, PHONE)
    with pytest.raises(CodeRefused):
        show(world, other, PHONE, code)
    with pytest.raises(PermissionDenied):
        show(world, asha, PHONE, code, by="cashier")
    with pytest.raises(NoAddress):
        request_code(world.db, world.actor("receptionist"), other.id, MAIL)


# What screens ask


def contacts(world: World, patient: PatientRow) -> tuple[ContactRow, ...]:
    with world.db.read() as session:
        return queries.contacts(session, patient.id)


def last_sent(world: World, patient: PatientRow, purpose: OtpPurpose) -> SentCodeRow | None:
    with world.db.read() as session:
        return sent_code(session, purpose=purpose, patient_id=patient.id)


def edit(world: World, patient: PatientRow, *, phone: str | None, email: str | None) -> None:
    with world.db.read() as session:
        row = queries.patient(session, patient.id)
    details = replace(details_of(row), email=email)
    edited = {"patient_id": row.id, "row_version": row.row_version, "phone": phone}
    world.db.run(world.actor("receptionist"), commands.edit_patient, details=details, **edited)  # type: ignore[arg-type]


def test_since_when_each_contact_is_proved(world: World, asha: PatientRow, clock: FrozenClock) -> None:
    phone, mail = contacts(world, asha)
    assert (phone.purpose, phone.address, phone.typed, phone.is_proved, phone.proved_at) == (
        PHONE,
        "+919822012345",
        "98220 12345",
        False,
        None,
    )
    assert (mail.purpose, mail.address, mail.is_proved) == (MAIL, "asha@home.example", False)
    code = sent_code_to(world, asha, PHONE)
    clock.advance(minutes=3)
    show(world, asha, PHONE, code)
    phone, mail = contacts(world, asha)
    assert (phone.is_proved, phone.proved_at, mail.is_proved) == (True, clock.now, False)
    assert contacts(world, register(world, "Ila", phone=None, email=None)) == ()


def test_a_number_that_comes_back_is_proved_anew(world: World, asha: PatientRow) -> None:
    show(world, asha, PHONE, sent_code_to(world, asha, PHONE))
    edit(world, asha, phone="98220 54321", email="asha@home.example")
    edit(world, asha, phone="98220 12345", email="asha@home.example")
    phone, _mail = contacts(world, asha)
    assert (phone.is_proved, phone.proved_at) == (False, None)


def test_a_code_that_went_to_the_former_address_proves_nothing_of_the_new_one(world: World, asha: PatientRow) -> None:
    code = sent_code_to(world, asha, MAIL)
    edit(world, asha, phone="98220 12345", email="new@home.example")
    show(world, asha, MAIL, code)
    assert proved(world, asha) == (False, False)


def test_what_was_sent_says_where_until_when_and_how_many_tries_are_left(world: World, asha: PatientRow, clock: FrozenClock) -> None:
    assert last_sent(world, asha, MAIL) is None
    code = sent_code_to(world, asha, MAIL)
    sent = last_sent(world, asha, MAIL)
    assert sent is not None
    assert (sent.sent_to, sent.sent_at, sent.tries_left) == ("asha@home.example", clock.now, 5)
    assert last_sent(world, asha, PHONE) is None
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeRefused):
            show(world, asha, MAIL, str((int(code) + 1) % 1_000_000).zfill(6))
        sent = last_sent(world, asha, MAIL)
        assert sent is not None
        assert sent.tries_left == left
        assert sent.is_good(clock.now) is (left > 0)
    clock.advance(minutes=1)
    code = sent_code_to(world, asha, MAIL)
    sent = last_sent(world, asha, MAIL)
    assert sent is not None
    assert (sent.tries_left, sent.is_good(clock.now), sent.is_good(sent.expires_at)) == (5, True, False)
    show(world, asha, MAIL, code)
    assert last_sent(world, asha, MAIL) is None


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("asha@home.example", "a•••@home.example"), ("+919822012345", "••••••••••345"), ("x@y.example", "x•••@y.example"), ("12", "•••12")],
)
def test_where_a_code_went_is_known_again_only_by_who_has_it(contact: str, shown: str) -> None:
    assert masked(contact) == shown
