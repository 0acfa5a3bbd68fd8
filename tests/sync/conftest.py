"""A central server, a site with a clinic that has lived, and an empty one: copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from clinic_desktop.clinic.simulation.day import simulate_day
from clinic_desktop.kernel.db import Database
from tests.clinic.simulation.clinic import furnish
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh, on
from tests.sync.chain import Chain, renewed
from tests.sync.houses import Houses, furnished_houses

PLAYED = date(2026, 3, 2)


@on("furnished", furnish)
def lived_day(database: Database, furnished: World) -> World:
    """A clinic with one simulated day behind it."""
    simulate_day(database, patients=8, seed=2, day=PLAYED)
    return furnished.at(database)


@pytest.fixture
def chain(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Chain]:
    """Central, ``MAIN`` with a clinic's day, and ``NTH`` with nothing yet; nobody has spoken to central."""
    central, _ = fresh(engine_name, tmp_path, clock)
    main, world = fresh(engine_name, tmp_path, clock, recipe="sync", build=lived_day)
    north, _ = fresh(engine_name, tmp_path, clock)
    for one in (central, main, north):
        renewed(one)
    clock.now += timedelta(days=1)
    made = Chain(central, world=world.at(main))
    made.join("MAIN", main, keeps_shared_data=True)
    made.join("NTH", north)
    yield made
    for one in (central, main, north):
        drop(one)


@pytest.fixture
def houses(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Houses]:
    """Two furnished houses and their central server."""
    made = furnished_houses(engine_name, tmp_path, clock)
    yield made
    for one in (made.central, *(site.database for site in made.chain.sites.values())):
        drop(one)
