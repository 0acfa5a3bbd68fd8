"""What patients are told of their appointments: once, in time, not at night, and only what is still so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.messages import addressing, commands
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.queries import TellState, messages_of_patient, not_sent, not_sent_count, to_tell
from clinic_desktop.clinic.messages.rules import Channel, NothingToTell, Undeliverable
from clinic_desktop.clinic.messages.ways import SMS_URL
from clinic_desktop.clinic.patients.commands import choose_contact
from clinic_desktop.clinic.patients.models import Patient, PatientConsent
from clinic_desktop.clinic.patients.rules import ConsentType, ContactBy, PatientStatus, parse_phone
from clinic_desktop.kernel.errors import ClinicError, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.messages.patients import Handset, queue_of, setting, waiting

DAY = timedelta(days=1)
WEDNESDAY = TODAY + 2 * DAY


def test_a_booking_is_confirmed_and_reminded_of_twice(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=WEDNESDAY))
    assert waiting(desk, booked.appointment_id) == [
        ("BOOKED", desk.clock.now),
        ("REMINDER", at(10, day=WEDNESDAY - DAY)),
        ("REMINDER_SOON", at(8, day=WEDNESDAY)),
    ]
    phone = Handset(desk)
    said = "Main Clinic: Patient 0 has an appointment on Wed, Mar 4, 2026 at 10:00 AM with Doctor One. Number: APT-2026-00001"
    assert phone.deliver() == [said]
    assert phone.received[0][1].recipient == "+919876540000"
    assert phone.deliver() == []
    desk.clock.now = at(8, 1, day=WEDNESDAY)
    # The computers were off on Tuesday: the first reminder is of no use beside the second.
    assert phone.deliver() == ["Main Clinic: we expect Patient 0 today at 10:00 AM, Doctor One."]
    assert waiting(desk, booked.appointment_id) == []


def test_what_changes_before_it_is_told_is_told_once_and_rightly(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=WEDNESDAY))
    desk.run("receptionist", frontdesk.move, appointment_id=booked.appointment_id, start=at(11, day=WEDNESDAY))
    phone = Handset(desk)
    (said,) = phone.deliver()
    assert "has an appointment on Wed, Mar 4, 2026 at 11:00 AM" in said
    # There and back again before anybody looked: nothing to say.
    desk.run("receptionist", frontdesk.move, appointment_id=booked.appointment_id, start=at(12, day=WEDNESDAY))
    desk.run("receptionist", frontdesk.move, appointment_id=booked.appointment_id, start=at(11, day=WEDNESDAY))
    assert phone.deliver() == []
    assert [topic for topic, _at in waiting(desk, booked.appointment_id)] == ["REMINDER", "REMINDER_SOON"]
    desk.run("receptionist", frontdesk.move, appointment_id=booked.appointment_id, start=at(12, day=WEDNESDAY))
    assert "is now on Wed, Mar 4, 2026 at 12:00" in phone.deliver()[0]
    desk.run("receptionist", frontdesk.cancel, appointment_id=booked.appointment_id, reason="ill")
    (said,) = phone.deliver()
    assert "is cancelled" in said
    assert "ill" not in said.replace("will", "")


def test_the_same_news_is_told_again_where_something_else_was_told_between(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=WEDNESDAY))
    phone = Handset(desk)
    phone.deliver()
    heard = []
    for hour in (11, 12, 11, 12):
        desk.run("receptionist", frontdesk.move, appointment_id=booked.appointment_id, start=at(hour, day=WEDNESDAY))
        heard += phone.deliver()
    assert ["11:00" if "11:00" in said else "12:00" for said in heard] == ["11:00", "12:00", "11:00", "12:00"]


def test_nobody_hears_of_an_appointment_that_was_given_up_before_it_was_told_of(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=WEDNESDAY))
    desk.run("receptionist", frontdesk.cancel, appointment_id=booked.appointment_id, reason="typing mistake")
    assert Handset(desk).deliver() == []
    assert waiting(desk, booked.appointment_id) == []


@pytest.mark.parametrize("how", ["check_in", "no_show"])
def test_who_is_here_or_did_not_come_is_not_reminded(desk: Desk, how: str) -> None:
    setting(desk, addressing.QUIET_UNTIL, "21:00")
    booked = desk.book(0, at(12))
    assert [topic for topic, _at in waiting(desk, booked.appointment_id)] == ["BOOKED", "REMINDER_SOON"]
    if how == "check_in":
        desk.check_in(booked.visit_id)
    else:
        desk.clock.now = at(12, 1)
        desk.run("receptionist", frontdesk.mark_no_show, appointment_id=booked.appointment_id)
    assert waiting(desk, booked.appointment_id) == []
    assert Handset(desk).deliver() == []


def test_nobody_is_written_to_at_night(desk: Desk) -> None:
    desk.clock.now = at(22, day=TODAY)
    early = desk.book(0, at(9, day=TODAY + DAY))
    later = desk.book(1, at(9, 30, day=WEDNESDAY))
    # Tomorrow's at nine: two hours before is at night, and the morning is time enough; the confirmation says it all by then.
    assert waiting(desk, early.appointment_id) == [("BOOKED", at(8, day=TODAY + DAY))]
    assert waiting(desk, later.appointment_id) == [
        ("BOOKED", at(8, day=TODAY + DAY)),
        ("REMINDER", at(9, 30, day=TODAY + DAY)),
        ("REMINDER_SOON", at(8, day=WEDNESDAY)),
    ]
    phone = Handset(desk)
    assert phone.deliver() == []
    desk.clock.now = at(8, day=TODAY + DAY)
    assert len(phone.deliver()) == 2
    # What failed by day is not tried again at night.
    desk.clock.now = at(20, 59, day=TODAY + DAY)
    phone.deliver()
    third = desk.book(2, at(12, day=WEDNESDAY))
    phone.refusals = [Undeliverable("503")]
    phone.deliver()
    desk.clock.now = at(21, 5, day=TODAY + DAY)
    assert phone.deliver() == []
    desk.clock.now = at(8, 5, day=WEDNESDAY)
    assert any("Patient 2" in said for said in phone.deliver())
    assert third.start == at(12, day=WEDNESDAY)


def test_the_patients_wish_consent_contact_and_death_decide_at_the_moment_of_sending(desk: Desk) -> None:
    phone = Handset(desk)
    booked = [desk.book(number, at(9 + number, day=WEDNESDAY)) for number in range(4)]
    desk.run("receptionist", choose_contact, patient_id=desk.patients[0], contact_by=ContactBy.NONE, contact_language=None)
    desk.run("receptionist", choose_contact, patient_id=desk.patients[1], contact_by=None, contact_language="hi")
    assert waiting(desk, booked[0].appointment_id) == []
    with desk.db.write(desk.world.system()) as tx:  # as the merge of another site would: nothing is said of it
        tx.command = "test.elsewhere"
        tx.session.get_one(Patient, desk.patients[2]).status = PatientStatus.DECEASED
        signed = {"template_version": "1", "signed_at": tx.now, "witness": "w", "withdrawn_at": tx.now}
        tx.add(PatientConsent(patient_id=desk.patients[3], type=ConsentType.MESSAGES, **signed))
    (said,) = phone.deliver()
    assert "Patient 1" in said
    assert "अपॉइंटमेंट" in said
    assert [queue_of(desk, one.appointment_id) for one in booked[2:]] == [[], []]
    with desk.db.read() as session:
        rows = {row.patient_name: row for row in to_tell(session, clinic_id=desk.clinic_id, day=WEDNESDAY)}
    assert {name: row.why for name, row in rows.items() if row.state is TellState.NOT_TOLD} == {
        "Patient 0": "not_wished",
        "Patient 2": "not_active",
        "Patient 3": "no_consent",
    }


def test_a_clinic_may_ask_for_a_signed_consent_and_a_proved_number(desk: Desk) -> None:
    setting(desk, addressing.NEEDS_CONSENT, True)
    assert waiting(desk, desk.book(0, at(10, day=WEDNESDAY)).appointment_id) == []
    with desk.db.write(desk.world.system()) as tx:
        tx.command = "test.signed"
        signed = {"template_version": "1", "signed_at": tx.now, "witness": "w"}
        tx.add(PatientConsent(patient_id=desk.patients[1], type=ConsentType.MESSAGES, withdrawn_at=None, **signed))
    assert waiting(desk, desk.book(1, at(11, day=WEDNESDAY)).appointment_id) != []
    setting(desk, addressing.NEEDS_PROOF, True)
    assert waiting(desk, desk.book(1, at(12, day=WEDNESDAY)).appointment_id) == []


def test_what_is_told_by_telephone_is_not_sent_too_until_that_is_taken_back(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=WEDNESDAY))
    desk.run("receptionist", commands.mark_told, appointment_id=booked.appointment_id, channel=Channel.PHONE)
    assert waiting(desk, booked.appointment_id) == []
    with desk.db.read() as session:
        (row,) = to_tell(session, clinic_id=desk.clinic_id, day=WEDNESDAY)
        (said, *_withdrawn) = [one for one in messages_of_patient(session, patient_id=desk.patients[0]) if one.told_by]
    assert (row.state, row.channel, said.told_by) == (TellState.TOLD, Channel.PHONE, "Receptionist One")
    desk.run("receptionist", commands.take_back_told, appointment_id=booked.appointment_id)
    assert [topic for topic, _at in waiting(desk, booked.appointment_id)] == ["REMINDER", "REMINDER_SOON"]
    desk.run("receptionist", commands.mark_told, appointment_id=booked.appointment_id, channel=Channel.PHONE)
    assert waiting(desk, booked.appointment_id) == []
    desk.run("receptionist", frontdesk.move, appointment_id=booked.appointment_id, start=at(11, day=WEDNESDAY))
    assert [topic for topic, _at in waiting(desk, booked.appointment_id)] == ["MOVED", "REMINDER", "REMINDER_SOON"]
    with pytest.raises(PermissionDenied):
        desk.run("cashier", commands.mark_told, appointment_id=booked.appointment_id, channel=Channel.PAPER)
    with pytest.raises(ClinicError):
        desk.run("receptionist", commands.mark_told, appointment_id=booked.appointment_id, channel=Channel.SMS)


def test_what_could_not_be_sent_is_sent_again_to_the_number_of_now_or_let_be(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=WEDNESDAY))
    other = desk.book(1, at(11, day=WEDNESDAY))
    phone = Handset(desk, [Undeliverable("404 no such number", for_good=True)] * 2)
    phone.deliver()
    with desk.db.read() as session:
        failed = not_sent(session, now=desk.clock.now)
        assert not_sent_count(session, now=desk.clock.now) == 2
    assert [(one.patient_name, one.error) for one in failed] == [(f"Patient {n}", "404 no such number") for n in (0, 1)]
    with desk.db.write(desk.world.system()) as tx:
        tx.command = "test.number"
        tx.session.get_one(Patient, desk.patients[0]).set_phone(parse_phone("9876549999", "IN"), None)
    desk.run("receptionist", commands.send_again, message_id=failed[0].id)
    desk.run("receptionist", commands.let_be, message_id=failed[1].id)
    assert len(phone.deliver()) == 1
    assert phone.received[-1][1].recipient == "+919876549999"
    with desk.db.read() as session:
        assert not_sent(session, now=desk.clock.now) == []
    desk.run("receptionist", frontdesk.cancel, appointment_id=other.appointment_id, reason="x")
    with pytest.raises(NothingToTell):
        desk.run("receptionist", commands.send_again, message_id=failed[1].id)
    assert booked.appointment_id != other.appointment_id


def test_where_nothing_is_set_up_nothing_waits_and_the_list_says_so(desk: Desk) -> None:
    setting(desk, SMS_URL, "")
    booked = desk.book(0, at(10, day=WEDNESDAY))
    assert waiting(desk, booked.appointment_id) == []
    with desk.db.read() as session:
        (row,) = to_tell(session, clinic_id=desk.clinic_id, day=WEDNESDAY)
    assert (row.state, row.why, row.phone) == (TellState.NOT_TOLD, "no_way", "+919876540000")


def offer_to(desk: Desk, patient: int, hour: int) -> UUID:
    """Somebody waits for a place, and one comes free."""
    wish = {"patient_id": desk.patients[patient], "service_id": desk.world.services["CONS"], "first_day": TODAY, "last_day": WEDNESDAY}
    entry_id: UUID = desk.run("receptionist", frontdesk.add_waiting, key=new_id(), clinic_id=desk.clinic_id, **wish)
    taken = desk.book(9, at(hour, day=WEDNESDAY))
    desk.run("receptionist", frontdesk.cancel, appointment_id=taken.appointment_id, reason="away")
    return entry_id


def offers_waiting(desk: Desk) -> list[QueuedMessage]:
    return [row for row in queue_of(desk, None) if row.topic == "PLACE_OFFERED"]


def test_a_place_is_offered_once_by_day_and_only_while_it_is_offered(desk: Desk) -> None:
    phone = Handset(desk)
    entry_id = offer_to(desk, 0, 9)
    (said,) = phone.deliver()
    assert "a place is free for Patient 0 on Wed, Mar 4, 2026 at 9:00 AM, Doctor One" in said
    assert phone.deliver() == []
    desk.run("receptionist", frontdesk.withdraw_waiting, entry_id=entry_id)
    # Declined, sold to somebody else, overtaken by the clock: nobody is told of what is not so.
    for hour, end in ((10, "declined"), (11, "sold"), (12, "over")):
        entry_id = offer_to(desk, 1, hour)
        assert [UUID((row.about or "").partition("|")[0]) for row in offers_waiting(desk)] == [entry_id]
        if end == "declined":
            desk.run("receptionist", frontdesk.decline_offer, entry_id=entry_id)
            assert offers_waiting(desk) == []
        elif end == "sold":
            desk.book(5, at(hour, day=WEDNESDAY))
        else:
            desk.clock.advance(minutes=180)
        assert not [said for said in phone.deliver() if "a place is free" in said], end
        desk.run("receptionist", frontdesk.withdraw_waiting, entry_id=entry_id)
    desk.clock.now = at(22, day=TODAY)
    offer_to(desk, 2, 9)
    assert not [said for said in phone.deliver() if "a place is free" in said]


def test_a_late_doctors_patients_are_told_once_for_each_delay_while_they_are_to_come(desk: Desk) -> None:
    setting(desk, addressing.REMIND_SOON_HOURS, 0)
    here, away, coming, evening = (desk.book(n, start) for n, start in enumerate((at(10), at(10, 30), at(11), at(16))))
    phone = Handset(desk)
    desk.clock.now = max(desk.clock.now, at(8, 30))
    phone.deliver()
    late = partial(desk.run, "receptionist", frontdesk.set_delay, clinic_id=desk.clinic_id, doctor_id=desk.doctor)
    late(minutes=30)
    assert "DOCTOR_LATE" in [topic for topic, _at in waiting(desk, here.appointment_id)]
    desk.check_in(here.visit_id)
    desk.run("receptionist", frontdesk.cancel, appointment_id=away.appointment_id, reason="away")
    told = phone.deliver()
    assert [said for said in told if "late today" in said] == [
        "Main Clinic: Doctor One is about 30 minutes late today. Patient 2 is expected at 11:00 AM."
    ]
    late(minutes=30)
    assert phone.deliver() == []
    late(minutes=45)
    assert [topic for topic, _at in waiting(desk, coming.appointment_id)] == ["DOCTOR_LATE"]
    late(minutes=0)
    assert waiting(desk, coming.appointment_id) == []
    assert phone.deliver() == []
    assert waiting(desk, evening.appointment_id) == []


def test_two_programs_and_a_desk_that_moves_it_tell_the_truth_once(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=WEDNESDAY))
    phone, go = Handset(desk), Barrier(3)

    def deliver() -> None:
        go.wait(10)
        phone.deliver()

    def move() -> None:
        go.wait(10)
        desk.run("receptionist", frontdesk.move, appointment_id=booked.appointment_id, start=at(11, day=WEDNESDAY))

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(act) for act in (deliver, deliver, move)]:
            done.result(30)
    phone.deliver()
    said = [message.body for _at, message in phone.received]
    assert len(said) == len(set(said))
    assert "11:00 AM" in said[-1]
    assert len(said) == (1 if "has an appointment" in said[-1] else 2)
