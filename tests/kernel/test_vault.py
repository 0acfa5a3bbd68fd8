"""A server's vault: the first slot makes the data key, and no computer with an older one can spoil it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clinic_desktop.kernel import keys
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.key_secrets import USER
from clinic_desktop.kernel.keys import (
    DataKey,
    KeyFile,
    RecoveryKey,
    UserPassword,
    WrongPassphrase,
    new_recovery_key,
)
from clinic_desktop.kernel.vault import VaultLocked, VaultRenewed
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.kernel.encrypted import HEAD, MEERA


@pytest.fixture
def server(tmp_path: Path, clock: FrozenClock) -> Iterator[Database]:
    made, _ = fresh("postgres", tmp_path, clock)
    yield made
    drop(made)


def again(server: Database, secret: keys.Secret | None = None) -> Database:
    return Database.open(server.address.url.render_as_string(hide_password=False), secret=secret, clock=server.clock)


def test_the_first_slot_on_a_server_makes_the_clinics_data_key(server: Database) -> None:
    assert (server.data_key, server.vault.exists) == (None, False)
    with pytest.raises(VaultLocked):
        server.vault.unlock(MEERA)
    server.vault.add(MEERA)
    assert server.data_key is not None
    printed = new_recovery_key()
    server.vault.add(RecoveryKey(printed))
    for secret in (MEERA, RecoveryKey(printed), DataKey(server.data_key)):
        opened = again(server, secret)
        assert opened.data_key == server.data_key
        opened.close()
    later = again(server)
    assert later.data_key is None
    assert [row.name for row in later.vault.slots()] == ["", ""]
    with pytest.raises(VaultLocked):
        later.vault.add(UserPassword("ravi", "battery staple"))
    with pytest.raises(WrongPassphrase):
        later.vault.unlock(UserPassword("ravi", "battery staple"))
    later.vault.unlock(MEERA)
    assert [row.name for row in later.vault.slots()] == ["meera", ""]
    later.vault.add(UserPassword("ravi", "battery staple"))
    assert len(server.vault.slots()) == 3
    later.vault.remove(USER, "ravi")
    assert server.vault.export() == later.vault.export()
    later.close()


def test_a_wrong_secret_on_a_server_is_refused_and_changes_nothing(server: Database) -> None:
    server.vault.add(MEERA)
    before = server.vault.export()
    with pytest.raises(WrongPassphrase):
        again(server, HEAD)
    assert server.vault.export() == before


def test_two_computers_that_found_a_vault_at_once_share_it(server: Database) -> None:
    others = [again(server) for _ in range(4)]

    def found(number: int) -> ClinicError | None:
        try:
            others[number].vault.add(UserPassword(f"user{number}", "battery staple"))
        except VaultLocked as late:
            return late
        return None

    with ThreadPoolExecutor(4) as several:
        refused = list(several.map(found, range(4)))
    assert refused.count(None) == 1
    assert len(server.vault.slots()) == 1
    for one in others:
        one.close()


def test_a_computer_that_missed_a_new_key_cannot_spoil_the_vault(server: Database) -> None:
    server.vault.add(MEERA)
    stale = again(server, MEERA)
    newer = keys.new_data_key()

    def renewed(_file: KeyFile | None) -> KeyFile:
        return keys.with_slot(keys.new_key_file(newer), newer, MEERA, now=server.clock())

    server.vault.change(renewed)
    before = server.vault.export()
    with pytest.raises(VaultRenewed):
        stale.vault.add(UserPassword("ravi", "battery staple"))
    assert server.vault.export() == before
    stale.vault.unlock(MEERA)
    assert stale.data_key == newer
    stale.close()
