"""Two messages that no booking makes: it is soon your turn, and a doctor wishes to see you again. Once, and only while it is so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import Priority
from clinic_desktop.clinic.messages import addressing, commands
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.queries import TellState, not_sent, to_tell
from clinic_desktop.clinic.messages.rules import Undeliverable
from clinic_desktop.clinic.messages.ways import SMS_URL
from clinic_desktop.clinic.organisation.models import Clinic
from clinic_desktop.clinic.patients.commands import choose_contact
from clinic_desktop.clinic.patients.rules import ContactBy
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.mending import mend
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.messages.patients import Handset, queue_of, setting
from tests.clinic.patients.combined import merge
from tests.clinic.world import TIMEZONE
from tests.conftest import FrozenClock

DAY = timedelta(days=1)
DUE = TODAY + 10 * DAY


@pytest.fixture(autouse=True)
def morning(clock: FrozenClock) -> None:
    """The clinic opens."""
    clock.now = at(9)


def waiting(desk: Desk, topic: str) -> list[QueuedMessage]:
    return [row for row in queue_of(desk, None) if row.topic == topic]


def near(heard: list[str]) -> list[str]:
    return [said for said in heard if "soon it is the turn" in said]


def test_who_waits_is_told_once_when_few_are_before(desk: Desk) -> None:
    phone, visits = Handset(desk), [desk.walk_in(number).visit_id for number in range(5)]
    desk.clock.advance(minutes=20)
    assert phone.deliver() == []  # not wished
    setting(desk, addressing.TURN_NEAR, 2)
    told = [f"Patient {n}, number {n + 1}, Doctor One. Still before: {n}." for n in range(3)]
    assert near(phone.deliver()) == [f"Main Clinic: soon it is the turn of {one}" for one in told]
    assert phone.deliver() == []
    desk.call_next()
    assert near(phone.deliver()) == ["Main Clinic: soon it is the turn of Patient 3, number 4, Doctor One. Still before: 2."]
    # Two that came in later and go before: what was said is not said again, and who came in a moment ago was told at the desk.
    desk.walk_in(5, priority=Priority.EMERGENCY)
    desk.run("receptionist", frontdesk.skip, visit_id=visits[0])
    desk.call_next()
    assert phone.deliver() == []


def test_a_turn_is_not_told_of_by_night_to_who_does_not_wish_it_or_once_it_has_come(desk: Desk) -> None:
    setting(desk, addressing.TURN_NEAR, 3)
    visits = [desk.walk_in(number).visit_id for number in range(3)]
    desk.run("receptionist", choose_contact, patient_id=desk.patients[0], contact_by=ContactBy.NONE, contact_language=None)
    desk.clock.advance(minutes=20)
    phone = Handset(desk, [Undeliverable("503")] * 2)
    assert phone.deliver() == []
    desk.run("receptionist", frontdesk.leave_unseen, visit_id=visits[1])
    desk.clock.advance(minutes=5)
    assert near(phone.deliver()) == ["Main Clinic: soon it is the turn of Patient 2, number 3, Doctor One. Still before: 1."]
    desk.walk_in(4)
    desk.clock.now = at(21, 30)
    assert phone.deliver() == []


def test_two_programs_tell_of_a_turn_once(desk: Desk) -> None:
    setting(desk, addressing.TURN_NEAR, 3)
    for number in range(3):
        desk.walk_in(number)
    desk.clock.advance(minutes=20)
    phone, program = Handset(desk), desk.world.system()
    with ThreadPoolExecutor(1) as pool:
        with desk.db.write(program) as tx:
            commands.plan_turns(tx, limit=20)
            other = pool.submit(desk.db.run, program, commands.plan_turns, limit=20)
            with pytest.raises(TimeoutError):  # it looked before anything was there, and now waits for who was faster
                other.result(0.4)
        other.result(30)
    phone.deliver()
    phone.deliver()
    said = [message.body for _at, message in phone.received]
    assert len(said) == len(set(said)) == 3


def see(desk: Desk, patient: int, follow_up: date | None) -> UUID:
    """A doctor sees a patient and wishes to see him again."""
    visit_id = desk.walk_in(patient).visit_id
    desk.run("doctor", frontdesk.call, visit_id=visit_id, room="1")
    desk.run("doctor", frontdesk.start_consultation, visit_id=visit_id)
    desk.run("doctor", clinical.save_consultation, visit_id=visit_id, complaint="cough", follow_up_date=follow_up)
    desk.run("doctor", clinical.sign_consultation, visit_id=visit_id)
    return visit_id


def test_a_follow_up_that_nobody_booked_is_told_of_once_some_days_before(desk: Desk) -> None:
    see(desk, 0, DUE)
    see(desk, 1, TODAY + 2 * DAY)  # as soon as that it was said in the room
    see(desk, 2, None)
    assert [(row.patient_id, row.not_before) for row in waiting(desk, "FOLLOW_UP_DUE")] == [(desk.patients[0], at(10, day=DUE - 3 * DAY))]
    phone = Handset(desk)
    desk.clock.now = at(9, 59, day=DUE - 3 * DAY)
    assert phone.deliver() == []
    desk.clock.now = at(20, day=DUE - 3 * DAY)
    (said,) = phone.deliver()
    assert said == "Main Clinic: Patient 0 is due to see Doctor One again on Thu, Mar 12, 2026. To book: +91 20 5550 0100"
    desk.clock.now = at(12, day=DUE)
    assert phone.deliver() == []


def test_who_books_or_comes_is_not_told_and_who_gives_it_up_is(desk: Desk) -> None:
    for number in range(5):
        see(desk, number, DUE)
    booked = desk.book(0, at(11, day=DUE))
    assert len(waiting(desk, "FOLLOW_UP_DUE")) == 4
    desk.run("receptionist", frontdesk.cancel, appointment_id=booked.appointment_id, reason="away")
    assert len(waiting(desk, "FOLLOW_UP_DUE")) == 5
    desk.book(1, at(12, day=DUE), doctor_id=desk.world.second_doctor_id)  # for something else
    desk.book(2, at(12, 30, day=DUE))
    merge(desk.world, desk.patients[7], desk.patients[3])
    desk.run("receptionist", choose_contact, patient_id=desk.patients[4], contact_by=ContactBy.PHONE, contact_language=None)
    desk.clock.now = at(10, day=DUE - 3 * DAY)
    phone = Handset(desk)
    told = [said for said in phone.deliver() if "is due to see" in said]
    assert [said.split(": ")[1].split(" is due")[0] for said in told] == ["Patient 0", "Patient 1", "Patient 7"]


@pytest.mark.parametrize("timezone", [TIMEZONE, "America/New_York"])
def test_one_that_comes_from_a_copy_is_told_of_before_the_clinics_own_day(desk: Desk, timezone: str) -> None:
    """In New York it is that day in UTC already on the evening before; in Pune it is still the day before when the day has begun."""
    setting(desk, SMS_URL, "")  # a copy sends nothing
    for number in range(2):
        see(desk, number, DUE)
    setting(desk, SMS_URL, "https://texts.example/send")
    with desk.db.write(desk.world.system()) as tx:
        tx.command = "test.timezone"
        tx.session.get_one(Clinic, desk.clinic_id).timezone = timezone
        told, late = tx.session.scalars(select(Consultation.id).order_by(Consultation.patient_id))

    def comes(consultation_id: UUID, wall: time, day: date) -> None:
        desk.clock.now = local_instant(day, wall, timezone)
        with desk.db.write(desk.world.system()) as tx:
            tx.command = "sync.push"
            mend(tx, {"consultations": {consultation_id}})

    comes(told, time(21, 30), DUE - DAY)
    comes(late, time(0, 30), DUE)
    assert [row.patient_id for row in waiting(desk, "FOLLOW_UP_DUE")] == [desk.patients[0]]


def test_what_could_not_be_sent_of_it_is_listed_and_sent_again(desk: Desk) -> None:
    see(desk, 0, DUE)
    desk.clock.now = at(10, day=DUE - 3 * DAY)
    phone = Handset(desk, [Undeliverable("404", for_good=True)])
    phone.deliver()
    with desk.db.read() as session:
        (failed,) = not_sent(session, now=desk.clock.now)
    assert (failed.patient_name, failed.notice.value) == ("Patient 0", "FOLLOW_UP_DUE")
    desk.run("receptionist", commands.send_again, message_id=failed.id)
    assert len(phone.deliver()) == 1


def test_an_appointment_of_a_merged_record_is_told_to_the_survivor(desk: Desk) -> None:
    booked = desk.book(0, at(10, day=DUE))
    merge(desk.world, desk.patients[1], desk.patients[0])
    (said,) = Handset(desk).deliver()
    assert "Patient 1 has an appointment" in said
    assert len(queue_of(desk, booked.appointment_id)) == 2
    with desk.db.read() as session:
        (row,) = to_tell(session, clinic_id=desk.clinic_id, day=DUE)
    assert (row.patient_name, row.state, row.why) == ("Patient 1", TellState.PLANNED, "")
