"""One server for all of these tests in a process, and the joined computer's database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keyring
import keyring.backends.fail
import pytest

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from tests.conftest import FrozenClock
from tests.lan.server import PASSWORD, LanServer, lan_server

ComeIn = Callable[..., Actor]


@pytest.fixture(scope="session")
def server() -> Iterator[LanServer]:
    """A clinic's server, as an administrator has set it up."""
    with lan_server() as made:
        yield made


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """A computer without a keyring: what it keeps lies in files of the test's own."""
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def pc(server: LanServer, clock: FrozenClock) -> Iterator[Database]:
    """The clinic's database on the computer that has joined; nobody has come in yet."""
    opened = Database.open(server.url, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def come_in(server: LanServer, pc: Database) -> ComeIn:
    """Log somebody of a role in at that computer."""
    return lambda role, password=PASSWORD: log_in(pc, role, password, clinic_id=server.world.clinic_id, workstation_id=None)
