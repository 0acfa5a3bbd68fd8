"""What waits to be told to somebody whose records are merged: it goes to the record in use, and an undo gives it back."""

from __future__ import annotations

from typing import Any

from clinic_desktop.clinic.messages.commands import mark_told, take_back_told
from clinic_desktop.clinic.messages.queries import TellState, messages_of_patient, to_tell
from clinic_desktop.clinic.messages.rules import Channel, MessageStatus
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.commands import choose_contact
from clinic_desktop.clinic.patients.models import PatientConsent
from clinic_desktop.clinic.patients.rules import ConsentType, ContactBy
from tests.clinic.frontdesk.desk import Desk, at
from tests.clinic.messages.patients import Handset, queue_of
from tests.clinic.messages.test_notices import DAY, WEDNESDAY, offer_to, offers_waiting
from tests.clinic.patients.combined import merge, undo

_KEPT, _MERGED = "+919876540000", "+919876540001"


def numbers(desk: Desk, appointment_id: Any) -> set[str]:
    return {row.recipient for row in queue_of(desk, appointment_id)}


def test_what_waits_follows_the_record_in_use_and_goes_back_with_an_undo(desk: Desk) -> None:
    kept, merged = desk.patients[:2]
    booked = desk.book(1, at(10, day=WEDNESDAY))
    offer_to(desk, 1, 9)
    done = merge(desk.world, kept, merged, phone=Choice.KEPT)
    assert numbers(desk, booked.appointment_id) == {row.recipient for row in offers_waiting(desk)} == {_KEPT}
    with desk.db.read() as session:
        (row,) = to_tell(session, clinic_id=desk.clinic_id, day=WEDNESDAY)
        assert (row.patient_id, row.patient_name, row.phone, row.state) == (kept, "Patient 0", _KEPT, TellState.PLANNED)
        said = messages_of_patient(session, patient_id=kept)
        assert len(said) == 4
        assert {(one.patient_id, one.patient_name) for one in said} == {(kept, "Patient 0")}
    desk.run("receptionist", mark_told, appointment_id=booked.appointment_id, channel=Channel.PHONE)
    (told,) = queue_of(desk, booked.appointment_id, statuses=(MessageStatus.SENT,))
    assert told.recipient == _KEPT
    desk.run("receptionist", take_back_told, appointment_id=booked.appointment_id)
    undo(desk.world, done)
    assert numbers(desk, booked.appointment_id) == {row.recipient for row in offers_waiting(desk)} == {_MERGED}
    with desk.db.read() as session:
        assert messages_of_patient(session, patient_id=kept) == []


def test_what_either_record_said_of_messages_holds_for_the_person(desk: Desk) -> None:
    """A wish of the one that is kept, and an agreement that was taken back under the other."""
    booked, phone = [desk.book(number, at(9 + number, day=WEDNESDAY)) for number in (1, 3)], Handset(desk)
    merge(desk.world, desk.patients[0], desk.patients[1], phone=Choice.KEPT)
    desk.run("receptionist", choose_contact, patient_id=desk.patients[0], contact_by=ContactBy.NONE, contact_language=None)
    assert queue_of(desk, booked[0].appointment_id) == []
    with desk.db.write(desk.world.system()) as tx:
        tx.command = "test.elsewhere"
        signed = {"template_version": "1", "signed_at": tx.now, "witness": "w", "withdrawn_at": tx.now}
        tx.add(PatientConsent(patient_id=desk.patients[3], type=ConsentType.MESSAGES, **signed))
    merge(desk.world, desk.patients[2], desk.patients[3], phone=Choice.KEPT)
    desk.clock.now = at(9, day=WEDNESDAY - DAY)
    assert phone.deliver() == []
    assert queue_of(desk, booked[1].appointment_id, statuses=(MessageStatus.SENT,)) == []
