"""Several services in one appointment: their minutes, their fees, their lines; changed while nothing is billed."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.models import Invoice, InvoiceItem
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.clinic.frontdesk.models import Appointment
from clinic_desktop.clinic.frontdesk.rules import ServicesBilled, SlotTaken
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.ids import new_id
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.world import money


def names(desk: Desk, appointment_id: UUID) -> list[str]:
    with desk.db.read() as session:
        return [row.name for row in queries.booked_services(session, appointment_id=appointment_id)]


def lines(desk: Desk, invoice_id: UUID | None) -> list[tuple[str, int, int]]:
    """Description, price and the doctor's share of the lines that count."""
    wanted = select(InvoiceItem).where(InvoiceItem.invoice_id == invoice_id, InvoiceItem.removed_at.is_(None)).order_by(InvoiceItem.id)
    with desk.db.read() as session:
        found = session.scalars(wanted).all()
        return [(one.description, one.unit_price.minor // 100, one.doctor_share.minor // 100) for one in found]


def three(desk: Desk) -> BookingRow:
    return desk.book(0, at(10), more_services=[desk.world.services["ECG"], desk.world.services["DRESS"]])


def change(desk: Desk, row: BookingRow, *codes: str) -> BookingRow:
    first, *more = (desk.world.services[code] for code in codes)
    return desk.run("receptionist", commands.change_services, appointment_id=row.appointment_id, service_id=first, more_services=more)


def test_each_service_has_its_minutes_its_fee_and_its_line(desk: Desk) -> None:
    row = three(desk)
    assert (row.start, row.end) == (at(10), at(11))  # 15 + 15 + 20 minutes take four places of a quarter of an hour
    assert names(desk, row.appointment_id) == ["Consultation", "ECG", "Wound dressing"]
    assert lines(desk, row.invoice_id) == [("Consultation", 600, 240), ("ECG", 350, 70), ("Wound dressing", 200, 60)]
    with desk.db.read() as session:
        assert session.get_one(Appointment, row.appointment_id).fee == money(1150)
        assert session.get_one(Invoice, row.invoice_id).subtotal == money(1150)
    assert [desk.free(10, minute) for minute in (0, 15, 30, 45)] == [False] * 4
    assert desk.free(11)


def test_what_does_not_fit_together_is_refused_at_its_field(desk: Desk) -> None:
    before = desk.rows()
    desk.book(1, at(11))
    with pytest.raises(SlotTaken):
        desk.book(0, at(10, 15), more_services=[desk.world.services["ECG"], desk.world.services["DRESS"]])
    with pytest.raises(InvalidInput) as refused:
        desk.book(0, at(10), more_services=[desk.world.services["CONS"]])
    assert (refused.value.field, refused.value.reason) == ("more_services", "given_twice")
    assert desk.rows()["appointments"] == before["appointments"] + 1


def test_moving_to_another_doctor_charges_every_service_anew(desk: Desk) -> None:
    row = three(desk)
    other = desk.world.second_doctor_id
    moved = desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(16), doctor_id=other)
    assert (moved.start, moved.end) == (at(16), at(17))
    assert lines(desk, moved.invoice_id) == [("Consultation", 600, 300), ("ECG", 350, 70), ("Wound dressing", 200, 60)]


def test_the_calendar_and_the_proposals_say_the_length_that_a_move_holds(desk: Desk) -> None:
    """All services one after the other, or what a person gave it instead."""
    row = three(desk)
    for end, minutes in ((None, 50), (at(10, 30), 30)):
        if end is not None:
            desk.run("receptionist", commands.resize_appointment, appointment_id=row.appointment_id, end=end)
        with desk.db.read() as session:
            shown = queries.calendar(session, clinic_id=desk.clinic_id, first=TODAY, now=desk.clock.now)
            (planned,) = shown.cells[desk.doctor, TODAY].appointments
            assert (planned.minutes, queries.planned_minutes(session, row.appointment_id)) == (minutes, minutes)
    leave = desk.run("doctor", staff.request_leave, doctor_id=desk.doctor, first_day=TODAY, last_day=TODAY)
    desk.run("admin", staff.approve_leave, leave_id=leave)
    with desk.db.read() as session:
        (needing,) = queries.needing_new_time(session, clinic_id=desk.clinic_id, now=desk.clock.now)
    assert needing.minutes == 30
    other = desk.world.second_doctor_id
    moved = desk.run("receptionist", commands.move, appointment_id=row.appointment_id, start=at(16), doctor_id=other)
    assert moved.end == at(16, 30)


def test_transferring_keeps_every_service(desk: Desk) -> None:
    row = three(desk)
    desk.check_in(row.visit_id)
    desk.run("doctor", commands.transfer, visit_id=row.visit_id, doctor_id=desk.world.second_doctor_id)
    with desk.db.read() as session:
        draft = session.scalars(select(Invoice.id).where(Invoice.visit_id == row.visit_id, Invoice.status == "DRAFT")).one()
    assert [line[0] for line in lines(desk, draft)] == ["Consultation", "ECG", "Wound dressing"]


def test_services_are_changed_while_nothing_is_billed(desk: Desk) -> None:
    row = three(desk)
    changed = change(desk, row, "CONS", "ECG")
    assert (changed.end, names(desk, row.appointment_id)) == (at(10, 30), ["Consultation", "ECG"])
    assert [line[0] for line in lines(desk, changed.invoice_id)] == ["Consultation", "ECG"]
    assert changed.queue_number == row.queue_number
    assert desk.free(10, 30)
    desk.book(1, at(10, 30))
    with pytest.raises(SlotTaken):
        change(desk, row, "CONS", "ECG", "NEB")
    assert names(desk, row.appointment_id) == ["Consultation", "ECG"]
    desk.run("cashier", billing.issue_invoice, key=new_id(), invoice_id=changed.invoice_id)
    with pytest.raises(ServicesBilled):
        change(desk, row, "CONS")
