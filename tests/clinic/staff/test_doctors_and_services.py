"""Doctors, what they charge, and the services of the clinic."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.staff import commands, queries
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.clinic.staff.rules import FeeKind, ServiceCategory
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.money import Money
from tests.clinic.world import OPENED, World, money

DAY = date(2026, 3, 2)


def test_a_doctor_with_all_that_lists_show(world: World) -> None:
    with world.db.read() as session:
        row = queries.doctor(session, world.second_doctor_id)
        assert (row.full_name, row.specialty, row.department, row.room) == ("Farah Ansari", "Cardiologist", "Cardiology", "2")
        assert (row.share_basis_points, row.default_fee) == (5000, money(500))
        assert queries.doctor_of_user(session, world.users["doctor2"]) == row
        assert queries.doctor_of_user(session, world.users["nurse"]) is None
        assert [d.id for d in queries.doctors(session, world.clinic_id)] == world.doctors
        assert queries.doctors(session, world.hospital_id) == []
        assert [s.name for s in queries.specialties(session)] == ["Cardiologist", "General Physician"]
        with pytest.raises(NotFound):
            queries.doctor(session, world.clinic_id)


def test_a_person_and_a_licence_are_registered_once(world: World) -> None:
    admin = world.actor("admin")
    with world.db.read() as session:
        specialty = queries.specialties(session)[0].id
    for user, licence, field in (("doctor", "NEW-1", "user_id"), ("dentist", " MMC-1001 ", "license_number")):
        with pytest.raises(AlreadyExists) as refused:
            world.db.run(admin, commands.register_doctor, user_id=world.users[user], specialty_id=specialty, license_number=licence)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        world.db.run(admin, commands.register_doctor, user_id=world.clinic_id, specialty_id=specialty, license_number="NEW-2")
    with pytest.raises(AlreadyExists):
        world.db.run(admin, commands.add_specialty, name="CARDIOLOGIST")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"experience_years": -1}, "experience_years"),
        ({"share_basis_points": 10_001}, "share_basis_points"),
        ({"default_fee": Money(-1, "INR")}, "default_fee"),
        ({"license_number": "  "}, "license_number"),
    ],
)
def test_impossible_doctors_are_refused(world: World, changed: dict[str, object], field: str) -> None:
    with world.db.read() as session:
        specialty = queries.specialties(session)[0].id
    parts = {"user_id": world.users["dentist"], "specialty_id": specialty, "license_number": "NEW-1", **changed}
    with pytest.raises(InvalidInput) as refused:
        world.db.run(world.actor("admin"), commands.register_doctor, **parts)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_fees_by_visit_type_and_day(world: World) -> None:
    admin = world.actor("admin")
    world.db.run(admin, commands.set_fee, doctor_id=world.doctor_id, visit_type=FeeKind.OPD, amount=money(700), valid_from=date(2026, 4, 1))

    def fee(kind: FeeKind, on: date) -> Money | None:
        with world.db.read() as session:
            return queries.fee(session, world.doctor_id, kind, on)

    assert [fee(kind, DAY) for kind in (FeeKind.OPD, FeeKind.FOLLOW_UP, FeeKind.EMERGENCY)] == [money(600), money(300), money(1200)]
    assert fee(FeeKind.HOME_VISIT, DAY) == money(600)  # none of its own: an OPD visit's
    assert [fee(FeeKind.OPD, day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [money(600), money(700)]
    assert fee(FeeKind.OPD, date(2025, 12, 31)) == money(500)  # before any: the default
    with world.db.read() as session:
        assert queries.follow_up_days(session, world.doctor_id, DAY) == 7
        assert queries.follow_up_days(session, world.doctor_id, date(2026, 4, 1)) == 0
        assert queries.fee(session, world.clinic_id, FeeKind.OPD, DAY) is None


def test_a_fee_of_the_same_day_is_replaced(world: World) -> None:
    for rupees in (650, 660):
        world.db.run(
            world.actor("admin"),
            commands.set_fee,
            doctor_id=world.doctor_id,
            visit_type=FeeKind.OPD,
            amount=money(rupees),
            valid_from=OPENED,
        )
    with world.db.read() as session:
        assert queries.fee(session, world.doctor_id, FeeKind.OPD, DAY) == money(660)
        assert [f.visit_type for f in queries.fees(session, world.doctor_id)].count(FeeKind.OPD) == 1


def test_the_head_of_a_department_and_a_doctor_who_takes_no_bookings(world: World) -> None:
    admin = world.actor("admin")
    world.db.run(admin, commands.appoint_head, department_id=world.departments["Cardiology"], doctor_id=world.second_doctor_id)
    world.db.run(admin, commands.set_availability, doctor_id=world.doctor_id, is_available=False)
    with world.db.read() as session:
        heads = {d.name: d.head_doctor_id for d in organisation.departments(session)}
        assert heads == {"Cardiology": world.second_doctor_id, "General Medicine": None}
        assert not queries.doctor(session, world.doctor_id).is_available


def test_services_by_category(world: World) -> None:
    with world.db.read() as session:
        everything = queries.services(session)
        procedures = queries.services(session, category=ServiceCategory.PROCEDURE)
        ecg = queries.service(session, world.services["ECG"])
        with pytest.raises(NotFound):
            queries.service(session, world.clinic_id)
    assert len(everything) == 8
    assert [s.code for s in procedures] == ["ECG", "NEB", "VACC", "DRESS"]
    assert (ecg.price, ecg.doctor_share_basis_points, ecg.uses_doctor_fee) == (money(350), 2000, False)
    assert ecg.tax_configuration_id == world.taxes["GST 18 %"]


def test_a_price_changes_and_a_service_is_withdrawn(world: World) -> None:
    admin, ecg = world.actor("admin"), world.services["ECG"]
    world.db.run(admin, commands.change_price, service_id=ecg, price=money(400))
    world.db.run(admin, commands.withdraw_service, service_id=world.services["NEB"])
    with world.db.read() as session:
        assert queries.service(session, ecg).price == money(400)
        assert len(queries.services(session)) == 7
        assert len(queries.services(session, with_inactive=True)) == 8
    with pytest.raises(InvalidInput):
        world.db.run(admin, commands.change_price, service_id=ecg, price=-money(1))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"code": "ecg"}, AlreadyExists),
        ({"price": Money(-1, "INR")}, InvalidInput),
        ({"duration_minutes": 481}, InvalidInput),
        ({"duration_minutes": 0}, InvalidInput),
        ({"doctor_share_basis_points": 10_001}, InvalidInput),
        ({"name": "\u202e"}, InvalidInput),
        ({"tax_configuration_id": "clinic"}, NotFound),
        ({"department_id": "clinic"}, NotFound),
    ],
)
def test_impossible_services_are_refused(world: World, changed: dict[str, object], refusal: type[Exception]) -> None:
    filled = {key: world.clinic_id if value == "clinic" else value for key, value in changed.items()}
    parts = {"code": "NEW", "name": "New", "category": ServiceCategory.OTHER, "price": money(1), **filled}
    with pytest.raises(refusal):
        world.db.run(world.actor("admin"), commands.add_service, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(("column", "value"), [("duration_minutes", 481), ("price", Money(-1, "INR")), ("doctor_share_basis_points", -1)])
def test_the_database_refuses_too(world: World, column: str, value: object) -> None:
    with pytest.raises(IntegrityError), world.db.write(world.system()) as tx:
        service = tx.session.get(Service, world.services["ECG"])
        setattr(service, column, value)


@pytest.mark.parametrize("role", ["receptionist", "nurse", "doctor", "cashier", "pharmacist"])
def test_staff_does_not_set_prices(world: World, role: str) -> None:
    actor = world.actor(role)
    for attempt in (
        lambda: world.db.run(actor, commands.change_price, service_id=world.services["ECG"], price=money(1)),
        lambda: world.db.run(actor, commands.withdraw_service, service_id=world.services["ECG"]),
        lambda: world.db.run(actor, commands.add_service, code="N", name="N", category=ServiceCategory.OTHER, price=money(1)),
        lambda: world.db.run(actor, commands.add_specialty, name="ENT"),
        lambda: world.db.run(actor, commands.set_availability, doctor_id=world.doctor_id, is_available=False),
        lambda: world.db.run(
            actor, commands.set_fee, doctor_id=world.doctor_id, visit_type=FeeKind.OPD, amount=money(1), valid_from=OPENED
        ),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
