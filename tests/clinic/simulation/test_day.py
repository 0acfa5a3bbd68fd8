"""A simulated day: real commands by the right people, the same for the same seed, and nothing in it that a check refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing.models import DailySettlement, Invoice, InvoiceItem, Payment, TillSession
from clinic_desktop.clinic.billing.rules import TillStatus
from clinic_desktop.clinic.clinical.models import Consultation, Prescription, PrescriptionItem, VitalSigns
from clinic_desktop.clinic.frontdesk.models import Appointment, QueueEntry, StatusLog, Visit
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients.models import IdCard, Patient
from clinic_desktop.clinic.pharmacy.models import DispensingItem
from clinic_desktop.clinic.simulation.crew import SimulationNeeds
from clinic_desktop.clinic.simulation.day import DayReport, simulate_day
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.clinic.stock.models import StockMovement
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.security import Actor
from tests.clinic.simulation.conftest import MONDAY, Played, lies
from tests.clinic.world import HOLIDAY, TIMEZONE
from tests.conftest import FrozenClock
from tests.kernel.test_journal import journal_count, shadow_count

SUNDAY = date(2026, 3, 8)
SYSTEM = Actor.system("tester")
NewClinic = Callable[[], Database]


def rows(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    with database.read() as session:
        return [tuple(row) for row in session.execute(select(*columns))]


def count(database: Database, table: Any) -> int:
    return len(rows(database, table.id))


def test_a_day_goes_through_the_whole_clinic(played: tuple[Database, Played]) -> None:
    database, told = played
    report, seen = told.report, told.progress
    assert lies(database) == []
    assert report.patients == 12
    assert 8 <= report.completed <= 12
    assert seen[-1] == (12, 12)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    for table in (Patient, IdCard, Appointment, VitalSigns, Prescription, DispensingItem, Payment, DailySettlement):
        assert count(database, table) > 0, table
    assert count(database, Visit) >= 12
    assert {status for (status,) in rows(database, TillSession.status)} == {TillStatus.CLOSED}


def test_the_report_counts_what_happened(played: tuple[Database, Played]) -> None:
    database, told = played
    report = told.report
    done = [status for status, day in rows(database, Visit.status, Visit.business_date) if day == MONDAY]
    assert report.completed == done.count(VisitStatus.COMPLETED)
    # Each command is one change set; a refused one (a warned prescription) counts as work and leaves none.
    assert 0 < len([seq for (seq,) in rows(database, ChangeSet.seq) if seq > told.change_sets]) <= report.commands
    assert report.p95_ms > 0
    assert report.commands_per_second == pytest.approx(report.commands / report.seconds, rel=0.05)


def business_content(database: Database) -> dict[str, Counter[Any]]:
    """What a day left behind, without ids and without the real time that it took."""
    columns = {
        "patients": (Patient.patient_number, Patient.full_name, Patient.phone, Patient.date_of_birth, Patient.created_at),
        "appointments": (Appointment.booking_id, Appointment.start_time, Appointment.status, Appointment.fee, Appointment.type),
        "visits": (Visit.business_date, Visit.status, Visit.check_in_time, Visit.start_time, Visit.end_time),
        "queue": (QueueEntry.queue_number, QueueEntry.room, QueueEntry.called_at, QueueEntry.call_count, QueueEntry.priority),
        "log": (StatusLog.subject, StatusLog.from_status, StatusLog.to_status, StatusLog.changed_at, StatusLog.reason),
        "consultations": (Consultation.complaint, Consultation.diagnosis, Consultation.signed_at),
        "prescriptions": (PrescriptionItem.dose, PrescriptionItem.quantity, PrescriptionItem.quantity_dispensed),
        "invoices": (Invoice.number, Invoice.total, Invoice.paid, Invoice.balance, Invoice.issued_at),
        "lines": (InvoiceItem.description, InvoiceItem.quantity, InvoiceItem.total, InvoiceItem.doctor_share),
        "payments": (Payment.receipt_number, Payment.method, Payment.amount, Payment.transaction_id, Payment.paid_at),
        "stock": (StockMovement.kind, StockMovement.quantity, StockMovement.new_stock, StockMovement.moved_at),
    }
    return {name: Counter(rows(database, *wanted)) for name, wanted in columns.items()}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_one_seed_makes_one_day(new_clinic: NewClinic) -> None:
    first, second, other = new_clinic(), new_clinic(), new_clinic()
    for database, seed in ((first, 5), (second, 5), (other, 6)):
        simulate_day(database, patients=4, seed=seed, day=MONDAY)
    assert business_content(first) == business_content(second)
    assert business_content(first) != business_content(other)


def test_every_row_change_of_a_day_is_in_the_journal(played: tuple[Database, Played]) -> None:
    """Shadow triggers, unknown to the program, see each change of each row; the journal must hold all of them and no more."""
    database, before = played[0], played[1].entries
    seen, told = Counter(shadow_count(database)), Counter(journal_count(database)) - before
    inserted = {key: number for key, number in seen.items() if key[1] != "U"}
    assert inserted == {key: number for key, number in told.items() if key[1] != "U"}
    assert sum(inserted.values()) > 200
    # Several updates of one row in a transaction are one entry, and updates of a row inserted in it fold into the insert.
    updated = {name for name, operation in seen if operation == "U"}
    assert {name for name, operation in told if operation == "U"} <= updated
    for name in updated:
        assert told[name, "I"] + told[name, "U"] > 0
        assert told[name, "U"] <= seen[name, "U"]


def test_timestamps_are_those_of_the_working_day(played: tuple[Database, Played]) -> None:
    database, _ = played
    starts = [start.astimezone(ZoneInfo(TIMEZONE)) for (start,) in rows(database, Visit.start_time) if start is not None]
    assert {moment.date() for moment in starts} == {MONDAY}
    assert min(starts).hour >= 9
    assert max(starts).hour < 21
    assert max(starts) - min(starts) > timedelta(hours=3)
    times = [at for (at,) in rows(database, ChangeSet.at)]
    assert times == sorted(times)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_clock_is_given_back(new_clinic: NewClinic, clock: FrozenClock) -> None:
    database = new_clinic()
    simulate_day(database, patients=2, seed=1, day=MONDAY)
    assert database.clock is clock
    with pytest.raises(ZeroDivisionError):
        simulate_day(database, patients=2, seed=1, day=MONDAY, progress=lambda done, of: 1 // 0)
    assert database.clock is clock


def test_staff_does_the_work_not_the_program(played: tuple[Database, Played]) -> None:
    database, before = played[0], played[1].change_sets
    who = {
        command: name
        for seq, command, name, _ in rows(database, ChangeSet.seq, ChangeSet.command, ChangeSet.actor_name, ChangeSet.at)
        if seq > before
    }
    assert all(actor is not None for seq, actor in rows(database, ChangeSet.seq, ChangeSet.actor_id) if seq > before)
    assert who["patients.register_patient"] == "Receptionist One"
    assert who["clinical.record_vitals"] == "Nurse One"
    assert who["clinical.sign_consultation"] in ("Doctor One", "Farah Ansari")
    assert who["pharmacy.dispense"] == "Pharmacist One"
    assert who["billing.take_payment"] == who["billing.settle_day"] == "Cashier One"


def lawful_day(database: Database, patients: int, day: date, seed: int = 1) -> DayReport:
    report = simulate_day(database, patients=patients, seed=seed, day=day)
    assert lies(database) == []
    return report


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("day", [SUNDAY, HOLIDAY], ids=["sunday", "holiday"])
def test_on_a_closed_day_the_doctors_open_for_emergencies(new_clinic: NewClinic, day: date) -> None:
    database = new_clinic()
    report = lawful_day(database, 6, day)
    assert report.completed >= 4
    booked = rows(database, Appointment.override_reason, Appointment.business_date)
    assert [reason for reason, on in booked if on == day] != []
    assert all(reason == "Emergency hours on a closed day" for reason, on in booked if on == day)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_date_can_be_played_twice_and_a_past_one_after_a_later_one(played: tuple[Database, Played]) -> None:
    database, _ = played
    again = lawful_day(database, 4, MONDAY)
    assert again.completed >= 2
    lawful_day(database, 3, MONDAY + timedelta(days=3))
    lawful_day(database, 3, MONDAY + timedelta(days=1))
    assert len(rows(database, DailySettlement.business_date)) == 3
    third = lawful_day(database, 3, MONDAY, seed=9)
    assert third.patients == 3


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_more_patients_than_places_walk_in(new_clinic: NewClinic) -> None:
    database = new_clinic()
    (absent,) = (key for key, room in rows(database, Doctor.id, Doctor.room) if room == "2")
    leave = database.run(SYSTEM, staff.request_leave, doctor_id=absent, first_day=MONDAY, last_day=MONDAY)
    database.run(SYSTEM, staff.approve_leave, leave_id=leave)
    report = lawful_day(database, 38, MONDAY, seed=4)
    assert report.completed > 30
    walked_in = [one for one in rows(database, Visit.appointment_id) if one[0] is None]
    assert len(walked_in) > 6


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("patients", [1, 2])
def test_few_patients_make_a_day_too(new_clinic: NewClinic, patients: int) -> None:
    database = new_clinic()
    assert lawful_day(database, patients, MONDAY, seed=7).patients == patients


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_without_a_day_today_is_played(new_clinic: NewClinic, clock: FrozenClock) -> None:
    database = new_clinic()
    clock.now = datetime(2026, 3, 3, 4, 0, tzinfo=clock.now.tzinfo)
    simulate_day(database, patients=3, seed=1)
    assert {day for (day,) in rows(database, QueueEntry.business_date)} == {date(2026, 3, 3)}


def test_an_empty_database_is_refused(database: Database) -> None:
    with pytest.raises(SimulationNeeds):
        simulate_day(database, patients=3, seed=1)
