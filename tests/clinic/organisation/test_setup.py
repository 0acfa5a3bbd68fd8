"""Setting up a hospital: what is accepted, what is refused, and by whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.rules import AlreadyExists, HospitalExists, TaxScope, WorkstationKind
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.security import Actor
from tests.clinic.world import HOLIDAY, World
from tests.conftest import FrozenClock
from tests.history import entity_history

SYSTEM = Actor.system()


def test_a_hospital_fixes_the_currency(database: Database) -> None:
    database.run(SYSTEM, commands.create_hospital, name=" Sunrise  Hospital ", currency="kwd")
    assert database.currency == "KWD"
    reopened = Database.open(database.address.url.render_as_string(hide_password=False))
    assert reopened.currency == "KWD"
    reopened.close()


def test_of_two_first_set_ups_at_once_one_wins(database: Database) -> None:
    barrier = Barrier(2)

    def create(name: str) -> str:
        barrier.wait(timeout=30)
        try:
            database.run(SYSTEM, commands.create_hospital, name=name, currency="INR")
        except HospitalExists:
            return "refused"
        return "created"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(create, ("A", "B"))) == ["created", "refused"]


@pytest.mark.parametrize("currency", ["", "RUPEE", "XXX", "12A"])
def test_what_is_no_currency_is_refused(database: Database, currency: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        database.run(SYSTEM, commands.create_hospital, name="A", currency=currency)
    assert refused.value.field == "currency"


def test_a_clinic_shows_what_documents_print(world: World) -> None:
    with world.db.read() as session:
        row = queries.clinic(session, world.clinic_id)
        assert (row.hospital_name, row.tax_number, row.currency, row.timezone) == (
            "Sunrise Hospital",
            "27AAAAA0000A1Z5",
            "INR",
            "Asia/Kolkata",
        )
        with pytest.raises(NotFound):
            queries.clinic(session, world.hospital_id)


def test_only_the_first_clinic_is_the_main_one(world: World) -> None:
    world.db.run(world.system(), commands.add_clinic, code="NTH", name="A North", timezone="Asia/Dubai")
    with world.db.read() as session:
        assert [(c.code, c.is_main) for c in queries.clinics(session)] == [("MAIN", True), ("NTH", False)]


@pytest.mark.parametrize(
    ("code", "timezone", "field"), [("N", "Asia/Dubai", "code"), ("N1", "Asia/Dubai", "code"), ("NTH", "Mars/Base", "timezone")]
)
def test_bad_clinics_are_refused(world: World, code: str, timezone: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        world.db.run(world.system(), commands.add_clinic, code=code, name="North", timezone=timezone)
    assert refused.value.field == field


def test_names_are_unique(world: World) -> None:
    actor = world.actor("admin")
    with pytest.raises(AlreadyExists):
        world.db.run(actor, commands.add_clinic, code="main", name="Other", timezone="Asia/Dubai")
    with pytest.raises(AlreadyExists):
        world.db.run(actor, commands.add_department, name="cardiology")
    with pytest.raises(AlreadyExists):
        world.db.run(actor, commands.add_workstation, clinic_id=world.clinic_id, name="Cashier", kind=WorkstationKind.CASHIER)


def test_the_business_date_is_the_clinics(world: World, clock: FrozenClock) -> None:
    with world.db.read() as session:
        assert queries.clinic_today(session, world.clinic_id, clock.now) == date(2026, 3, 2)
        clock.advance(hours=15)  # 18:30 UTC
        assert queries.clinic_today(session, world.clinic_id, clock.now) == date(2026, 3, 3)


def test_a_new_rate_ends_the_old_one_the_day_before(world: World) -> None:
    admin = world.actor("admin")
    old = world.taxes["GST 5 %"]
    new = world.db.run(admin, commands.add_tax, name="GST 5 %", rate_basis_points=600, is_inclusive=False, valid_from=date(2026, 4, 1))
    with world.db.read() as session:
        assert queries.tax(session, old).rate_basis_points == 500
        assert queries.tax(session, old, on=date(2026, 3, 31)).rate_basis_points == 500
        assert queries.tax(session, old, on=date(2026, 4, 1)).id == new
        assert [t.rate_basis_points for t in queries.taxes(session, on=date(2026, 4, 1))] == [1800, 600]
        assert [t.rate_basis_points for t in queries.taxes(session, on=date(2026, 3, 31))] == [1800, 500]
        with pytest.raises(NotFound):
            queries.tax(session, old, on=date(2025, 12, 31))


def test_a_rate_must_not_overlap_a_later_one(world: World) -> None:
    with pytest.raises(AlreadyExists):
        world.db.run(
            world.system(), commands.add_tax, name="GST 5 %", rate_basis_points=600, is_inclusive=False, valid_from=date(2025, 6, 1)
        )


def test_taxes_of_one_kind_of_thing(world: World) -> None:
    world.db.run(
        world.system(),
        commands.add_tax,
        name="Drug cess",
        rate_basis_points=100,
        is_inclusive=True,
        valid_from=date(2026, 1, 1),
        applies_to=TaxScope.MEDICINES,
    )
    with world.db.read() as session:
        names = {
            scope: [t.name for t in queries.taxes(session, on=date(2026, 3, 2), applies_to=scope)]
            for scope in (TaxScope.SERVICES, TaxScope.MEDICINES)
        }
    assert names == {TaxScope.SERVICES: ["GST 18 %", "GST 5 %"], TaxScope.MEDICINES: ["Drug cess", "GST 18 %", "GST 5 %"]}


@pytest.mark.parametrize("rate", [-1, 10_001])
def test_a_rate_is_a_percentage(world: World, rate: int) -> None:
    with pytest.raises(InvalidInput):
        world.db.run(world.system(), commands.add_tax, name="VAT", rate_basis_points=rate, is_inclusive=True, valid_from=date(2026, 1, 1))


def test_holidays_of_the_clinic_and_of_all(world: World) -> None:
    admin = world.actor("admin")
    north = world.db.run(admin, commands.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata")
    everywhere = world.db.run(admin, commands.add_holiday, day=date(2026, 8, 15), name="Independence Day")
    with pytest.raises(AlreadyExists):
        world.db.run(admin, commands.add_holiday, day=date(2026, 8, 15), name="Again")

    def days(clinic_id: object) -> list[date]:
        with world.db.read() as session:
            return [h.day for h in queries.holidays(session, clinic_id=clinic_id, first=date(2026, 1, 1), last=date(2026, 12, 31))]  # type: ignore[arg-type]

    assert (days(world.clinic_id), days(north)) == ([HOLIDAY, date(2026, 8, 15)], [date(2026, 8, 15)])
    world.db.run(admin, commands.cancel_holiday, holiday_id=everywhere)
    assert days(north) == []
    world.db.run(admin, commands.add_holiday, day=date(2026, 8, 15), name="Independence Day")
    assert days(north) == [date(2026, 8, 15)]


def test_lists_of_places(world: World) -> None:
    with world.db.read() as session:
        assert [d.name for d in queries.departments(session)] == ["Cardiology", "General Medicine"]
        rooms = queries.workstations(session, clinic_id=world.clinic_id, kind=WorkstationKind.CONSULTING_ROOM)
        assert [(w.name, w.room) for w in rooms] == [("room 1", "1"), ("room 2", "2")]
        assert len(queries.workstations(session, clinic_id=world.clinic_id)) == 6


@pytest.mark.parametrize("role", ["receptionist", "doctor", "cashier", "auditor", "pharmacist"])
def test_staff_may_not_set_up(world: World, role: str) -> None:
    actor = world.actor(role)
    for attempt in (
        lambda: world.db.run(actor, commands.create_hospital, name="B", currency="INR"),
        lambda: world.db.run(actor, commands.add_clinic, code="NTH", name="North", timezone="Asia/Kolkata"),
        lambda: world.db.run(actor, commands.add_department, name="ENT"),
        lambda: world.db.run(actor, commands.add_tax, name="V", rate_basis_points=1, is_inclusive=True, valid_from=date(2026, 1, 1)),
        lambda: world.db.run(actor, commands.add_workstation, clinic_id=world.clinic_id, name="X", kind=WorkstationKind.KIOSK),
        lambda: world.db.run(actor, commands.add_holiday, day=date(2026, 5, 1), name="May Day"),
        lambda: world.db.run(actor, commands.set_setting, key="x", value=1),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    with world.db.read() as session:
        history = entity_history(session, "users", world.users[role])
    assert [entry.changes["event"] for entry in history if entry.operation == "N"] == ["denied"] * 7
