"""What the reception is reminded of is as many as the list behind it shows."""

from __future__ import annotations

from datetime import timedelta

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.rules import OPEN_VISITS, VisitStatus, WaitingStatus
from clinic_desktop.clinic.patients import commands as people
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.commands.cards import VALID_MONTHS
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.frontdesk.test_waiting_list import free_a_place, wait
from tests.clinic.messages.patients import setting
from tests.clinic.patients.combined import merge
from tests.clinic.patients.folder import texts

TOMORROW = TODAY + timedelta(days=1)


def test_each_count_is_of_its_list(desk: Desk) -> None:
    wait(desk, 0)
    wait(desk, 1)
    free_a_place(desk, start=at(10))
    booked = [desk.book(5 + number, at(11, 15 * number, TOMORROW)) for number in range(3)]
    desk.run("receptionist", commands.confirm, appointment_id=booked[0].appointment_id)
    leave = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, first_day=TOMORROW, last_day=TOMORROW)
    desk.run("admin", staff.approve_leave, leave_id=leave)
    where, now = {"clinic_id": desk.clinic_id}, desk.clock.now
    with desk.db.read() as session:
        offered = [one for one in queries.waiting_list(session, **where) if one.status is WaitingStatus.OFFERED]
        assert queries.offers_count(session, **where) == len(offered) == 1
        assert queries.to_confirm_count(session, day=TOMORROW, **where) == len(queries.to_confirm(session, day=TOMORROW, **where)) == 2
        assert queries.needing_new_time_count(session, now=now, **where) == len(queries.needing_new_time(session, now=now, **where)) == 3


def test_who_is_here_and_unsigned_and_whose_card_ends_is_one_person_however_many_records(desk: Desk) -> None:
    texts(desk.world)
    setting(desk, VALID_MONTHS, 1)
    old = [
        desk.run("receptionist", people.issue_id_card, key=new_id(), clinic_id=desk.clinic_id, patient_id=one) for one in desk.patients[:3]
    ]
    setting(desk, VALID_MONTHS, 24)
    desk.run("receptionist", people.issue_id_card, key=new_id(), clinic_id=desk.clinic_id, patient_id=desk.patients[1])
    desk.walk_in(0)
    desk.book(1, at(11))
    desk.book(2, at(12))
    merge(desk.world, desk.patients[4], desk.patients[2])
    with desk.db.read() as session:
        where = {"clinic_id": desk.clinic_id, "day": TODAY}
        coming = queries.patients_of_day(session, **where)
        assert coming == {desk.patients[0], desk.patients[1], desk.patients[4]}
        ends = old[0].valid_until
        assert ends is not None
        renewed = patients.cards_to_renew(session, coming, until=ends)
        assert [(one.patient_id, one.card_id) for one in renewed] == [(desk.patients[0], old[0].id), (desk.patients[4], old[2].id)]
        assert patients.cards_to_renew(session, coming, until=ends - timedelta(days=1)) == []
        here = queries.patients_of_day(session, statuses=OPEN_VISITS, **where)
        assert here == {desk.patients[0]}
        assert queries.patients_of_day(session, statuses=(VisitStatus.COMPLETED,), **where) == set()
        asked = {"clinic_id": desk.clinic_id, "today": TODAY}
        missing = patients.consents_missing_of(session, patient_ids=desk.patients, **asked)
        assert missing == {one: patients.missing_consents(session, patient_id=one, **asked) for one in desk.patients}
    kept = desk.run(
        "receptionist",
        people.issue_id_card,
        key=new_id(),
        clinic_id=desk.clinic_id,
        patient_id=desk.patients[0],
        instead_of=old[0].id,
    )
    again = desk.run(
        "receptionist", people.issue_id_card, key=new_id(), clinic_id=desk.clinic_id, patient_id=desk.patients[0], instead_of=old[0].id
    )
    assert kept.id != old[0].id  # renewed by two desks at once: once
    assert again.id == kept.id
