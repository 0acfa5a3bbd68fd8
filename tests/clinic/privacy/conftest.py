"""Fixtures of the tests of privacy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic_desktop.kernel.db import Database
from tests.clinic.lived import live
from tests.conftest import FrozenClock
from tests.databases import drop, fresh


@pytest.fixture
def lived(engine_name: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Database]:
    """The lived-in clinic."""
    made, _ = fresh(engine_name, tmp_path, clock, recipe="lived", build=live)
    yield made
    drop(made)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where archives go."""
    return tmp_path / "archives"
