"""Booking: all or nothing, only where there is room, and once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.models import Appointment, AppointmentService, QueueEntry, StatusLog, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    AppointmentKind,
    AppointmentStatus,
    NotBookable,
    NumberAt,
    PatientBusy,
    PatientInactive,
    Priority,
    QueueState,
    SlotTaken,
    VisitStatus,
)
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.world import HOLIDAY, money

TOMORROW = TODAY + timedelta(days=1)


def test_a_booking_saves_everything_together(desk: Desk) -> None:
    row = desk.book(start=at(10, 15))
    assert (row.booking_id, row.queue_number, row.start, row.end) == ("APT-2026-00001", 1, at(10, 15), at(10, 30))
    with desk.db.read() as session:
        appointment = session.get_one(Appointment, row.appointment_id)
        assert (appointment.status, appointment.slot_place, appointment.fee) == (AppointmentStatus.PENDING, 1, money(600))
        assert appointment.business_date == TODAY
        visit = session.get_one(Visit, row.visit_id)
        assert (visit.status, visit.appointment_id, visit.planned_at) == (VisitStatus.SCHEDULED, row.appointment_id, at(10, 15))
        entry = session.scalars(select(QueueEntry)).one()
        assert (entry.visit_id, entry.queue_number, entry.state) == (row.visit_id, 1, QueueState.RESERVED)
        invoice = session.get_one(Invoice, row.invoice_id)
        assert (invoice.status, invoice.visit_id, invoice.total) == (InvoiceStatus.DRAFT, row.visit_id, money(600))
        line = session.scalars(select(InvoiceItem)).one()
        assert (line.doctor_id, line.doctor_share, line.center_share) == (desk.doctor, money(240), money(360))
        assert session.scalars(select(AppointmentService.unit_price)).all() == [money(600)]
        logged = [(log.subject, log.from_status, log.to_status) for log in session.scalars(select(StatusLog).order_by(StatusLog.id))]
    assert logged == [("APPOINTMENT", None, "PENDING"), ("VISIT", None, "SCHEDULED")]


@pytest.mark.parametrize(
    ("kind", "service", "expected", "share"),
    [
        (AppointmentKind.REGULAR, "CONS", 600, 240),
        (AppointmentKind.FOLLOW_UP, "FUP", 300, 120),
        (AppointmentKind.EMERGENCY, "CONS", 1200, 480),
        (AppointmentKind.REGULAR, "ECG", 350, 70),
    ],
)
def test_the_price_is_the_doctors_fee_or_the_services(desk: Desk, kind: AppointmentKind, service: str, expected: int, share: int) -> None:
    row = desk.book(kind=kind, service_id=desk.world.services[service])
    with desk.db.read() as session:
        assert session.get_one(Appointment, row.appointment_id).fee == money(expected)
        line = session.scalars(select(InvoiceItem)).one()
        assert (line.unit_price, line.doctor_share) == (money(expected), money(share))


def test_a_longer_service_takes_the_slots_it_needs(desk: Desk) -> None:
    row = desk.book(start=at(10), service_id=desk.world.services["XRAY"])
    assert row.end == at(10, 30)
    assert not desk.free(10, 15)
    with pytest.raises(NotBookable) as refused:
        desk.book(1, at(12, 45), service_id=desk.world.services["XRAY"])
    assert refused.value.params["reason"] == "outside_hours"


def test_a_second_press_of_the_button_books_once(desk: Desk) -> None:
    wish = desk.booking()
    first = desk.run("receptionist", commands.book, **wish)
    before = desk.rows()
    assert desk.run("receptionist", commands.book, **wish) == first
    assert desk.rows() == before


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"service_id": uuid4()}, NotFound),
        ({"doctor_id": uuid4()}, NotFound),
        ({"patient_id": uuid4()}, NotFound),
        ({"clinic_id": uuid4()}, NotFound),
        ({"reason": "x" * 500}, InvalidInput),
    ],
)
def test_a_refused_booking_leaves_nothing(desk: Desk, broken: dict[str, Any], error: type[ClinicError]) -> None:
    before = desk.rows()
    with pytest.raises(error):
        desk.book(**broken)
    assert desk.rows() == before
    assert desk.book().booking_id == "APT-2026-00001"


def test_a_failure_at_the_last_stage_leaves_nothing(desk: Desk) -> None:
    with desk.db.write(desk.world.system()) as tx:
        name_is_lost = tx.session.get_one(Service, desk.world.services["ECG"])
        name_is_lost.name = " "
    before = desk.rows()
    with pytest.raises(InvalidInput) as refused:
        desk.book(service_id=desk.world.services["ECG"])
    assert refused.value.field == "description"
    assert desk.rows() == before
    row = desk.book()
    assert (row.booking_id, row.queue_number) == ("APT-2026-00001", 1)


def test_only_those_with_the_permission_book(desk: Desk) -> None:
    with pytest.raises(PermissionDenied):
        desk.book(role="pharmacist")


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (at(8), "past"),
        (at(14), "outside_hours"),
        (at(10, 5), "outside_hours"),
        (at(10, day=date(2026, 3, 8)), "outside_hours"),
        (at(10, day=HOLIDAY), "holiday"),
        (at(10, day=TOMORROW), "leave"),
        (at(11, day=date(2026, 3, 4)), "leave"),
    ],
)
def test_what_cannot_be_booked_needs_permission_and_reason(desk: Desk, start: datetime, reason: str) -> None:
    _leave(desk, TOMORROW, None)
    _leave(desk, date(2026, 3, 4), (time(10, 30), time(12)))
    before = desk.rows()
    with pytest.raises(NotBookable) as refused:
        desk.book(start=start)
    assert refused.value.params["reason"] == reason
    assert desk.rows() == before
    with pytest.raises(PermissionDenied):
        desk.book(start=start, override_reason="asked by phone")
    row = desk.book(start=start, override_reason="asked by phone", role="doctor")
    with desk.db.read() as session:
        assert session.get_one(Appointment, row.appointment_id).override_reason == "asked by phone"
    with pytest.raises(SlotTaken):
        desk.book(1, start, override_reason="and another", role="doctor")


def _leave(desk: Desk, day: date, part: tuple[time, time] | None) -> None:
    start, end = part or (None, None)
    asked = {"doctor_id": desk.doctor, "first_day": day, "last_day": day, "start": start, "end": end}
    leave_id = desk.run("super_admin", staff.request_leave, **asked)
    desk.run("super_admin", staff.approve_leave, leave_id=leave_id)


def test_outside_a_part_day_leave_slots_stay_free(desk: Desk) -> None:
    _leave(desk, TOMORROW, (time(10, 30), time(12)))
    assert desk.free(10, 15, TOMORROW)
    assert not desk.free(10, 30, TOMORROW)
    assert desk.free(12, day=TOMORROW)


def test_next_free_days_leave_out_holidays_leaves_and_sundays(desk: Desk) -> None:
    _leave(desk, TOMORROW, None)
    with desk.db.read() as session:
        wanted = {"clinic_id": desk.clinic_id, "doctor_id": desk.doctor, "now": at(18, 50)}
        days = queries.next_free_days(session, count=15, **wanted)
    assert days[:2] == [date(2026, 3, 4), date(2026, 3, 5)]
    assert TODAY not in days
    assert HOLIDAY not in days
    assert date(2026, 3, 8) not in days
    assert date(2026, 3, 21) in days


def test_one_slot_takes_its_capacity_and_no_more(desk: Desk) -> None:
    slot = {"doctor_id": desk.doctor, "clinic_id": desk.clinic_id, "day": TODAY, "start": time(20), "end": time(20, 30), "capacity": 3}
    slot_id = desk.run("receptionist", staff.add_time_slot, **slot)
    rows = [desk.book(number, at(20)) for number in range(3)]
    with desk.db.read() as session:
        held = session.execute(select(Appointment.slot_place, Appointment.time_slot_id)).all()
    assert {(place, slot_id) for place in (1, 2, 3)} == {tuple(row) for row in held}
    with pytest.raises(SlotTaken):
        desk.book(3, at(20))
    assert not desk.free(20)
    desk.run("receptionist", commands.cancel, appointment_id=rows[1].appointment_id, reason="ill")
    assert desk.free(20)
    assert desk.book(3, at(20)).start == at(20)


def test_one_patient_is_in_one_place_at_a_time(desk: Desk) -> None:
    desk.book(start=at(10))
    with pytest.raises(PatientBusy):
        desk.book(start=at(10), doctor_id=desk.world.second_doctor_id)
    desk.book(start=at(10, 15), doctor_id=desk.world.second_doctor_id)


def test_a_merged_or_archived_patient_is_not_booked(desk: Desk) -> None:
    with desk.db.write(desk.world.system()) as tx:
        tx.session.get_one(Patient, desk.patients[0]).status = PatientStatus.ARCHIVED
    with pytest.raises(PatientInactive):
        desk.book()


def test_queue_numbers_have_no_gap_in_a_clinic_and_day(desk: Desk) -> None:
    numbers = []
    for index in range(6):
        row = desk.book(index, at(10, 0) + timedelta(minutes=15 * index))
        numbers.append(row.queue_number)
        with pytest.raises(SlotTaken):
            desk.book(index + 10, row.start)
    numbers.append(desk.walk_in(7).queue_number)
    assert numbers == [1, 2, 3, 4, 5, 6, 7]
    assert desk.book(8, at(10, day=TOMORROW)).queue_number == 1


def test_the_queue_number_can_wait_for_check_in(desk: Desk) -> None:
    desk.run("super_admin", set_setting, key="queue.number_at", value=NumberAt.CHECK_IN, clinic_id=desk.clinic_id)
    row = desk.book()
    assert row.queue_number is None
    assert desk.visit(row.visit_id).queue_number is None
    assert desk.walk_in(1).queue_number == 1
    assert desk.check_in(row.visit_id).queue_number == 2


def test_an_emergency_keeps_its_priority(desk: Desk) -> None:
    row = desk.book(kind=AppointmentKind.EMERGENCY)
    assert desk.check_in(row.visit_id).priority is Priority.EMERGENCY


def test_a_booking_is_found_by_its_number(desk: Desk) -> None:
    row = desk.book()
    with desk.db.read() as session:
        found = queries.appointment_by_booking_id(session, " apt-2026-00001 ")
        assert found is not None
        assert (found.appointment_id, found.visit_id, found.start) == (row.appointment_id, row.visit_id, row.start)
        assert queries.appointment_by_booking_id(session, "APT-2026-00002") is None


def test_unknown_appointments_are_said_to_be_unknown(desk: Desk) -> None:
    for command in (commands.confirm, commands.mark_no_show):
        with pytest.raises(NotFound):
            desk.run("receptionist", command, appointment_id=new_id())
