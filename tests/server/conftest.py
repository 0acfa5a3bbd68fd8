"""One running central server an engine for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import ENGINES
from tests.server.serving import Served, serving


@pytest.fixture(scope="module", params=ENGINES)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A central server as it runs in earnest."""
    with serving(request.param, tmp_path_factory.mktemp(f"central-{request.param}")) as made:
        yield made


@pytest.fixture
def served(running: Served) -> Iterator[Served]:
    """The same, for one test."""
    yield running
    running.rest()
