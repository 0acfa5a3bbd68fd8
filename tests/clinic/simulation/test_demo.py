"""The demo clinic: lived-in, lawful, and open to its staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.frontdesk.queries import home_counts
from clinic_desktop.clinic.organisation.queries import clinics, workstations
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.simulation.catalogue import cases, medicines, names, services
from clinic_desktop.clinic.simulation.day import simulate_day
from clinic_desktop.clinic.simulation.demo import DemoNeedsEmpty, DemoReport, build_demo
from clinic_desktop.clinic.staff.queries import doctors
from clinic_desktop.clinic.stock.models import Batch
from clinic_desktop.clinic.stock.queries import locations, low_stock
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.db import Database
from tests.clinic.simulation.conftest import lies
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def demo(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[tuple[Database, DemoReport]]:
    """A demo with many patients, and what was told of it."""
    database, report = fresh(engine_name, tmp_path, clock, recipe="demo", build=partial(build_demo, patients=60))
    yield database, report
    drop(database)


@pytest.mark.parametrize("engine_name", ["postgres"])  # on SQLite: ``clinic demo`` in tests/cli, and the others here
def test_a_small_demo_is_lived_in_and_lawful(database: Database, clock: FrozenClock) -> None:
    clock.advance(hours=2)
    steps: list[tuple[int, int]] = []
    report = build_demo(database, patients=30, progress=lambda done, of: steps.append((done, of)))
    assert lies(database) == []
    assert (report.doctors, report.services, report.medicines) == (3, 40, 120)
    assert report.patients >= 30
    assert report.visits > 15
    assert steps[-1][0] == steps[-1][1]
    with database.read() as session:
        clinic = clinics(session)[0]
        now = home_counts(session, clinic_id=clinic.id, day=TODAY)
        later = home_counts(session, clinic_id=clinic.id, day=TOMORROW)
        assert now.waiting >= 3
        assert later.expected > 0
        assert len({one.specialty for one in doctors(session, clinic.id)}) == 3
        assert len(workstations(session, clinic_id=clinic.id)) == 8
        assert len(list(session.scalars(select(Consultation.id)))) > 5
        pharmacy = next(one for one in locations(session, clinic_id=clinic.id) if one.name == "Pharmacy")
        assert low_stock(session, location_id=pharmacy.id, now=clock.now)
        expiries = set(session.scalars(select(Batch.expiry).where(Batch.quantity_on_hand > 0, Batch.expiry.is_not(None))))
        assert any(TODAY < expiry < TODAY + timedelta(days=75) for expiry in expiries if expiry)
        assert any(expiry < TODAY for expiry in expiries if expiry)
    simulate_day(database, patients=6, seed=1, day=TODAY)
    simulate_day(database, patients=6, seed=1, day=TOMORROW)
    assert lies(database) == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_everyone_of_the_demo_can_log_in(demo: tuple[Database, DemoReport]) -> None:
    database, report = demo
    with database.read() as session:
        clinic = clinics(session)[0]
        desk = workstations(session, clinic_id=clinic.id)[0]
    for username in ("reception", "anjali", "owner"):
        assert username in report.usernames
        actor = log_in(database, username, report.password, clinic_id=clinic.id, workstation_id=desk.id)
        assert actor.user_id is not None


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_second_demo_is_refused(demo: tuple[Database, DemoReport], clock: FrozenClock) -> None:
    database, _ = demo
    with pytest.raises(DemoNeedsEmpty) as refusal:
        build_demo(database, patients=0)
    assert refusal.value.params["hospital"] == "Sunrise Multispeciality Clinic"
    assert database.clock is clock


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_patients_have_names_of_three_scripts(demo: tuple[Database, DemoReport]) -> None:
    with demo[0].read() as session:
        found = list(session.scalars(select(Patient.full_name)))
    assert any("\u0900" <= letter <= "\u097f" for name in found for letter in name)
    assert any("\u0600" <= letter <= "\u06ff" for name in found for letter in name)
    assert any(name.isascii() for name in found)


def test_the_catalogue_is_whole() -> None:
    """Every case prescribes medicines and asks for services that exist, in units that stock knows."""
    units = {line.code: line.unit for line in medicines()}
    offered = {line.code for line in services()}
    assert len(units) == 120
    assert len(offered) == 40
    assert all(line.price > 0 for line in (*medicines(), *services()))
    for case in cases():
        assert set(case.tests) <= offered
        for line in case.rx:
            assert line.quantity is not None or line.unit == units[line.code], (case.text, line.code)
    assert len(names().latin.last) > 30


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("moment", [datetime(2026, 3, 7, 18, 29, tzinfo=UTC), datetime(2026, 3, 7, 18, 31, tzinfo=UTC)], ids=str)
def test_around_midnight_there_is_life_too(database: Database, clock: FrozenClock, moment: datetime) -> None:
    """A minute before and after midnight between a Saturday and a Sunday in the clinic's zone."""
    clock.now = moment
    build_demo(database, patients=6)
    with database.read() as session:
        clinic = clinics(session)[0]
        counts = home_counts(session, clinic_id=clinic.id, day=business_date(moment, clinic.timezone))
    assert counts.waiting >= 3
    simulate_day(database, patients=3, seed=1)
    assert lies(database) == []
