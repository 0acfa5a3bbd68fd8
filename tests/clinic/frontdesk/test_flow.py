"""The whole way of a visit, and every step that is not on it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing.commands import issue_invoice
from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.frontdesk import commands, events, queries
from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, StatusLog, Visit
from clinic_desktop.clinic.frontdesk.rules import (
    AlreadyQueued,
    AppointmentStatus,
    Priority,
    QueueState,
    VisitStatus,
    VisitType,
    WrongDay,
    states_agree,
)
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.rules import ServiceCategory
from clinic_desktop.kernel.errors import IllegalTransition, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from tests.clinic.frontdesk.desk import TODAY, Desk, at, sign
from tests.clinic.world import money


def events_of(desk: Desk) -> list[str]:
    heard: list[str] = []
    desk.db.subscribe(lambda happened: heard.extend(type(one).__name__ for one in happened))
    return heard


def test_from_booking_to_paid(desk: Desk) -> None:
    heard = events_of(desk)
    desk.open_till()
    row = desk.book(start=at(9, 15))
    desk.run("receptionist", commands.confirm, appointment_id=row.appointment_id)
    desk.check_in(row.visit_id)
    ticket = desk.call_next()
    assert (ticket.visit_id, ticket.queue_number, ticket.room, ticket.call_count) == (row.visit_id, 1, "1", 1)
    desk.see(row.visit_id, minutes=12)
    assert desk.visit(row.visit_id).status is VisitStatus.PENDING_PAYMENT
    desk.pay(row.visit_id)
    done = desk.visit(row.visit_id)
    assert (done.status, done.appointment_status) == (VisitStatus.COMPLETED, AppointmentStatus.COMPLETED)
    assert done.end_time is not None
    assert done.start_time is not None
    assert done.end_time - done.start_time == timedelta(minutes=12)
    assert [name for name in heard if name in vars(events)] == [
        "AppointmentBooked",
        "AppointmentConfirmed",
        "PatientCheckedIn",
        "TicketCalled",
        "ConsultationStarted",
        "VisitReadyToPay",
        "VisitCompleted",
    ]


def test_every_change_is_in_the_status_log(desk: Desk) -> None:
    desk.open_till()
    row = desk.book(start=at(9, 15))
    desk.check_in(row.visit_id)
    desk.call_next()
    desk.see(row.visit_id)
    desk.pay(row.visit_id)
    with desk.db.read() as session:
        history = queries.status_history(session, visit_id=row.visit_id)
    visit = [(one.from_status, one.to_status) for one in history if one.subject == "VISIT"]
    appointment = [(one.from_status, one.to_status) for one in history if one.subject == "APPOINTMENT"]
    order = [None, "SCHEDULED", "WAITING", "CALLED", "IN_PROGRESS", "PENDING_PAYMENT", "COMPLETED"]
    assert visit == list(itertools.pairwise(order))
    order = [None, "PENDING", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"]
    assert appointment == list(itertools.pairwise(order))
    assert history[0].changed_by is not None


def test_paying_before_the_consultation_completes_at_the_end_of_it(desk: Desk) -> None:
    desk.open_till()
    row = desk.walk_in()
    desk.pay(row.visit_id)
    assert desk.visit(row.visit_id).status is VisitStatus.WAITING
    desk.call_next()
    desk.see(row.visit_id)
    assert desk.visit(row.visit_id).status is VisitStatus.COMPLETED


def test_a_free_visit_is_complete_when_its_invoice_is_issued(desk: Desk) -> None:
    free = {"code": "FREE", "name": "Free check", "category": ServiceCategory.OTHER, "price": money(0), "duration_minutes": 10}
    service_id = desk.run("super_admin", staff.add_service, **free)
    row = desk.walk_in(service_id=service_id)
    desk.call_next()
    desk.see(row.visit_id)
    with desk.db.read() as session:
        invoice_id = session.scalars(select(Invoice.id)).one()
    desk.run("cashier", issue_invoice, key=new_id(), invoice_id=invoice_id)
    assert desk.visit(row.visit_id).status is VisitStatus.COMPLETED


def test_a_walk_in_has_everything_but_the_appointment(desk: Desk) -> None:
    row = desk.walk_in()
    seen = desk.visit(row.visit_id)
    assert (seen.visit_type, seen.status, seen.appointment_id, seen.queue_number) == (VisitType.WALK_IN, VisitStatus.WAITING, None, 1)
    assert (row.priority, row.queue_number) == (Priority.NORMAL, 1)
    with desk.db.read() as session:
        invoice = session.scalars(select(Invoice)).one()
        assert (invoice.id, invoice.visit_id, invoice.status, invoice.total) == (
            row.invoice_id,
            row.visit_id,
            InvoiceStatus.DRAFT,
            money(600),
        )


def test_a_patient_stands_in_one_queue_once(desk: Desk) -> None:
    row = desk.walk_in()
    before = desk.rows()
    with pytest.raises(AlreadyQueued) as refused:
        desk.walk_in()
    assert refused.value.params == {"queue_number": 1}
    assert desk.rows() == before
    booked = desk.book(start=at(10))
    with pytest.raises(AlreadyQueued):
        desk.check_in(booked.visit_id)
    assert desk.visit(booked.visit_id).status is VisitStatus.SCHEDULED
    desk.walk_in(doctor_id=desk.world.second_doctor_id)
    desk.run("receptionist", commands.leave_unseen, visit_id=row.visit_id)
    desk.check_in(booked.visit_id)


def test_the_old_wait_less(desk: Desk) -> None:
    row = desk.book(len(desk.patients) - 1)
    assert desk.check_in(row.visit_id).priority is Priority.ELDERLY


def test_a_visit_is_checked_in_on_its_own_day(desk: Desk) -> None:
    row = desk.book(start=at(10, day=TODAY + timedelta(days=1)))
    with pytest.raises(WrongDay):
        desk.check_in(row.visit_id)
    desk.clock.advance(days=1)
    desk.check_in(row.visit_id)


def test_check_in_by_appointment(desk: Desk) -> None:
    row = desk.book()
    arrival = desk.run("receptionist", commands.check_in, appointment_id=row.appointment_id)
    assert (arrival.visit_id, arrival.priority, arrival.estimated_wait_minutes) == (row.visit_id, Priority.APPOINTMENT, 0)


def test_who_leaves_unseen_pays_nothing_and_frees_the_place(desk: Desk) -> None:
    row = desk.book(start=at(10))
    desk.check_in(row.visit_id)
    desk.run("receptionist", commands.leave_unseen, visit_id=row.visit_id, reason="had to go")
    seen = desk.visit(row.visit_id)
    assert (seen.status, seen.appointment_status) == (VisitStatus.LEFT, AppointmentStatus.CANCELLED)
    assert desk.free(10)
    with desk.db.read() as session:
        assert session.get_one(Invoice, row.invoice_id).status is InvoiceStatus.CANCELLED


def test_a_mistaken_walk_in_is_taken_back(desk: Desk) -> None:
    row = desk.walk_in()
    desk.run("receptionist", commands.cancel_visit, visit_id=row.visit_id, reason="wrong patient")
    with desk.db.read() as session:
        assert session.get_one(Visit, row.visit_id).status is VisitStatus.CANCELLED
        assert session.scalars(select(QueueEntry.state)).all() == [QueueState.VOID]
    assert desk.walk_in().queue_number == 2


@pytest.mark.parametrize("role", ["cashier", "pharmacist", "auditor"])
def test_the_queue_belongs_to_those_with_the_permission(desk: Desk, role: str) -> None:
    row = desk.book()
    for command, parameters in (
        (commands.check_in, {"visit_id": row.visit_id}),
        (commands.call_next, {"clinic_id": desk.clinic_id, "doctor_id": desk.doctor, "room": "1"}),
        (commands.cancel, {"appointment_id": row.appointment_id, "reason": "no"}),
    ):
        with pytest.raises(PermissionDenied):
            desk.run(role, command, **parameters)


def _to(desk: Desk, status: VisitStatus) -> UUID:
    """A visit with an appointment, brought to a status by commands."""
    desk.open_till()
    row = desk.book(start=at(9))
    visit_id, appointment_id = row.visit_id, row.appointment_id
    path: dict[VisitStatus, list[Callable[[], Any]]] = {
        VisitStatus.SCHEDULED: [],
        VisitStatus.CANCELLED: [lambda: desk.run("receptionist", commands.cancel, appointment_id=appointment_id, reason="no")],
    }
    path[VisitStatus.WAITING] = [lambda: desk.check_in(visit_id)]
    path[VisitStatus.LEFT] = [*path[VisitStatus.WAITING], lambda: desk.run("nurse", commands.leave_unseen, visit_id=visit_id)]
    path[VisitStatus.CALLED] = [*path[VisitStatus.WAITING], desk.call_next]
    path[VisitStatus.IN_PROGRESS] = [
        *path[VisitStatus.CALLED],
        lambda: desk.run("doctor", commands.start_consultation, visit_id=visit_id),
    ]
    path[VisitStatus.PENDING_PAYMENT] = [
        *path[VisitStatus.IN_PROGRESS],
        lambda: desk.db.run(Actor.system(), sign, visit_id=visit_id),
    ]
    path[VisitStatus.COMPLETED] = [*path[VisitStatus.PENDING_PAYMENT], lambda: desk.pay(visit_id)]
    for act in path[status]:
        act()
    assert desk.visit(visit_id).status is status
    return visit_id


ALLOWED = {
    VisitStatus.SCHEDULED: {"check_in", "confirm", "cancel", "cancel_visit", "mark_no_show", "move"},
    VisitStatus.WAITING: {"call", "cancel", "cancel_visit", "leave_unseen", "transfer", "prioritise"},
    VisitStatus.CALLED: {"recall", "skip", "start_consultation", "leave_unseen", "transfer"},
    VisitStatus.IN_PROGRESS: {"sign"},
    VisitStatus.PENDING_PAYMENT: set(),
    VisitStatus.COMPLETED: set(),
    VisitStatus.CANCELLED: set(),
    VisitStatus.LEFT: set(),
}


def _actions(desk: Desk, visit_id: UUID) -> dict[str, Callable[[], Any]]:
    appointment_id = desk.visit(visit_id).appointment_id
    by_visit: dict[str, dict[str, Any]] = {
        "check_in": {},
        "call": {"room": "1"},
        "recall": {},
        "skip": {},
        "start_consultation": {},
        "leave_unseen": {},
        "cancel_visit": {"reason": "no"},
        "transfer": {"doctor_id": desk.world.second_doctor_id},
        "prioritise": {"priority": Priority.EMERGENCY},
    }
    by_appointment: dict[str, dict[str, Any]] = {
        "confirm": {},
        "cancel": {"reason": "no"},
        "mark_no_show": {},
        "move": {"start": at(12)},
    }

    def does(name: str, **parameters: Any) -> Callable[[], Any]:
        return lambda: desk.db.run(desk.world.system(), getattr(commands, name), **parameters)

    actions = {name: does(name, visit_id=visit_id, **more) for name, more in by_visit.items()}
    actions |= {name: does(name, appointment_id=appointment_id, **more) for name, more in by_appointment.items()}
    actions["sign"] = lambda: desk.db.run(Actor.system(), sign, visit_id=visit_id)
    return actions


@pytest.mark.parametrize("status", list(VisitStatus))
def test_every_other_step_is_refused_and_changes_nothing(desk: Desk, status: VisitStatus) -> None:
    visit_id = _to(desk, status)
    rows, before = desk.rows(), desk.visit(visit_id)
    for name, act in _actions(desk, visit_id).items():
        if name in ALLOWED[status]:
            continue
        with pytest.raises(IllegalTransition):
            act()
        assert desk.visit(visit_id) == before, name
    assert desk.rows() == rows


@pytest.mark.parametrize(("status", "name"), [(status, name) for status, names in ALLOWED.items() for name in sorted(names)])
def test_every_allowed_step_works_and_both_agree(desk: Desk, status: VisitStatus, name: str) -> None:
    visit_id = _to(desk, status)
    desk.clock.now = max(desk.clock.now, at(9, 30))
    _actions(desk, visit_id)[name]()
    after = desk.visit(visit_id)
    assert after.appointment_status is not None
    assert states_agree(after.appointment_status, after.status)
    with desk.db.read() as session:
        last = session.scalars(select(StatusLog.to_status).where(StatusLog.subject == "VISIT").order_by(StatusLog.id)).all()[-1]
        booked = session.scalars(select(Appointment.status)).one()
    assert (last, booked) == (after.status, after.appointment_status)


def test_a_transfer_moves_ticket_and_share(desk: Desk) -> None:
    row = desk.walk_in()
    other = desk.world.second_doctor_id
    desk.call_next()
    desk.run("doctor", commands.transfer, visit_id=row.visit_id, doctor_id=other, reason="needs a cardiologist")
    seen = desk.visit(row.visit_id)
    assert (seen.doctor_id, seen.status, seen.queue_number, seen.room) == (other, VisitStatus.WAITING, 1, None)
    with desk.db.read() as session:
        statement = select(InvoiceItem).join(Invoice, Invoice.id == InvoiceItem.invoice_id).where(Invoice.status == InvoiceStatus.DRAFT)
        line = session.scalars(statement).one()
        assert (line.doctor_id, line.doctor_share) == (other, money(300))
    assert desk.call_next("2", other).visit_id == row.visit_id
