"""Changing what was set up: places, printers and holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.clinic.organisation.rules import AlreadyExists, ClinicStillNeeded, MainClinic, WorkstationKind
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied, StaleRecord
from clinic_desktop.kernel.ids import new_id
from tests.clinic.world import HOLIDAY, OPENED, World
from tests.history import entity_history


def ask(world: World, query: Callable[..., Any], **params: Any) -> Any:
    with world.db.read() as session:
        return query(session, **params)


def run(world: World, command: Callable[..., Any], **params: Any) -> Any:
    return world.db.run(world.actor("admin"), command, **params)


def north(world: World) -> queries.ClinicRow:
    run(world, commands.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    row = ask(world, queries.clinics)[1]
    assert isinstance(row, queries.ClinicRow)
    return row


def test_the_hospital_has_other_details(world: World) -> None:
    before = ask(world, queries.hospital)
    run(world, commands.change_hospital, row_version=before.row_version, name="Sunset", email="desk@sunset.example", phone="123")
    after = ask(world, queries.hospital)
    assert (after.name, after.email, after.phone, after.address, after.tax_number) == ("Sunset", "desk@sunset.example", "123", None, None)
    assert (after.id, after.currency) == (before.id, "INR")
    assert ask(world, queries.clinic, clinic_id=world.clinic_id).hospital_name == "Sunset"
    with pytest.raises(StaleRecord):
        run(world, commands.change_hospital, row_version=before.row_version, name="Noon")


@pytest.mark.parametrize(("field", "value"), [("name", " "), ("email", "desk"), ("phone", "1" * 41)])
def test_what_the_hospital_cannot_be_is_said_at_its_field(world: World, field: str, value: str) -> None:
    version = ask(world, queries.hospital).row_version
    with pytest.raises(InvalidInput) as refused:
        run(world, commands.change_hospital, **{"row_version": version, "name": "Sunset", field: value})
    assert refused.value.field == field


def test_a_clinic_changes_all_but_its_code(world: World) -> None:
    row = ask(world, queries.clinic, clinic_id=world.clinic_id)
    run(world, commands.change_clinic, clinic_id=row.id, row_version=row.row_version, name="Centre", timezone="Asia/Dubai", phone="1")
    after = ask(world, queries.clinic, clinic_id=row.id)
    assert (after.name, after.timezone, after.phone, after.address, after.code) == ("Centre", "Asia/Dubai", "1", None, "MAIN")
    with world.db.read() as session:
        (entry,) = [one for one in entity_history(session, "clinics", row.id) if one.command == "organisation.change_clinic"]
    assert entry.changes["name"] == ["Main Clinic", "Centre"]


def test_a_clinic_closes_and_opens_again(world: World) -> None:
    row = north(world)
    run(world, commands.close_clinic, clinic_id=row.id, row_version=row.row_version)
    assert [one.code for one in ask(world, queries.clinics)] == ["MAIN"]
    closed = ask(world, queries.clinics, with_inactive=True)[1]
    assert (closed.code, closed.is_active) == ("NTH", False)
    run(world, commands.reopen_clinic, clinic_id=row.id, row_version=closed.row_version)
    assert [one.code for one in ask(world, queries.clinics)] == ["MAIN", "NTH"]


def test_the_main_clinic_stays_open(world: World) -> None:
    north(world)
    row = ask(world, queries.clinic, clinic_id=world.clinic_id)
    with pytest.raises(MainClinic):
        run(world, commands.close_clinic, clinic_id=row.id, row_version=row.row_version)
    assert ask(world, queries.clinic, clinic_id=world.clinic_id).is_active


def test_a_clinic_where_patients_are_expected_stays_open(world: World) -> None:
    row = north(world)
    add = {"doctor_id": world.second_doctor_id, "clinic_id": row.id}
    day, reception = date(2026, 3, 8), world.actor("receptionist")  # a Sunday: the doctor is nowhere else
    slot = run(world, staff.add_time_slot, **add, day=day, start=time(9), end=time(10))
    assert slot
    patient = world.db.run(
        reception, register_patient, key=new_id(), clinic_id=row.id, first_name="Asha", gender=Gender.FEMALE, date_of_birth=date(1990, 1, 1)
    )
    world.db.run(
        reception,
        frontdesk.book,
        key=new_id(),
        clinic_id=row.id,
        patient_id=patient.id,
        doctor_id=world.second_doctor_id,
        service_id=world.services["CONS"],
        start=datetime(2026, 3, 8, 3, 30, tzinfo=UTC),
    )
    with pytest.raises(ClinicStillNeeded) as refused:
        run(world, commands.close_clinic, clinic_id=row.id, row_version=row.row_version)
    assert refused.value.params == {"appointments": 1, "visits": 0}
    assert ask(world, queries.clinic, clinic_id=row.id).is_active


def test_a_department_changes_closes_and_opens_again(world: World) -> None:
    key = world.departments["Cardiology"]

    def row(key: UUID) -> queries.DepartmentRow:
        return next(one for one in ask(world, queries.departments, with_inactive=True) if one.id == key)

    run(world, commands.change_department, department_id=key, row_version=row(key).row_version, name="Heart", description="2nd floor")
    assert (row(key).name, row(key).description) == ("Heart", "2nd floor")
    run(world, commands.change_department, department_id=key, row_version=row(key).row_version, name="HEART")  # its own name is no clash
    with pytest.raises(AlreadyExists) as refused:
        run(world, commands.change_department, department_id=key, row_version=row(key).row_version, name="general medicine")
    assert refused.value.field == "name"
    run(world, commands.close_department, department_id=key, row_version=row(key).row_version)
    assert [one.name for one in ask(world, queries.departments)] == ["General Medicine"]
    run(world, commands.reopen_department, department_id=key, row_version=row(key).row_version)
    assert len(ask(world, queries.departments)) == 2


def test_a_workstation_has_a_printer_for_each_kind_of_document(world: World) -> None:
    key = world.workstations["cashier"]

    def row() -> queries.WorkstationRow:
        return next(one for one in ask(world, queries.workstations, with_inactive=True) if one.id == key)

    printers = {"receipt": PrinterProfile("Thermal 80", 2), "invoice": PrinterProfile(" Laser ")}
    run(
        world,
        commands.change_workstation,
        workstation_id=key,
        row_version=row().row_version,
        name="Till 1",
        kind=WorkstationKind.CASHIER,
        room="7",
        printers=printers,
    )
    assert (row().name, row().room, dict(row().printers)) == ("Till 1", "7", {**printers, "invoice": PrinterProfile("Laser")})
    assert ask(world, queries.printer_for, workstation_id=key, kind="receipt") == PrinterProfile("Thermal 80", 2)
    assert ask(world, queries.printer_for, workstation_id=key, kind="prescription") is None
    run(world, commands.retire_workstation, workstation_id=key, row_version=row().row_version)
    assert key not in [one.id for one in ask(world, queries.workstations, clinic_id=world.clinic_id)]
    run(world, commands.restore_workstation, workstation_id=key, row_version=row().row_version)
    assert key in [one.id for one in ask(world, queries.workstations, clinic_id=world.clinic_id)]


@pytest.mark.parametrize(
    ("printers", "field"),
    [
        ({"receipt": PrinterProfile("A", 0)}, "receipt"),
        ({"receipt": PrinterProfile("  ")}, "receipt"),
        ({"Receipt!": PrinterProfile("A")}, "printers"),
    ],
)
def test_impossible_printers_are_refused(world: World, printers: dict[str, PrinterProfile], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        run(world, commands.add_workstation, clinic_id=world.clinic_id, name="New", kind=WorkstationKind.KIOSK, printers=printers)
    assert refused.value.field == field


def test_the_fixed_days_of_a_year_are_taken_over_once(world: World) -> None:
    run(world, commands.add_holiday, day=date(2026, 8, 15), name="Independence Day")
    run(world, commands.add_holiday, day=date(2024, 2, 29), name="Leap day")
    run(world, commands.add_holiday, day=date(2027, 8, 15), name="Independence")
    listed = ask(world, queries.holidays_of_year, year=2026)
    assert [(one.day, one.clinic_name) for one in listed] == [(HOLIDAY, "Main Clinic"), (date(2026, 8, 15), None)]
    ids = [one.id for one in [*listed, *ask(world, queries.holidays_of_year, year=2024)]]
    assert run(world, commands.copy_holidays, holiday_ids=ids, year=2027) == 1
    assert run(world, commands.copy_holidays, holiday_ids=ids, year=2027) == 0
    following = ask(world, queries.holidays_of_year, year=2027)
    assert [(one.day, one.name) for one in following] == [(date(2027, 3, 20), "Eid al-Fitr"), (date(2027, 8, 15), "Independence")]


def test_a_holiday_is_renamed_cancelled_and_declared_again(world: World) -> None:
    (row,) = ask(world, queries.holidays_of_year, year=2026)
    run(world, commands.rename_holiday, holiday_id=row.id, row_version=row.row_version, name="Eid")
    run(world, commands.cancel_holiday, holiday_id=row.id)
    assert ask(world, queries.holidays_of_year, year=2026) == []
    assert run(world, commands.add_holiday, day=HOLIDAY, name="Eid again", clinic_id=world.clinic_id) == row.id
    assert [one.name for one in ask(world, queries.holidays_of_year, year=2026)] == ["Eid again"]
    with pytest.raises(AlreadyExists):
        run(world, commands.add_holiday, day=HOLIDAY, name="Twice", clinic_id=world.clinic_id)


@pytest.mark.parametrize("role", ["receptionist", "doctor", "cashier", "auditor"])
def test_who_may_not_set_up_may_not_change(world: World, role: str) -> None:
    actor = world.actor(role)
    version = ask(world, queries.hospital).row_version
    for command, params in (
        (commands.change_hospital, {"row_version": version, "name": "Mine"}),
        (commands.remove_logo, {}),
        (commands.copy_holidays, {"holiday_ids": (), "year": 2027}),
        (commands.reset_setting, {"key": "queue.policy"}),
        (commands.end_tax, {"tax_configuration_id": world.taxes["GST 5 %"], "row_version": 1, "last_day": OPENED}),
    ):
        with pytest.raises(PermissionDenied):
            world.db.run(actor, command, **params)
