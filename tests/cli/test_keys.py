"""``clinic keys``: who opens the data, said and changed from a terminal; no secret is ever an argument."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import select

from clinic_desktop.cli.keys import _KEEPERS, keys
from clinic_desktop.clinic.messages.models import ChannelSecret
from clinic_desktop.clinic.messages.rules import Channel
from clinic_desktop.clinic.messages.sealing import opened, seal
from clinic_desktop.kernel import sealing
from clinic_desktop.kernel.certificates import pin_of_pem
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.keys import Passphrase, RecoveryKey, UserPassword, WrongPassphrase, new_recovery_key
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import store_of
from clinic_desktop.server.certifying import CERTIFICATE, KEY, key_password, lay_out, make_certificate
from clinic_desktop.sync import joining
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.scope import link_of, writing
from tests.cli.test_cli import Clinic, address_of, clinic, one_line
from tests.conftest import FrozenClock
from tests.databases import drop, fresh

__all__ = ["clinic"]
HEAD, MEERA = Passphrase("correct horse"), UserPassword("meera", "battery staple")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted, current database, which a passphrase and one person open."""
    file = tmp_path_factory.mktemp("keys") / "clinic.db"
    database = Database.open(f"sqlcipher:///{file}", secret=HEAD)
    upgrade(database)
    database.vault.add(MEERA)
    store_of(database).put(b"a letter")
    database.close()
    return file


@pytest.fixture
def url(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of it, with the passphrase in the environment and nobody at the terminal."""
    for one in ("clinic.db", "clinic.db.keys"):
        (tmp_path / one).write_bytes(template.with_name(one).read_bytes())
    monkeypatch.setenv("CLINIC_PASSPHRASE", HEAD.text)
    monkeypatch.setattr("sys.stdin", StringIO())
    return f"sqlcipher:///{tmp_path / 'clinic.db'}"


def opens(url: str, secret: Passphrase | UserPassword | RecoveryKey) -> bool:
    try:
        Database.open(url, secret=secret).close()
    except WrongPassphrase:
        return False
    return True


def test_it_lists_the_ways_to_open_without_a_secret_and_whose_with_one(clinic: Clinic, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = clinic("keys", "list", "--names", "--db", url)
    assert (named.code, named.out.splitlines()) == (0, ["passphrase", "password of meera"])
    monkeypatch.delenv("CLINIC_PASSPHRASE")
    assert [(one["kind"], one["name"]) for one in clinic("keys", "list", "--db", url, "--json").json] == [
        ("passphrase", None),
        ("user", None),
    ]
    assert one_line(clinic("keys", "list", "--names", "--db", url))


def test_a_recovery_key_is_made_and_opens(clinic: Clinic, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = clinic("keys", "add-recovery", "--db", url, "--json").json["recovery_key"]
    printed = clinic("keys", "add-recovery", "--db", url, "--json").json["recovery_key"]
    assert not opens(url, RecoveryKey(first))
    monkeypatch.setenv("CLINIC_PASSPHRASE", printed.lower())
    assert clinic("keys", "unlock-check", "--recovery-key", "--db", url, "--json").json == {"opens": True}
    monkeypatch.setenv("CLINIC_PASSPHRASE", new_recovery_key())
    refused = clinic("keys", "unlock-check", "--recovery-key", "--db", url)
    assert one_line(refused)
    assert "not of this database" in refused.err
    monkeypatch.setenv("CLINIC_PASSPHRASE", printed[:-1] + ("0" if printed[-1] != "0" else "1"))
    refused = clinic("keys", "unlock-check", "--recovery-key", "--db", url)
    assert "typing error in group 8" in refused.err


def test_any_command_opens_with_a_persons_password(clinic: Clinic, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", MEERA.password)
    assert clinic("audit", "verify", "--user", "Meera", "--db", url).code == 0
    assert one_line(clinic("audit", "verify", "--db", url))


def test_a_persons_way_in_is_removed_and_the_last_one_is_not(clinic: Clinic, url: str) -> None:
    assert clinic("keys", "remove", "user", "meera", "--db", url).code == 0
    assert not opens(url, MEERA)
    for arguments in (("passphrase",), ("user",), ("user", "meera"), ("nonsense",)):
        outcome = clinic("keys", "remove", *arguments, "--db", url)
        assert one_line(outcome), outcome.err
    assert opens(url, HEAD)


def test_a_database_without_a_passphrase_says_how_it_opens(clinic: Clinic, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", MEERA.password)
    assert clinic("keys", "remove", "passphrase", "--user", "meera", "--db", url).code == 0
    refused = clinic("check", "--db", url)
    assert one_line(refused)
    assert "--user NAME" in refused.err
    assert clinic("check", "--user", "meera", "--db", url).code == 0


def test_a_rekey_says_who_lost_their_way_in_and_gives_a_recovery_key(clinic: Clinic, url: str) -> None:
    done = clinic("keys", "rekey", "--db", url, "--json").json
    assert [(one["kind"], one["name"]) for one in done["lost"]] == [("user", "meera")]
    assert opens(url, HEAD)
    assert opens(url, RecoveryKey(done["recovery_key"]))
    assert not opens(url, MEERA)
    assert clinic("check", "--db", url).code == 0


def test_what_is_sealed_in_the_database_opens_after_a_rekey(clinic: Clinic, url: str, tmp_path: Path) -> None:
    """The password of the mail server, the key by which a site is known at central, and that of a server's certificate."""
    site_key = Ed25519PrivateKey.generate()
    with closing(Database.open(url, secret=HEAD)) as database:
        assert database.data_key is not None
        with database.write(Actor.system()) as tx:
            tx.command = "test"
            tx.add(ChannelSecret(channel=Channel.EMAIL, sealed=seal(database.data_key, Channel.EMAIL, "at the post office")))
        with writing(database, "test") as tx:
            site_id = tx.session.scalars(select(DatabaseIdentity.site_id)).one()
            link_of(tx).sealed_key = joining._sealed(database.data_key, site_key, site_id)
        pin = make_certificate(tmp_path / "tls", ["localhost"], database)
    assert {one.__module__ for one in sealing._renewals.values()} == {f"clinic_desktop.{name}" for name in _KEEPERS}, "it loads them all"
    assert clinic("keys", "rekey", "--db", url).code == 0
    with closing(Database.open(url, secret=HEAD)) as database:
        assert len(database.vault.keys()) == 1
        with database.read() as session:
            mail = session.scalars(select(ChannelSecret.sealed)).one()
            sealed = session.get_one(SyncLink, THE_ONE).sealed_key
        assert mail is not None
        assert opened(database, Channel.EMAIL, mail) == "at the post office"
        assert joining._opened(database, sealed, site_id).private_bytes_raw() == site_key.private_bytes_raw()
        lay_out(tmp_path / "restored", ["localhost"], database)
        assert pin_of_pem((tmp_path / "restored" / CERTIFICATE).read_bytes()) == pin
        assert load_pem_private_key((tmp_path / "restored" / KEY).read_bytes(), key_password(database))


def test_a_rekey_is_refused_while_the_database_is_open(clinic: Clinic, url: str) -> None:
    database = Database.open(url, secret=HEAD)
    refused = clinic("keys", "rekey", "--db", url)
    assert one_line(refused)
    assert "Close it" in refused.err
    database.close()


@pytest.mark.parametrize("action", ["list", "add-recovery", "rekey", "unlock-check"])
def test_a_plain_and_a_missing_database_are_refused_in_a_line(
    clinic: Clinic, tmp_path: Path, clock: FrozenClock, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", HEAD.text)
    plain, _ = fresh("sqlite", tmp_path, clock)
    assert one_line(clinic("keys", action, "--db", address_of(plain)))
    drop(plain)
    missing = tmp_path / "missing.db"
    assert one_line(clinic("keys", action, "--db", f"sqlcipher:///{missing}"))
    assert not missing.exists()
    assert not missing.with_name("missing.db.keys").exists()


def test_a_servers_vault_is_kept_the_same_way(clinic: Clinic, tmp_path: Path, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", HEAD.text)
    server, _ = fresh("postgres", tmp_path, clock)
    url = address_of(server)
    assert clinic("keys", "list", "--db", url).out == "Nothing opens it yet.\n"
    assert one_line(clinic("keys", "unlock-check", "--db", url))
    server.vault.add(HEAD)
    server.vault.add(MEERA)
    name = store_of(server).put(b"a letter")
    assert clinic("keys", "unlock-check", "--db", url).code == 0
    assert clinic("keys", "list", "--db", url, "--names").out.splitlines() == ["passphrase", "password of meera"]
    done = clinic("keys", "rekey", "--db", url, "--json").json
    assert (done["documents"], [one["name"] for one in done["lost"]]) == (1, ["meera"])
    server.vault.unlock(RecoveryKey(done["recovery_key"]))
    assert store_of(server).get(name) == b"a letter"
    drop(server)


def test_a_person_types_the_recovery_key_back_before_it_counts(url: str) -> None:
    ours, theirs = pty.openpty()
    program = [sys.executable, "-c", "from clinic_desktop.cli.main import main; main()", "keys", "add-recovery", "--db", url]
    with subprocess.Popen(program, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True) as child:
        os.close(theirs)
        shown = read_until(ours, "Type it: ")
        found = re.search(r"(?:[0-9A-Z]{5}-){7}[0-9A-Z]{5}", shown)
        assert found is not None
        printed = found[0]
        os.write(ours, printed[:-1].encode() + b"\n")
        assert "not complete" in read_until(ours, "Type it: ")
        assert not opens(url, RecoveryKey(printed))
        os.write(ours, printed.lower().replace("-", " ").encode() + b"\n")
        assert child.stdout is not None
        assert printed in child.stdout.read()
    os.close(ours)
    assert child.returncode == 0
    assert opens(url, RecoveryKey(printed))


def read_until(terminal: int, end: str) -> str:
    shown = ""
    while not shown.endswith(end):
        shown += os.read(terminal, 1000).decode()
    return shown


def test_no_command_takes_a_secret_as_an_argument() -> None:
    """Arguments stand in the process list and the shell's history for everyone to read."""
    options = {option for one in (keys, *keys.commands.values()) for parameter in one.params for option in parameter.opts}
    assert {"--user", "--recovery-key", "--db", "--json"} <= options
    assert {"--passphrase", "--password", "--secret", "--key"}.isdisjoint(options)
    taking = [parameter for one in keys.commands.values() for parameter in one.params if "--recovery-key" in parameter.opts]
    assert taking
    assert all(parameter.is_flag for parameter in taking)
