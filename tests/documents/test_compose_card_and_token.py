"""The identity card and the queue token say what was registered, booked and called."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import Priority
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.queries import CardRow
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender
from clinic_desktop.documents import compose
from clinic_desktop.documents.compose import Composed, DocumentKind
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.i18n import Language, activate
from clinic_desktop.kernel.ids import new_id
from tests.documents.floor import HEAD, Floor, rows
from tests.documents.rendering import symbols

BRING_IT = ["Please bring this card to every visit. If you find it, kindly return it to", "the clinic."]
AT_MIDNIGHT = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
"""Half past midnight of Tuesday in the clinic, Monday evening in UTC."""


def issue(floor: Floor, patient_id: object, **more: object) -> CardRow:
    ask = {"clinic_id": floor.world.clinic_id, "patient_id": patient_id, **more}
    return floor.run("receptionist", patients.issue_id_card, key=new_id(), **ask)


def token(floor: Floor, visit_id: object) -> Composed:
    return floor.document(compose.queue_token, visit_id=visit_id)


def test_a_card_shows_the_patient_and_carries_both_codes(floor: Floor) -> None:
    floor.register("Bela", "Sen")
    asha = floor.register(
        "Asha",
        "Ghorpade",
        date_of_birth=date(1989, 11, 23),
        phone="9822012345",
        blood_group=BloodGroup.O_POSITIVE,
        emergency_contact_name="Rohan Verma",
        emergency_contact_phone="9845054321",
    )
    with pytest.raises(NotFound) as refused:
        floor.document(compose.id_card, patient_id=asha.id)
    assert refused.value.params == {"entity": "id_cards", "key": "PAT-2026-00002"}
    issued = issue(floor, asha.id)
    card = floor.document(compose.id_card, patient_id=asha.id)

    assert (card.kind, card.entity_type, card.entity_id) == (DocumentKind.ID_CARD, "id_cards", issued.id)
    assert (card.number, card.is_reprint) == ("CRD-2026-000001", False)
    assert rows(card, 0) == [
        *("Main Clinic", "Sunrise Hospital", "Patient card", "AG", "Asha Ghorpade", "PAT-2026-00002"),
        *("Sex Female", "Born Nov 23, 1989 · 36 y", "Blood O+", "CRD-2026-000001"),
    ]
    back = ["Main Clinic", "12 Lake Road, Pune", "+91 20 5550 0100", "In an emergency call", "Rohan Verma 9845054321"]
    assert rows(card, 1) == back + BRING_IT
    assert symbols(card.pdf, 300) == [("Code128", "CRD-2026-000001"), ("QRCode", issued.qr_payload)]


@pytest.mark.parametrize("way", ["printer", "counter"])
def test_a_card_printed_again_is_a_copy_and_a_new_card_is_not(floor: Floor, way: str) -> None:
    asha = floor.register("Asha", "Ghorpade")
    first = issue(floor, asha.id)
    card = floor.document(compose.id_card, patient_id=asha.id)
    assert "COPY" not in rows(card)
    if way == "printer":
        floor.printed(card)
    else:
        floor.run("receptionist", patients.record_card_printed, card_id=first.id)
    again = floor.document(compose.id_card, patient_id=asha.id)
    assert (again.is_reprint, rows(again).count("COPY")) == (True, 1)

    second = issue(floor, asha.id, reason="Lost")
    new = floor.document(compose.id_card, patient_id=asha.id)
    assert (new.is_reprint, rows(new).count("COPY")) == (False, 0)
    assert symbols(new.pdf, 300) == [("Code128", "CRD-2026-000002"), ("QRCode", second.qr_payload)]


def test_an_estimated_birth_date_is_an_age_only(floor: Floor) -> None:
    om = floor.register("Om", "Puri", age_years=71, gender=Gender.MALE)
    issue(floor, om.id)

    front = rows(floor.document(compose.id_card, patient_id=om.id), 0)
    assert front[4:] == ["Om Puri", "PAT-2026-00001", "Sex Male", "Born about 71 y", "CRD-2026-000001"]


def test_an_age_turns_at_the_clinics_midnight_in_the_documents_language(floor: Floor) -> None:
    asha = floor.register("Asha", "Ghorpade", date_of_birth=date(1990, 3, 3))
    issue(floor, asha.id)
    assert "Born Mar 3, 1990 · 35 y" in rows(floor.document(compose.id_card, patient_id=asha.id))
    floor.clock.now = AT_MIDNIGHT
    activate("hi")  # the program's own language is not that of the paper
    try:
        assert "Born Mar 3, 1990 · 36 y" in rows(floor.document(compose.id_card, patient_id=asha.id))
    finally:
        activate("en")
    assert any("36 वर्ष" in row for row in rows(floor.document(compose.id_card, patient_id=asha.id, language=Language("hi"))))


@pytest.mark.parametrize(
    ("first", "last", "read", "initials"),
    [("आशा", "घोरपडे", "आशा घोरपडे", "आघ"), ("محمد", "علي", "دمحم يلع", "م ع")],  # a PDF has the letters as they are drawn
)
@pytest.mark.parametrize("code", ["en", "hi", "ar"])
def test_names_of_other_scripts_stand_on_cards_and_tokens(floor: Floor, first: str, last: str, read: str, initials: str, code: str) -> None:
    patient = floor.register(first, last)
    issue(floor, patient.id)
    card = rows(floor.document(compose.id_card, patient_id=patient.id, language=Language(code)))
    assert (card[3], card[4], card[5]) == (initials, read, "PAT-2026-00001")
    visit = floor.walk_in(patient.id)
    slip = rows(floor.document(compose.queue_token, visit_id=visit.visit_id, language=Language(code)))
    assert any(row.endswith(read) or row.startswith(read) for row in slip)


def test_a_clinic_with_its_own_telephone_and_without_address_takes_the_rest_from_its_hospital(floor: Floor) -> None:
    east = {"code": "EAST", "name": "East Branch", "timezone": "Asia/Kolkata", "phone": "+91 20 7770 0200"}
    clinic_id = floor.world.db.run(floor.world.system(), organisation.add_clinic, **east)
    asha = floor.register("Asha", "Ghorpade", clinic_id=clinic_id)
    issue(floor, asha.id)
    card = floor.document(compose.id_card, patient_id=asha.id)

    assert rows(card, 0)[:2] == ["East Branch", "Sunrise Hospital"]
    assert rows(card, 1) == ["East Branch", "12 Lake Road, Pune 411001", "+91 20 7770 0200", *BRING_IT]


def test_a_token_says_where_the_patient_stands(floor: Floor) -> None:
    world = floor.world
    asha, bela, chitra = (floor.register(*name.split()) for name in ("Asha Ghorpade", "Bela Sen", "Chitra Nair"))
    durga = floor.register("Durga", "Rao", date_of_birth=date(1950, 1, 1))
    place = {"clinic_id": world.clinic_id, "doctor_id": world.second_doctor_id, "service_id": world.services["CONS"]}
    start = datetime(2026, 3, 2, 5, 15, tzinfo=UTC)
    booked = floor.run("receptionist", frontdesk.book, key=new_id(), patient_id=asha.id, start=start, **place)
    before, last = (floor.walk_in(one.id, doctor_id=world.second_doctor_id) for one in (bela, chitra))
    floor.run("receptionist", frontdesk.check_in, visit_id=booked.visit_id)
    elder = floor.walk_in(durga.id, doctor_id=world.second_doctor_id)
    floor.clock.advance(minutes=4)

    slip = token(floor, last.visit_id)
    assert (slip.kind, slip.entity_type, slip.entity_id) == (DocumentKind.QUEUE_TOKEN, "visits", last.visit_id)
    assert (slip.number, slip.is_reprint) == ("3", False)
    assert rows(slip) == [
        *HEAD,
        *("Your number", "3", "Farah Ansari", "Cardiology · Room 2", "Date Mon, Mar 2, 2026", "Patient Chitra Nair"),
        *("Patient no. PAT-2026-00003", "Ahead of you 3", "Estimated wait about 45 minutes", "Q-20260302-3"),
        *("Please watch the screen; your number will be called.", "Printed Mar 2, 2026, 9:04 AM"),
    ]
    assert symbols(slip.pdf, 203) == [("Code128", "Q-20260302-3"), ("QRCode", "Q-20260302-3")]

    of_booking = token(floor, booked.visit_id)
    assert rows(of_booking)[len(HEAD) + 1 :][:9] == [
        *("1", "Farah Ansari", "Cardiology · Room 2", "Date Mon, Mar 2, 2026", "Appointment 10:45 AM", "Patient Asha Ghorpade"),
        *("Patient no. PAT-2026-00001", "Ahead of you 1", "Estimated wait about 15 minutes"),
    ]
    assert symbols(of_booking.pdf, 203) == [("Code128", booked.booking_id), ("QRCode", booked.booking_id)]
    assert booked.booking_id == "APT-2026-00001"
    assert rows(token(floor, elder.visit_id))[len(HEAD) + 1 :][:3] == ["4", "Elderly", "Farah Ansari"]
    assert "Ahead of you 2" in rows(token(floor, before.visit_id))


def test_a_token_printed_later_tells_the_wait_of_then_and_is_a_copy(floor: Floor) -> None:
    world = floor.world
    asha, bela, chitra = (floor.register(*name.split()) for name in ("Asha Ghorpade", "Bela Sen", "Chitra Nair"))
    first = floor.walk_in(asha.id)
    floor.walk_in(bela.id)
    last = floor.walk_in(chitra.id)
    floor.printed(token(floor, last.visit_id))
    floor.run("doctor", frontdesk.call, visit_id=first.visit_id, room="7")
    called, waits = rows(token(floor, first.visit_id)), rows(token(floor, last.visit_id))
    assert "General Medicine · Room 7" in called
    assert not any(row.startswith(("Ahead of you", "Estimated wait")) for row in called)
    assert waits.count("COPY") == 1
    assert "COPY" not in called
    # The one who was called takes a consultation, and so does the one ahead.
    assert {"General Medicine · Room 1", "Ahead of you 1", "Estimated wait about 30 minutes"} <= set(waits)
    urgent = floor.walk_in(floor.register("Esha", "Jain").id, doctor_id=world.doctor_id, priority=Priority.EMERGENCY)
    assert "Emergency" in rows(token(floor, urgent.visit_id))


def test_a_token_after_midnight_is_of_the_clinics_day_and_a_left_patient_has_none(floor: Floor) -> None:
    floor.clock.now = AT_MIDNIGHT
    visit = floor.walk_in(floor.register("Asha", "Ghorpade").id)
    said = rows(token(floor, visit.visit_id))
    assert {"Date Tue, Mar 3, 2026", "Printed Mar 3, 2026, 12:30 AM"} <= set(said)

    booked = floor.run(
        "receptionist",
        frontdesk.book,
        key=new_id(),
        clinic_id=floor.world.clinic_id,
        doctor_id=floor.world.doctor_id,
        patient_id=floor.register("Bela", "Sen").id,
        service_id=floor.world.services["CONS"],
        start=datetime(2026, 3, 3, 5, 15, tzinfo=UTC),
    )
    floor.run("receptionist", frontdesk.cancel, appointment_id=booked.appointment_id, reason="Moved away")
    with pytest.raises(NotFound) as refused:
        token(floor, booked.visit_id)
    assert refused.value.params == {"entity": "appointment_queue", "key": "PAT-2026-00002"}
