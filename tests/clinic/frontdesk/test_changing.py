"""Moving, confirming and giving up appointments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    AppointmentStatus,
    QueueState,
    SlotTaken,
    TooEarly,
    VisitStatus,
)
from clinic_desktop.kernel.errors import IllegalTransition
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.world import money

TOMORROW = TODAY + timedelta(days=1)


def test_cancelling_frees_the_slot_and_everything_with_it(desk: Desk) -> None:
    row = desk.book(start=at(10))
    assert not desk.free(10)
    desk.run("receptionist", commands.cancel, appointment_id=row.appointment_id, reason="patient is away")
    assert desk.free(10)
    with desk.db.read() as session:
        appointment = session.get_one(Appointment, row.appointment_id)
        assert (appointment.status, appointment.cancellation_reason) == (AppointmentStatus.CANCELLED, "patient is away")
        assert appointment.cancelled_by == desk.world.users["receptionist"]
        assert session.get_one(Visit, row.visit_id).status is VisitStatus.CANCELLED
        assert session.get_one(Invoice, row.invoice_id).status is InvoiceStatus.CANCELLED
        assert session.scalars(select(QueueEntry.state)).all() == [QueueState.VOID]
    again = desk.book(start=at(10))
    assert again.queue_number == 2


def test_a_patient_who_does_not_come_frees_the_slot_too(desk: Desk) -> None:
    row = desk.book(start=at(10))
    with pytest.raises(TooEarly):
        desk.run("receptionist", commands.mark_no_show, appointment_id=row.appointment_id)
    desk.clock.now = at(10, 20)
    desk.run("receptionist", commands.mark_no_show, appointment_id=row.appointment_id)
    assert desk.visit(row.visit_id).appointment_status is AppointmentStatus.NO_SHOW
    with desk.db.read() as session:
        counts = queries.home_counts(session, clinic_id=desk.clinic_id, day=TODAY)
    assert (counts.no_show, counts.cancelled, counts.expected) == (1, 0, 0)


def test_confirming(desk: Desk) -> None:
    row = desk.book()
    desk.run("receptionist", commands.confirm, appointment_id=row.appointment_id)
    assert desk.visit(row.visit_id).appointment_status is AppointmentStatus.CONFIRMED
    with pytest.raises(IllegalTransition):
        desk.run("receptionist", commands.confirm, appointment_id=row.appointment_id)


def test_moving_within_the_day_keeps_number_and_draft(desk: Desk) -> None:
    row = desk.book(start=at(10))
    moved = desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(11))
    assert (moved.queue_number, moved.invoice_id, moved.start) == (row.queue_number, row.invoice_id, at(11))
    assert desk.free(10)
    assert not desk.free(11)
    assert desk.visit(row.visit_id).planned_at == at(11)


def test_moving_onto_a_part_of_itself_is_fine_and_onto_another_is_not(desk: Desk) -> None:
    row = desk.book(start=at(10), service_id=desk.world.services["XRAY"])
    other = desk.book(1, at(11))
    desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(10, 15))
    with pytest.raises(SlotTaken):
        desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=other.start)
    assert desk.visit(row.visit_id).planned_at == at(10, 15)


def test_moving_to_another_day_takes_a_number_of_that_day(desk: Desk) -> None:
    desk.book(1, at(10))
    desk.book(2, at(10, day=TOMORROW))
    row = desk.book(start=at(11))
    moved = desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(11, day=TOMORROW))
    assert (row.queue_number, moved.queue_number) == (2, 2)
    with desk.db.read() as session:
        entries = session.execute(
            select(QueueEntry.business_date, QueueEntry.state).where(QueueEntry.visit_id == row.visit_id).order_by(QueueEntry.id)
        ).all()
    assert [tuple(entry) for entry in entries] == [(TODAY, QueueState.VOID), (TOMORROW, QueueState.RESERVED)]
    assert desk.walk_in(3).queue_number == 3


def test_moving_to_another_doctor_moves_the_share(desk: Desk) -> None:
    row = desk.book(start=at(10))
    other = desk.world.second_doctor_id
    moved = desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(10), doctor_id=other)
    with desk.db.read() as session:
        assert session.get_one(Invoice, row.invoice_id).status is InvoiceStatus.CANCELLED
        line = session.scalars(select(InvoiceItem).where(InvoiceItem.invoice_id == moved.invoice_id)).one()
        assert (line.doctor_id, line.doctor_share) == (other, money(300))
    assert desk.visit(row.visit_id).doctor_id == other
    assert desk.free(10)


def test_what_has_begun_cannot_be_moved(desk: Desk) -> None:
    row = desk.book()
    desk.check_in(row.visit_id)
    with pytest.raises(IllegalTransition):
        desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(12))
