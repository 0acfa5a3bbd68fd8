"""The clinic that documents are composed from, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.documents.floor import Floor, build_floor


@pytest.fixture
def floor(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Floor]:
    database, built = fresh(engine_name, tmp_path, clock, recipe="documents", build=build_floor)
    yield Floor(built.at(database), clock)
    drop(database)
