"""The front desk of each test, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clinic.frontdesk.desk import Desk, build_desk
from tests.databases import drop, fresh


@pytest.fixture
def desk(engine_name: str, clock: Any, tmp_path: Path) -> Iterator[Desk]:
    db, (world, patients) = fresh(engine_name, tmp_path, clock, recipe="frontdesk", build=build_desk)
    yield Desk(db, world.at(db), patients, clock)
    drop(db)
