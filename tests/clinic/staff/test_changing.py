"""Services, specialties, doctors and fees as they change: what is in use stays as it is, what is not stays known."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk import queries as front
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.staff import commands, queries
from clinic_desktop.clinic.staff.models import DoctorFee
from clinic_desktop.clinic.staff.rules import CodeInUse, DoctorStillNeeded, FeeKind, PricingModel, ServiceCategory, SpecialtyInUse
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied, StaleRecord
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.money import Money
from tests.clinic.world import OPENED, TIMEZONE, World, money

MONDAY = date(2026, 3, 2)


def run(world: World, command: Any, **params: Any) -> Any:
    return world.db.run(world.actor("admin"), command, **params)


def ask(world: World, query: Any, *args: Any, **params: Any) -> Any:
    with world.db.read() as session:
        return query(session, *args, **params)


def book(world: World, day: date = MONDAY, at: time = time(10), **wish: Any) -> Any:
    desk = world.actor("receptionist")
    patient = world.db.run(
        desk, register_patient, key=new_id(), clinic_id=world.clinic_id, first_name="Asha", gender=Gender.FEMALE, date_of_birth=OPENED
    )
    wish = {"doctor_id": world.doctor_id, "service_id": world.services["CONS"], **wish}
    start = local_instant(day, at, TIMEZONE)
    return world.db.run(desk, frontdesk.book, key=new_id(), clinic_id=world.clinic_id, patient_id=patient.id, start=start, **wish)


def test_a_service_changes_in_all_its_fields(world: World) -> None:
    ecg = ask(world, queries.service, world.services["ECG"])
    run(
        world,
        commands.change_service,
        service_id=ecg.id,
        row_version=ecg.row_version,
        code="ecg12",
        name="  ECG  12 leads",
        category=ServiceCategory.IMAGING,
        price=money(400),
        duration_minutes=20,
        doctor_share_basis_points=None,
        tax_configuration_id=None,
        department_id=world.departments["Cardiology"],
        description="With report",
        pricing_model=PricingModel.PER_FILM,
    )
    now = ask(world, queries.service, ecg.id)
    assert (now.code, now.name, now.category, now.price) == ("ECG12", "ECG 12 leads", ServiceCategory.IMAGING, money(400))
    assert (now.duration_minutes, now.doctor_share_basis_points, now.tax_configuration_id) == (20, None, None)
    assert (now.department_id, now.description, now.pricing_model) == (
        world.departments["Cardiology"],
        "With report",
        PricingModel.PER_FILM,
    )
    assert now.tooth_chart_use is ecg.tooth_chart_use  # not given: as it was
    assert now.row_version > ecg.row_version
    with world.db.read() as session:
        logged = session.query(AuditLog).filter(AuditLog.entity_id == ecg.id).order_by(AuditLog.seq.desc()).first()
        assert logged is not None
        assert '"price":[35000,40000]' in logged.changes


def test_two_people_who_change_one_service_do_not_overwrite_each_other(world: World) -> None:
    ecg = ask(world, queries.service, world.services["ECG"])
    run(world, commands.change_price, service_id=ecg.id, price=money(360))
    with pytest.raises(StaleRecord):
        run(world, commands.change_service, service_id=ecg.id, row_version=ecg.row_version, code="ECG", name="Heart")
    assert ask(world, queries.service, ecg.id).name == "ECG"


@pytest.mark.parametrize(
    ("changed", "refusal", "field"),
    [
        ({"code": "NEB"}, AlreadyExists, "code"),
        ({"code": " "}, InvalidInput, "code"),
        ({"price": Money(-1, "INR")}, InvalidInput, "price"),
        ({"duration_minutes": 481}, InvalidInput, "duration_minutes"),
        ({"tax_configuration_id": "clinic"}, NotFound, "tax_configuration_id"),
        ({"department_id": "clinic"}, NotFound, "department_id"),
    ],
)
def test_impossible_changes_are_refused(world: World, changed: dict[str, Any], refusal: type[Exception], field: str) -> None:
    ecg = ask(world, queries.service, world.services["ECG"])
    filled = {"code": "ECG", **{name: world.clinic_id if value == "clinic" else value for name, value in changed.items()}}
    with pytest.raises(refusal) as refused:
        run(world, commands.change_service, service_id=ecg.id, row_version=ecg.row_version, **filled)
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert ask(world, queries.service, ecg.id) == ecg


def test_a_code_that_bookings_name_stays(world: World) -> None:
    book(world)
    cons = ask(world, queries.service, world.services["CONS"])
    with pytest.raises(CodeInUse):
        run(world, commands.change_service, service_id=cons.id, row_version=cons.row_version, code="CON")
    run(world, commands.change_service, service_id=cons.id, row_version=cons.row_version, code=" cons ", name="Visit")
    assert ask(world, queries.service, cons.id).name == "Visit"


def test_a_withdrawn_service_comes_back(world: World) -> None:
    neb = world.services["NEB"]
    run(world, commands.withdraw_service, service_id=neb)
    assert neb not in [row.id for row in ask(world, queries.services)]
    run(world, commands.restore_service, service_id=neb)
    assert neb in [row.id for row in ask(world, queries.services)]


def test_specialties_change_and_go_when_nobody_has_them(world: World) -> None:
    ent = run(world, commands.add_specialty, name="ENT")
    rows = {row.name: row for row in ask(world, queries.specialties)}
    version = rows["ENT"].row_version
    run(world, commands.change_specialty, specialty_id=ent, row_version=version, name="Ear, nose", description="Throat too")
    with pytest.raises(AlreadyExists) as taken:
        run(
            world,
            commands.change_specialty,
            specialty_id=ent,
            row_version=version + 1,
            name="cardiologist",
            description=None,
        )
    assert taken.value.field == "name"
    with pytest.raises(StaleRecord):
        run(world, commands.change_specialty, specialty_id=ent, row_version=version, name="ENT", description=None)
    with pytest.raises(SpecialtyInUse) as used:
        run(world, commands.withdraw_specialty, specialty_id=rows["Cardiologist"].id)
    assert used.value.params["count"] == 1
    run(world, commands.withdraw_specialty, specialty_id=ent)
    assert "Ear, nose" not in [row.name for row in ask(world, queries.specialties)]
    assert [row.description for row in ask(world, queries.specialties, with_inactive=True) if not row.is_active] == ["Throat too"]
    run(world, commands.restore_specialty, specialty_id=ent)
    assert "Ear, nose" in [row.name for row in ask(world, queries.specialties)]
    with pytest.raises(NotFound):
        run(world, commands.restore_specialty, specialty_id=world.clinic_id)


def test_a_doctor_changes_and_keeps_a_licence_of_his_own(world: World) -> None:
    doctor = ask(world, queries.doctor, world.doctor_id)
    with pytest.raises(AlreadyExists) as taken:
        run(world, commands.change_doctor, doctor_id=doctor.id, row_version=doctor.row_version, license_number="MMC-1002")
    assert taken.value.field == "license_number"
    run(
        world,
        commands.change_doctor,
        doctor_id=doctor.id,
        row_version=doctor.row_version,
        license_number="MMC-2001",
        department_id=None,
        qualification="MD",
        default_fee=None,
        share_basis_points=4550,
        room="7",
        experience_years=13,
        bio="Speaks\nHindi",
    )
    now = ask(world, queries.doctor, doctor.id)
    assert (now.license_number, now.department, now.qualification, now.default_fee) == ("MMC-2001", None, "MD", None)
    assert (now.share_basis_points, now.room, now.experience_years, now.bio) == (4550, "7", 13, "Speaks\nHindi")
    assert now.specialty == doctor.specialty
    with pytest.raises(StaleRecord):
        run(world, commands.change_doctor, doctor_id=doctor.id, row_version=doctor.row_version, license_number="MMC-1001")
    with pytest.raises(InvalidInput) as refused:
        run(world, commands.change_doctor, doctor_id=doctor.id, row_version=now.row_version, license_number="X", share_basis_points=10_001)
    assert refused.value.field == "share_basis_points"
    with pytest.raises(NotFound) as unknown:
        run(
            world,
            commands.change_doctor,
            doctor_id=doctor.id,
            row_version=now.row_version,
            license_number="X",
            specialty_id=world.clinic_id,
        )
    assert unknown.value.field == "specialty_id"
    assert ask(world, queries.doctor, doctor.id) == now


def test_a_doctor_goes_when_nobody_needs_him(world: World) -> None:
    run(world, commands.add_time_slot, doctor_id=world.doctor_id, clinic_id=world.clinic_id, day=MONDAY, start=time(14), end=time(15))
    booked = book(world, day=MONDAY + timedelta(days=1))
    with pytest.raises(DoctorStillNeeded) as needed:
        run(world, commands.deactivate_doctor, doctor_id=world.doctor_id)
    assert needed.value.params == {"appointments": 1, "visits": 0}
    assert ask(world, queries.doctor, world.doctor_id).is_active
    (ahead,) = ask(world, front.appointments_ahead, doctor_id=world.doctor_id, now=world.db.clock())
    assert (ahead.booking_id, ahead.day, ahead.start) == (booked.booking_id, MONDAY + timedelta(days=1), time(10))
    desk = world.actor("receptionist")
    world.db.run(desk, frontdesk.cancel, appointment_id=booked.appointment_id, reason="Moves away")
    run(world, commands.deactivate_doctor, doctor_id=world.doctor_id)
    assert [d.id for d in ask(world, queries.doctors)] == [world.second_doctor_id]
    assert len(ask(world, queries.doctors, with_inactive=True)) == 2
    assert ask(world, queries.time_slots, clinic_id=world.clinic_id, first=MONDAY, last=MONDAY) == []


def test_who_waits_keeps_the_doctor_too(world: World) -> None:
    booked = book(world)
    world.db.run(world.actor("receptionist"), frontdesk.check_in, visit_id=booked.visit_id)
    world.db.clock.advance(hours=12)  # type: ignore[attr-defined]
    with pytest.raises(DoctorStillNeeded) as needed:
        run(world, commands.deactivate_doctor, doctor_id=world.doctor_id)
    assert needed.value.params == {"appointments": 0, "visits": 1}


def test_the_room_of_a_doctor_who_went_is_free_and_his_hours_are_given_anew(world: World) -> None:
    run(world, commands.deactivate_doctor, doctor_id=world.doctor_id)
    run(world, commands.add_schedule, **_hours(world, world.second_doctor_id, [6], room="1"))
    with pytest.raises(InvalidInput) as refused:
        run(world, commands.add_schedule, **_hours(world, world.doctor_id, [6]))
    assert (refused.value.field, refused.value.reason) == ("doctor_id", "inactive")
    run(world, commands.restore_doctor, doctor_id=world.doctor_id)
    yesterday = MONDAY - timedelta(days=1)
    assert {row.valid_to for row in ask(world, queries.schedules, doctor_id=world.doctor_id)} == {yesterday}
    assert ask(world, queries.schedules, doctor_id=world.doctor_id, on=MONDAY) == []
    run(world, commands.add_schedule, **_hours(world, world.doctor_id, [0]))


def _hours(world: World, doctor_id: UUID, weekdays: list[int], **more: Any) -> dict[str, Any]:
    return {
        "doctor_id": doctor_id,
        "clinic_id": world.clinic_id,
        "weekdays": weekdays,
        "start": time(9),
        "end": time(12),
        "valid_from": MONDAY,
        **more,
    }


def test_a_fee_ends_and_the_next_in_line_applies(world: World) -> None:
    def fee(kind: FeeKind, on: date) -> Money | None:
        amount = ask(world, queries.fee, world.doctor_id, kind, on)
        assert amount is None or isinstance(amount, Money)
        return amount

    fees = {row.visit_type: row for row in ask(world, queries.fees, world.doctor_id)}
    last = date(2026, 3, 31)
    for kind in (FeeKind.EMERGENCY, FeeKind.OPD):
        run(world, commands.end_fee, fee_id=fees[kind].id, last_day=last)
    assert [fee(FeeKind.EMERGENCY, day) for day in (last, last + timedelta(days=1))] == [money(1200), money(500)]
    assert fee(FeeKind.OPD, last + timedelta(days=1)) == money(500)  # the doctor's default
    assert fee(FeeKind.FOLLOW_UP, last + timedelta(days=1)) == money(300)
    run(world, commands.set_fee, doctor_id=world.doctor_id, visit_type=FeeKind.OPD, amount=money(650), valid_from=date(2026, 5, 1))
    assert fee(FeeKind.EMERGENCY, date(2026, 5, 1)) == money(650)


def test_an_ended_fee_does_not_bring_an_older_one_back(world: World) -> None:
    newer = run(
        world,
        commands.set_fee,
        doctor_id=world.doctor_id,
        visit_type=FeeKind.EMERGENCY,
        amount=money(1500),
        valid_from=date(2026, 2, 1),
        valid_to=date(2026, 2, 28),
    )
    assert ask(world, queries.fee, world.doctor_id, FeeKind.EMERGENCY, MONDAY) == money(600)  # an OPD visit's, not the 1 200 of January
    run(world, commands.end_fee, fee_id=newer, last_day=date(2026, 1, 31))
    assert ask(world, queries.fee, world.doctor_id, FeeKind.EMERGENCY, MONDAY) == money(1200)


def test_a_fee_that_never_applied_is_taken_out(world: World) -> None:
    future = run(
        world, commands.set_fee, doctor_id=world.doctor_id, visit_type=FeeKind.HOME_VISIT, amount=money(900), valid_from=date(2026, 6, 1)
    )
    run(world, commands.end_fee, fee_id=future, last_day=MONDAY)
    with world.db.read() as session:
        assert session.get(DoctorFee, future) is None
    with pytest.raises(NotFound):
        run(world, commands.end_fee, fee_id=future, last_day=MONDAY)
    with pytest.raises(InvalidInput) as refused:
        run(
            world,
            commands.set_fee,
            doctor_id=world.doctor_id,
            visit_type=FeeKind.OPD,
            amount=money(1),
            valid_from=MONDAY,
            valid_to=OPENED,
        )
    assert refused.value.field == "valid_to"


@pytest.mark.parametrize("role", ["receptionist", "doctor", "cashier", "pharmacist"])
def test_staff_does_not_set_up_staff(world: World, role: str) -> None:
    actor = world.actor(role)
    for command, params in (
        (commands.change_service, {"service_id": world.services["ECG"], "row_version": 1, "code": "X"}),
        (commands.restore_service, {"service_id": world.services["ECG"]}),
        (commands.change_doctor, {"doctor_id": world.doctor_id, "row_version": 1, "license_number": "X"}),
        (commands.deactivate_doctor, {"doctor_id": world.doctor_id}),
        (commands.end_fee, {"fee_id": new_id(), "last_day": MONDAY}),
        (commands.withdraw_specialty, {"specialty_id": new_id()}),
        (commands.export_services, {}),
    ):
        with pytest.raises(PermissionDenied):
            world.db.run(actor, command, **params)
