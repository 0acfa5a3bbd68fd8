"""A front desk that can send, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clinic.frontdesk.desk import Desk, build_desk
from tests.clinic.messages.patients import can_send
from tests.databases import drop, fresh


def build_texting(db: Any) -> Any:
    world, patients = build_desk(db)
    can_send(Desk(db, world, patients, None))
    return world, patients


@pytest.fixture
def desk(engine_name: str, clock: Any, tmp_path: Path) -> Iterator[Desk]:
    db, (world, patients) = fresh(engine_name, tmp_path, clock, recipe="texting", build=build_texting)
    yield Desk(db, world.at(db), patients, clock)
    drop(db)
