"""A clinic that was lived in, whose journal is searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.lived import live
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.databases import drop, fresh


@pytest.fixture
def lived(engine_name: str, tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    """A day of a clinic with everything in it."""
    made, built = fresh(engine_name, tmp_path, clock, recipe="lived", build=live)
    yield built.at(made)
    drop(made)
