"""What was planned for a record that was merged since: it is the survivor's, and a desk goes on with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.queries.planned import planned
from clinic_desktop.clinic.frontdesk.rules import WaitingStatus
from clinic_desktop.clinic.frontdesk.waiting_models import WaitingEntry
from clinic_desktop.clinic.patients.rules import PatientMerged
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.patients.combined import merge

TOMORROW = TODAY + timedelta(days=1)


def wait(desk: Desk, patient_id: UUID) -> UUID:
    wish: dict[str, Any] = {"service_id": desk.world.services["CONS"], "first_day": TODAY, "last_day": TOMORROW}
    return desk.run("receptionist", commands.add_waiting, key=new_id(), clinic_id=desk.clinic_id, patient_id=patient_id, **wish)


def test_an_appointment_of_a_merged_record_is_named_counted_and_moved_as_the_survivors(desk: Desk) -> None:
    kept, merged = desk.patients[:2]
    desk.book(0, at(9))  # a visit before: tomorrow's is none of somebody new, though that record never came
    row = desk.book(1, at(11, day=TOMORROW))
    merge(desk.world, kept, merged)
    with desk.db.read() as session:
        (calendar,) = planned(session, clinic_id=desk.clinic_id, first=TOMORROW, last=TOMORROW)
        (confirm,) = queries.to_confirm(session, clinic_id=desk.clinic_id, day=TOMORROW)
        ahead = queries.appointments_ahead(session, doctor_id=desk.doctor, now=at(11, day=TOMORROW))
    assert (calendar.patient_id, calendar.patient_name, calendar.is_first_visit) == (kept, "Patient 0", False)
    assert [(one.patient_id, one.patient_name) for one in (confirm, *ahead)] == [(kept, "Patient 0")] * 2
    moved = desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(12, day=TOMORROW))
    with desk.db.read() as session:
        assert (moved.start, session.get_one(Appointment, row.appointment_id).patient_id) == (at(12, day=TOMORROW), merged)


def test_a_wish_of_a_merged_record_is_the_survivors(desk: Desk) -> None:
    kept, merged, other, alias = desk.patients[:4]
    first, second = wait(desk, merged), wait(desk, alias)
    merge(desk.world, kept, merged)
    merge(desk.world, other, alias)
    with desk.db.read() as session:
        listed = [(one.patient_id, one.patient_name) for one in queries.waiting_list(session, clinic_id=desk.clinic_id)]
    assert listed == [(kept, "Patient 0"), (other, "Patient 2")]
    gone = desk.book(9, at(10))
    desk.run("receptionist", commands.cancel, appointment_id=gone.appointment_id, reason="away")
    booked = desk.run("receptionist", commands.accept_offer, key=new_id(), entry_id=first)
    desk.book(2, at(12))  # booked without a look at the list: who waited under the other record waits no longer
    with desk.db.read() as session:
        assert session.get_one(Appointment, booked.appointment_id).patient_id == kept
        assert [session.get_one(WaitingEntry, one).status for one in (first, second)] == [WaitingStatus.BOOKED] * 2


def test_nothing_new_is_planned_for_a_merged_record(desk: Desk) -> None:
    merge(desk.world, desk.patients[0], desk.patients[1])
    for ask in (lambda: desk.book(1), lambda: desk.walk_in(1), lambda: wait(desk, desk.patients[1])):
        with pytest.raises(PatientMerged) as told:
            ask()
        assert told.value.params["patient_id"] == str(desk.patients[0])
