"""The real engine of two sites through a real central server: enrolled with codes, over TLS, both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.access.models import User
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import joining, overseeing
from clinic_desktop.sync.http_channel import HttpChannel
from clinic_desktop.sync.site import Site
from tests.clinic.world import build_world
from tests.databases import ENGINES, drop, fresh
from tests.server.serving import Served, serving
from tests.sync.chain import renewed, state_of


def joined(served: Served, database: Database, code: str) -> HttpChannel:
    """A database that takes part in the chain, as a person enrols it."""
    joining.enrol(database, Actor.system("set-up"), address=served.address, code=served.code(code=code).text)
    channel = joining.channel_of(database)
    assert channel is not None
    return channel


def people(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_second_site_gets_what_the_first_one_brought(engine: str, tmp_path: Path) -> None:
    with serving(engine, tmp_path / "served") as served:
        first, _ = fresh("sqlcipher", tmp_path, system_clock, recipe="world", build=build_world)
        second, _ = fresh("sqlcipher", tmp_path, system_clock)
        renewed(first)
        renewed(second)
        ways = [joined(served, first, "ONE"), joined(served, second, "TWO")]
        try:
            pushed = Site(first, ways[0]).round().pushed
            assert pushed > 0
            assert Site(second, ways[1]).round().pulled > 0
            assert Site(first, ways[0]).round().pushed == 0
            assert state_of(second) == state_of(served.database) == state_of(first)
            assert people(second) == people(first) > 3
            Site(second, ways[1]).round()  # it says how far it has read when it next asks
            with served.database.read() as session:
                rows = {one.code: one for one in overseeing.sites(session)}
            assert (rows["ONE"].unsent, rows["ONE"].taken_seq > 0, rows["TWO"].parked) == (0, True, 0)
            assert rows["TWO"].lag == 0
        finally:
            for way in ways:
                way.close()
            for database in (first, second):
                drop(database)
