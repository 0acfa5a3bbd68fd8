"""Fixtures of every test: both engines, a clock that stands still, and one Postgres for the run."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import keyring
import keyring.backends.fail
import pytest
from hypothesis import HealthCheck, settings

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.i18n import activate, active
from clinic_desktop.kernel.stretching import Stretching, choose
from tests.databases import ENGINES, drop, forget_compiled, fresh, hang_up
from tests.databases import START as START
from tests.postgres import MEMORY, running_postgres
from tests.sharing import PLACE

LIGHT = Stretching(passes=1, memory_kib=64, lanes=1)
"""What passwords and key slots cost in tests that are not about strength; programs that a test starts use the standard."""

# A machine that is told to keep no compiled modules compiles all of them anew in every worker and every program that a test starts.
os.environ["PYTHONDONTWRITEBYTECODE"] = ""
sys.dont_write_bytecode = False
# How long an example takes is no property of ours on a busy machine, and a run that is to say yes or no tries the same ones each time.
_at_random = "CLINIC_TEST_RANDOM" in os.environ
settings.register_profile("clinic", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=not _at_random)
settings.load_profile("clinic")
keyring.set_keyring(keyring.backends.fail.Keyring())  # no test keeps a secret on the machine that runs it
load_departments()
choose(LIGHT)
gc.freeze()  # the program's own modules and tables live to the end: looking at them in every collection took a quarter of a screen test
gc.set_threshold(20_000, 20, 50)
_servers = ExitStack()
UNWRITTEN = ("full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off")
"""Each database that is made or dropped is a checkpoint, after which whole pages would go to a log that nobody reads."""
LONGEST = (
    "test_simulator_long.py",
    "test_tour.py",
    "test_benchmarks.py",
    "test_restoring.py",
    "test_setup.py",
    "test_day.py",
    "test_killed.py",
    "test_replay.py",
    "test_migrations.py",
    "test_checks.py",
    "test_drafts.py",
    "test_cli.py",
    "test_demo.py",
)
"""Files of more than ten seconds; those about sync are long too."""


def pytest_configure(config: pytest.Config) -> None:
    """Start one Postgres for the whole run; xdist workers inherit its address."""
    if MEMORY is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)  # tmp_path: SQLite files of a test need no disk either
    if "CLINIC_STATE_FOLDER" not in os.environ:
        os.environ["CLINIC_STATE_FOLDER"] = _servers.enter_context(TemporaryDirectory())
    if PLACE not in os.environ:
        os.environ[PLACE] = _servers.enter_context(TemporaryDirectory(prefix="clinic-shared-", dir=MEMORY))
    if "CLINIC_TEST_POSTGRES" not in os.environ:
        os.environ["CLINIC_TEST_POSTGRES"] = _servers.enter_context(running_postgres(*UNWRITTEN))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: begun last, one would keep one processor busy and the other idle."""

    def turn(item: pytest.Item) -> int:
        name = item.path.name
        return LONGEST.index(name) if name in LONGEST else len(LONGEST) + (item.path.parent.name != "sync")

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """The tests themselves live to the end too, some hundred thousand objects."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    hang_up()
    _servers.close()


class FrozenClock:
    """A clock that moves only when a test says so."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        """Move forward by a timedelta given in parts, such as ``minutes=5``."""
        self.now += timedelta(**parts)


@pytest.fixture(autouse=True)
def nothing_compiled_is_kept() -> Iterator[None]:
    """The engines that a test opened by itself leave nothing behind."""
    yield
    forget_compiled()


@pytest.fixture(autouse=True)
def language_as_before() -> Iterator[None]:
    """A test that speaks another language leaves the next one in its own."""
    before = active()
    yield
    if active() != before:
        activate(before.code)


@pytest.fixture
def stretching() -> Iterator[Callable[[Stretching], None]]:
    """Choose other costs for one test: ``stretching(STANDARD)``."""
    yield choose
    choose(LIGHT)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(engine_name: str, clock: FrozenClock, tmp_path: Path) -> Iterator[Database]:
    made, _ = fresh(engine_name, tmp_path, clock)
    yield made
    drop(made)
