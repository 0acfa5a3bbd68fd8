"""The furnished clinic that department tests start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh


@pytest.fixture
def world(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[World]:
    """A hospital with one clinic, staff, doctors and services; ``world.db`` is its database, new for each test."""
    database, built = fresh(engine_name, tmp_path, clock, recipe="world", build=build_world)
    yield built.at(database)
    drop(database)
