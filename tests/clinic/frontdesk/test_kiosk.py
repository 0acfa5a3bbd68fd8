"""What patients may do at a kiosk by themselves, what they are told, and what a kiosk never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access import login, passwords, pins
from clinic_desktop.clinic.access.queries import actor_in
from clinic_desktop.clinic.access.rules import SESSION_LENGTH, NotAKiosk, PinOff, SessionEnded
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.commands import Recognised
from clinic_desktop.clinic.frontdesk.rules import AlreadyRated, Coming, KioskRefused, NotYetSeen, VisitStatus
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.queries import workstations
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients.commands import issue_id_card, register_patient
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import ChangeSet
from tests.clinic.frontdesk.desk import TODAY, Desk, at
from tests.clinic.patients.combined import merge

load_checks()

PHONE = "+91 98200 11223"
PASSWORD = "lotus river 42 stone"


class Hall:
    """A kiosk in the hall of the tests' clinic."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.db = desk, desk.db
        add = {"clinic_id": desk.clinic_id, "name": "Hall", "kind": WorkstationKind.KIOSK}
        self.place: UUID = desk.run("admin", organisation.add_workstation, **add)
        who = desk.world.actor("receptionist")
        may = who.permissions & {"kiosk.serve", "access.own_account"}
        self.actor = replace(who, name="Hall", workstation_id=self.place, permissions=may, roles=frozenset(("kiosk",)))

    def run(self, command: Any, **params: Any) -> Any:
        if command.idempotent:
            params.setdefault("key", new_id())
        return self.db.run(self.actor, command, **params)

    def person(self, first: str, last: str | None, born: int, phone: str | None = PHONE, **more: Any) -> UUID:
        row = self.desk.run(
            "receptionist",
            register_patient,
            key=new_id(),
            clinic_id=self.desk.clinic_id,
            first_name=first,
            last_name=last,
            gender=Gender.FEMALE,
            date_of_birth=date(born, 5, 5),
            phone=phone,
            **more,
        )
        return row.id

    def recognise(self, **how: Any) -> Recognised:
        found = self.run(commands.recognise, **how)
        assert isinstance(found, Recognised)
        return found

    def shown(self, patient_id: UUID) -> queries.KioskRow:
        with self.db.read() as session:
            return queries.at_kiosk(session, patient_id=patient_id, clinic_id=self.desk.clinic_id, day=TODAY, now=self.desk.clock.now)

    def seen(self, patient: int = 0) -> UUID:
        """A visit that has just ended."""
        arrival = self.desk.walk_in(patient)
        self.desk.see(self.desk.call_next().visit_id)
        return arrival.visit_id

    def rate(self, visit_id: UUID, rating: int = 5, **more: Any) -> Any:
        return self.run(commands.rate_visit, visit_id=visit_id, rating=rating, **more)


@pytest.fixture
def hall(desk: Desk) -> Hall:
    return Hall(desk)


def test_a_kiosks_session_may_only_serve_patients(desk: Desk, hall: Hall) -> None:
    first = passwords.new("first one 12 lake", username="receptionist")
    desk.run("admin", access.set_password, user_id=desk.world.users["receptionist"], password=first)
    login.change_password(desk.db, "receptionist", "first one 12 lake", PASSWORD)
    at_desk = login.log_in(
        desk.db, "receptionist", PASSWORD, clinic_id=desk.clinic_id, workstation_id=desk.world.workstations["front desk"]
    )
    with pytest.raises(NotAKiosk):
        desk.db.run(at_desk, access.open_kiosk)
    here = login.log_in(desk.db, "receptionist", PASSWORD, clinic_id=desk.clinic_id, workstation_id=hall.place)
    assert "queue.check_in" in here.permissions
    session_id = desk.db.run(here, access.open_kiosk)
    assert session_id == here.session_id
    # The same session, as it was: its rights are read anew, and nothing else is left of them.
    with pytest.raises(PermissionDenied):
        desk.db.run(here, commands.call_next, clinic_id=desk.clinic_id, room="1")
    with desk.db.read() as session:
        kiosk = actor_in(session, session_id, clinic_id=desk.clinic_id, now=desk.clock.now)
    assert (kiosk.permissions, kiosk.name) == ({"kiosk.serve", "access.own_account"}, "Hall")
    desk.clock.advance(hours=24 * 30)  # a kiosk stands for weeks
    assert desk.db.run(kiosk, commands.recognise, phone="1", birth_year=1990).left == 4
    row_version = _workstation(desk, hall.place)
    desk.run("admin", organisation.retire_workstation, workstation_id=hall.place, row_version=row_version)
    with pytest.raises(KioskRefused):
        desk.db.run(kiosk, commands.recognise, phone="1", birth_year=1990)
    desk.run("admin", access.disable_user, user_id=desk.world.users["receptionist"])
    with pytest.raises(SessionEnded):
        desk.db.run(kiosk, commands.recognise, phone="1", birth_year=1990)


def test_a_pin_takes_a_kiosk_back_for_the_rest_of_the_shift_only(desk: Desk, hall: Hall) -> None:
    first = passwords.new("first one 12 lake", username="receptionist")
    desk.run("admin", access.set_password, user_id=desk.world.users["receptionist"], password=first)
    login.change_password(desk.db, "receptionist", "first one 12 lake", PASSWORD)
    here = login.log_in(desk.db, "receptionist", PASSWORD, clinic_id=desk.clinic_id, workstation_id=hall.place)
    pins.set_pin(desk.db, here, PASSWORD, "7351")
    begun = desk.clock.now
    desk.db.run(here, access.open_kiosk)
    desk.clock.advance(hours=2)
    back = pins.switch_user(desk.db, "receptionist", "7351", clinic_id=desk.clinic_id, workstation_id=hall.place)
    assert back.valid_until == begun + SESSION_LENGTH  # not until the kiosk's own end
    assert "queue.check_in" in back.permissions
    with pytest.raises(SessionEnded):  # whoever takes the computer back ends the kiosk
        desk.db.run(here, commands.recognise, phone="1", birth_year=1990)
    desk.db.run(back, access.open_kiosk)
    desk.clock.advance(hours=13)
    with pytest.raises(PinOff):
        pins.switch_user(desk.db, "receptionist", "7351", clinic_id=desk.clinic_id, workstation_id=hall.place)


def _workstation(desk: Desk, place: UUID) -> int:
    with desk.db.read() as session:
        return next(one.row_version for one in workstations(session) if one.id == place)


def test_nothing_of_a_kiosk_runs_elsewhere(desk: Desk) -> None:
    arrival = desk.walk_in(0)
    for command, params in (
        (commands.recognise, {"phone": PHONE, "birth_year": 1990}),
        (commands.arrive_at_kiosk, {"visit_id": arrival.visit_id}),
        (commands.rate_visit, {"key": new_id(), "visit_id": arrival.visit_id, "rating": 5}),
    ):
        with pytest.raises(KioskRefused):
            desk.run("receptionist", command, **params)  # type: ignore[arg-type]


def test_a_family_on_one_phone_is_told_apart_by_birth_year_and_initials(hall: Hall) -> None:
    owner = hall.person("Asha", "Rao", 1990)
    mother = hall.person("Sunita Devi", "Rao", 1961, phone_owner_id=owner)
    twins = {hall.person(name, "Rao", 2015, phone_owner_id=owner) for name in ("Om", "Ira")}
    found = hall.recognise(phone="098200-11223", birth_year=1961)
    assert [(one.patient_id, one.name) for one in found.guests] == [(mother, "Sunita R.")]
    both = hall.recognise(phone=PHONE, birth_year=2015)
    assert [one.name for one in both.guests] == ["Ira R.", "Om R."]
    assert {one.patient_id for one in both.guests} == twins
    assert hall.recognise(phone=PHONE, birth_year=1962).guests == ()


def test_where_only_the_age_was_known_a_year_to_either_side_passes(hall: Hall, desk: Desk) -> None:
    row = desk.run(
        "receptionist",
        register_patient,
        key=new_id(),
        clinic_id=desk.clinic_id,
        first_name="Lata",
        gender=Gender.FEMALE,
        age_years=40,
        phone=PHONE,
    )
    assert row.date_of_birth is not None
    year = row.date_of_birth.year
    assert [bool(hall.recognise(phone=PHONE, birth_year=one).guests) for one in (year - 1, year + 1, year + 2)] == [True, True, False]


def test_guessing_is_slowed_down_and_forgotten_later(hall: Hall, desk: Desk) -> None:
    hall.person("Asha", "Rao", 1990)
    left = [hall.recognise(phone=PHONE, birth_year=year).left for year in range(1950, 1955)]
    assert left == [4, 3, 2, 1, 0]
    assert hall.recognise(phone=PHONE, birth_year=1990) == Recognised((), 0, 60)  # the right one, too late
    desk.clock.advance(seconds=61)
    again = hall.recognise(phone=PHONE, birth_year=1956)
    assert (again.left, again.wait_seconds) == (0, 120)
    desk.clock.advance(seconds=121)
    assert hall.recognise(phone=PHONE, birth_year=1990).guests
    assert [hall.recognise(phone=PHONE, birth_year=year).left for year in (1957, 1958, 1959)] == [4, 3, 2]
    desk.clock.advance(minutes=31)
    assert hall.recognise(phone=PHONE, birth_year=1960).left == 4  # somebody else stands there now


def test_only_a_signed_card_in_use_is_taken(hall: Hall, desk: Desk) -> None:
    patient = hall.person("Asha", "Rao", 1990)
    card = desk.run("receptionist", issue_id_card, key=new_id(), clinic_id=desk.clinic_id, patient_id=patient)
    assert [one.name for one in hall.recognise(card=card.qr_payload).guests] == ["Asha R."]
    marked, claim, signature = card.qr_payload.split(".")
    forged = f"{marked}.{claim}.{signature[:-4]}{'AAAA' if signature[-4:] != 'AAAA' else 'BBBB'}"
    assert hall.recognise(card=forged).refused in ("forged", "damaged")
    assert hall.recognise(card=card.code128).refused == "not_a_card"  # anybody could type that number
    desk.run("receptionist", issue_id_card, key=new_id(), clinic_id=desk.clinic_id, patient_id=patient)
    assert hall.recognise(card=card.qr_payload).refused == "revoked"


def test_a_card_that_is_over_or_of_a_closed_record_is_not_taken(hall: Hall, desk: Desk) -> None:
    patient = hall.person("Asha", "Rao", 1990)
    desk.run("admin", organisation.set_setting, key="patients.card_valid_months", value=1)
    card = desk.run("receptionist", issue_id_card, key=new_id(), clinic_id=desk.clinic_id, patient_id=patient)
    assert hall.recognise(card=card.qr_payload).guests
    with desk.db.write(desk.world.system()) as tx:
        tx.command = "test.archived"
        tx.session.get_one(Patient, patient).status = PatientStatus.ARCHIVED
    assert hall.recognise(card=card.qr_payload).refused == "of_archived"
    desk.clock.advance(days=40)
    assert hall.recognise(card=card.qr_payload).refused == "expired"


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(7, 30, Coming.EARLY), (8, 0, Coming.HERE), (10, 30, Coming.HERE), (10, 31, Coming.LATE)]
)
def test_one_arrives_around_the_appointment(hall: Hall, desk: Desk, hour: int, minute: int, expected: Coming) -> None:
    booked = desk.book(0, at(10))
    desk.clock.now = at(hour, minute)
    (visit,) = hall.shown(desk.patients[0]).visits
    assert (visit.coming, visit.queue_number) == (expected, None if expected is Coming.HERE else visit.queue_number)
    if expected is Coming.HERE:
        row = hall.run(commands.arrive_at_kiosk, visit_id=booked.visit_id)
        (visit,) = hall.shown(desk.patients[0]).visits
        assert (visit.coming, visit.queue_number, visit.wait_minutes) == (Coming.WAITING, row.queue_number, row.estimated_wait_minutes)
    else:
        with pytest.raises(KioskRefused):
            hall.run(commands.arrive_at_kiosk, visit_id=booked.visit_id)
        assert desk.visit(booked.visit_id).status is VisitStatus.SCHEDULED


def test_an_appointment_of_another_day_is_said_and_a_number_given_only_where_the_clinic_lets_it(hall: Hall, desk: Desk) -> None:
    patient = desk.patients[0]
    tomorrow = at(10, day=date(2026, 3, 3))
    booked = desk.book(0, tomorrow)
    row = hall.shown(patient)
    assert (row.visits, row.next_at, row.doctors) == ((), tomorrow, ())
    with pytest.raises(Exception, match="wrong_day"):
        hall.run(commands.arrive_at_kiosk, visit_id=booked.visit_id)
    with pytest.raises(KioskRefused):
        hall.run(commands.take_number_at_kiosk, patient_id=patient, doctor_id=desk.doctor)
    desk.run("admin", organisation.set_setting, key="kiosk.walk_ins", value=True, clinic_id=desk.clinic_id)
    assert desk.doctor in dict(hall.shown(patient).doctors)
    key = new_id()
    first = hall.run(commands.take_number_at_kiosk, key=key, patient_id=patient, doctor_id=desk.doctor)
    assert hall.run(commands.take_number_at_kiosk, key=key, patient_id=patient, doctor_id=desk.doctor) == first
    assert hall.shown(patient).doctors == ()
    desk.clock.now = at(19, 1)  # everybody has gone home
    assert hall.shown(desk.patients[1]).doctors == ()
    with pytest.raises(KioskRefused, match="not_in"):
        hall.run(commands.take_number_at_kiosk, patient_id=desk.patients[1], doctor_id=desk.doctor)


def test_a_visit_is_rated_once_after_it_ended_and_counts_for_its_doctor(hall: Hall, desk: Desk) -> None:
    arrival = desk.walk_in(3)
    with pytest.raises(NotYetSeen):
        hall.rate(arrival.visit_id)
    desk.see(desk.call_next().visit_id)
    assert hall.shown(desk.patients[3]).visits[0].may_rate
    with pytest.raises(InvalidInput):
        hall.rate(arrival.visit_id, 6)
    hostile = "Kind\u202egnp.exe\x00 <b>and</b>\nquick" + "!" * 10
    hall.rate(arrival.visit_id, 4, comment=hostile)
    with pytest.raises(AlreadyRated):
        hall.rate(arrival.visit_id, 1)
    assert not hall.shown(desk.patients[3]).visits[0].may_rate
    other = hall.seen(4)
    assert hall.rate(other, 1, is_anonymous=True).total_reviews == 2
    doctor = desk.world.actor("doctor")
    with desk.db.read() as session:
        (rating,) = queries.doctor_ratings(session, actor=doctor)
        rows = queries.reviews(session, actor=doctor)
    assert (rating.total_reviews, rating.average) == (2, 2.5)
    assert [(row.rating, row.patient_name, row.patient_id, row.comment) for row in rows] == [
        (1, None, None, None),
        (4, "Patient 3", desk.patients[3], "Kindgnp.exe <b>and</b>\nquick!!!!!!!!!!"),
    ]
    with desk.db.read() as session:
        found = [one for one in run_checks(session) if one.name.startswith("Q")]
    assert len(found) == 2
    assert not [one.failures for one in found if one.failures]


def test_who_reads_what_patients_said(hall: Hall, desk: Desk) -> None:
    hall.rate(hall.seen(0), 2)

    def read(role: str, **how: Any) -> list[int]:
        with desk.db.read() as session:
            return [row.rating for row in queries.reviews(session, actor=desk.world.actor(role), **how)]

    assert (read("doctor"), read("doctor2"), read("admin")) == ([2], [], [2])
    assert (read("admin", ratings=(1, 3)), read("admin", ratings=(2,)), read("admin", doctor_id=desk.world.second_doctor_id)) == (
        [],
        [2],
        [],
    )
    for role in ("receptionist", "cashier"):
        with pytest.raises(PermissionDenied):
            read(role)


def test_the_kiosk_acts_under_its_own_name(hall: Hall, desk: Desk) -> None:
    booked = desk.book(0, at(10))
    hall.run(commands.arrive_at_kiosk, visit_id=booked.visit_id)
    with desk.db.read() as session:
        newest = session.scalars(select(ChangeSet).order_by(ChangeSet.seq.desc()).limit(1)).one()
    assert (newest.actor_name, newest.command) == ("Hall", "frontdesk.arrive_at_kiosk")


def test_a_ticket_of_a_record_that_was_merged_is_the_survivors(hall: Hall, desk: Desk) -> None:
    kept, alias = hall.person("Asha", "Rao", 1990), hall.person("Asha", "Rao", 1991, phone="+91 98200 11224")
    row = desk.walk_in(0, patient_id=alias)
    merge(desk.world, kept, alias)
    assert [(one.patient_id, one.name) for one in hall.recognise(ticket=row.queue_number, birth_year=1990).guests] == [(kept, "Asha R.")]
    assert [one.queue_number for one in hall.shown(kept).visits] == [row.queue_number]
    assert not hall.recognise(ticket=row.queue_number, birth_year=1991).guests  # what the merge did not keep
    assert not hall.recognise(ticket=row.queue_number + 1, birth_year=1990).guests
    desk.see(desk.call_next().visit_id)
    assert hall.rate(row.visit_id, 5).total_reviews == 1
