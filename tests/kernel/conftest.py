"""Fixtures of the kernel's tests: an encrypted clinic, and computers with and without a keyring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest

from tests.conftest import FrozenClock
from tests.faults.killing import Zygote, zygote
from tests.kernel.encrypted import HEAD, Clinic, SafeKeyring


@pytest.fixture
def clinic(tmp_path: Path, clock: FrozenClock) -> Clinic:
    """An encrypted database that the passphrase HEAD opens."""
    made = Clinic(tmp_path / "clinic.db", clock)
    made.opens(HEAD)
    return made


@pytest.fixture(scope="session")
def workers() -> Iterator[Zygote]:
    """Forks a worker that is to be killed, for each test that needs one."""
    with zygote() as made:
        yield made


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def safe_keyring(no_keyring: None) -> SafeKeyring:
    made = SafeKeyring()
    keyring.set_keyring(made)
    return made
