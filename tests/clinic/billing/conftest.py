"""Fixtures of billing's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.billing.desk import Desk, build_desk
from tests.conftest import FrozenClock
from tests.databases import drop, fresh


@pytest.fixture
def desk(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Desk]:
    database, built = fresh(engine_name, tmp_path, clock, recipe="billing_desk", build=build_desk)
    yield Desk(built.world.at(database), built.patient_id)
    drop(database)
