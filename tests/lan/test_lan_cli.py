"""``clinic init --server``, ``clinic lan`` and ``clinic join``: a clinic on a server from the command line, on a server with nothing."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.backups.commands import FOLDER
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.kernel.backup.folders import backups_in
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import UserPassword
from clinic_desktop.kernel.lan.kept import kept_secret
from clinic_desktop.kernel.lan.programs import programs
from clinic_desktop.kernel.lan.running import start, stop
from clinic_desktop.kernel.lan.units import copies_text, has_systemd, service_text
from clinic_desktop.sync import replicas
from clinic_desktop.sync.copies import service_of
from clinic_desktop.ui import entering, upkeep
from tests.cli.test_cli import Clinic, clinic  # noqa: F401 - the fixture
from tests.lan.server import PASSWORD
from tests.lan.service import wait_for
from tests.postgres import MEMORY, cluster, free_port


@pytest.fixture(scope="module")
def bare_server() -> Iterator[str]:
    """A Postgres as it comes: no encryption, no clinic."""
    with cluster() as made:
        yield made.address


def test_a_clinic_is_set_up_invited_to_and_joined(
    clinic: Clinic,  # noqa: F811
    bare_server: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path))
    refused = clinic("init", "--server", bare_server)
    assert refused.code == 2
    assert refused.err.strip() == "clinic: The server offers no encryption, and this login cannot switch it on from here."
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSWORD)
    made = clinic("init", "--server", bare_server, "--apply", "--administrator", "owner", "--full-name", "Olga Owner", "--json").json
    assert (made["settled"]["database"], made["settled"]["is_new"]) == ("clinic", True)
    assert Path(made["written"]).read_text(encoding="utf-8").splitlines()[1] == made["lines"][0]
    assert made["lines"][0].startswith("hostssl   clinic  +clinic_staff,")
    assert made["lines"][0].endswith("scram-sha-256")
    monkeypatch.delenv("CLINIC_PASSPHRASE")
    again = clinic("init", "--server", bare_server)
    assert "is ready at revision" in again.out
    assert "  hostssl   clinic" in again.out
    assert made["fingerprint"] in again.out
    inside = make_url(bare_server).set(database="clinic").render_as_string(hide_password=False)
    assert clinic("init", "--server", bare_server, "--database", "Robert'); --").code == 2
    assert "No computer has joined yet." in clinic("lan", "computers", "--db", inside).out
    code = clinic("lan", "invite", "--db", inside, "--json").json["code"]
    place = f"127.0.0.1:{make_url(bare_server).port}"
    joined = clinic("join", place, code, "--name", "reception", "--json").json
    assert joined["in_keyring"] is False
    used = clinic("join", place, code)
    assert (used.code, used.err.strip()) == (2, "clinic: This code was used already. A code lets one computer in: ask for a new one.")
    secret = kept_secret(joined["db"])
    assert secret is not None
    kept = [one for one in (tmp_path / "servers").iterdir() if one.suffix == ".login"]
    assert [one.stat().st_mode & 0o777 for one in kept] == [0o600]
    database = Database.open(make_url(joined["db"]).set(password=secret).render_as_string(hide_password=False))
    try:
        assert log_in(database, "owner", PASSWORD, clinic_id=None, workstation_id=None).name == "Olga Owner"
    finally:
        database.close()
    rows = clinic("lan", "computers", "--db", inside, "--json").json
    assert [row["name"] for row in rows] == ["reception"]
    assert clinic("lan", "remove", rows[0]["login"], "--db", inside).code == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(make_url(joined["db"]).set(password=secret).render_as_string(hide_password=False))


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """Where the server's account may go: pytest's own folders are root's."""
    made = Path(tempfile.mkdtemp(prefix="clinic-lan-", dir=MEMORY))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.skipif(has_systemd(), reason="it would put a service of its own on this computer")
def test_this_computer_serves_the_clinic(
    clinic: Clinic,  # noqa: F811
    own_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "serving"))
    folder, port = own_folder / "server", free_port()
    nothing = clinic("lan", "status", "--folder", str(folder))
    assert (nothing.code, "There is no server of the clinic in" in nothing.err) == (2, True)
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSWORD)
    told = clinic("lan", "start", "--folder", str(folder), "--port", str(port), "--administrator", "owner", "--json")
    monkeypatch.delenv("CLINIC_PASSPHRASE")
    assert told.code == 0, told.err
    try:
        assert (folder / "service" / "service.json").stat().st_mode & 0o777 == 0o600
        assert told.json["running"] == {"folder": str(folder), "port": port, "is_running": True, "by": "process"}
        assert [one.stat().st_mode & 0o777 for one in (folder, folder / "data", folder / "administrator")] == [0o700, 0o700, 0o600]
        code = clinic("lan", "invite", "--folder", str(folder), "--json").json["code"]
        url = clinic("join", f"127.0.0.1:{port}", code, "--json").json["db"]
        secret = kept_secret(url)
        assert secret is not None
        _work_and_back_up(make_url(url).set(password=secret).render_as_string(hide_password=False), tmp_path, monkeypatch)
        assert clinic("lan", "start", "--folder", str(folder)).code == 0
        if told.json["copies"]:  # where the server's account may run this very program
            _keep_a_copy(make_url(url).set(password=secret).render_as_string(hide_password=False))
    finally:
        ended = clinic("lan", "stop", "--folder", str(folder), "--json").json
    assert not ended["is_running"]
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        refused = clinic("lan", "start", "--folder", str(own_folder / "other"), "--port", str(other.getsockname()[1]))
    assert (refused.code, "Choose another port." in refused.err) == (2, True)
    assert not (own_folder / "other").exists()


@pytest.mark.skipif(has_systemd(), reason="it would put services on this computer")
def test_servers_that_begin_at_once_take_a_port_each(own_folder: Path) -> None:
    folders = [own_folder / name for name in ("one", "other")]
    try:
        with ThreadPoolExecutor() as beside:
            running = [*beside.map(lambda folder: start(folder, port=None), folders)]
        assert [one.is_running for one in running] == [True, True]
        assert running[0].port != running[1].port
        stop(folders[0])
        assert start(folders[0], port=None).port == running[0].port  # computers have joined it there
    finally:
        for folder in folders:
            stop(folder)


def _keep_a_copy(url: str) -> None:
    """The service was set up with the server, under the server's account, and answers."""
    database = Database.open(url)
    try:
        owner = log_in(database, "owner", PASSWORD, clinic_id=None, workstation_id=None)
        database.vault.unlock(UserPassword("owner", PASSWORD))
        wait_for(lambda: service_of(database) is not None)
        assert replicas.keep(database, owner, name="reception").is_complete
    finally:
        database.close()


def _work_and_back_up(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at work on the serving computer has the backups made; on another nobody tries."""
    shelf = tmp_path / "backups"
    shelf.mkdir()
    database = Database.open(url)
    try:
        owner = log_in(database, "owner", PASSWORD, clinic_id=None, workstation_id=None)
        entering.keep_keys(database, owner, username="owner", password=PASSWORD)
        with psycopg.connect(url) as line:
            asked = ("fsync", "ssl", "password_encryption", "data_checksums")
            shown = {name: line.execute(f"SHOW {name}".encode()).fetchone() for name in asked}
        assert {name: row[0] for name, row in shown.items() if row} == {
            "fsync": "on",
            "ssl": "on",
            "password_encryption": "scram-sha-256",
            "data_checksums": "on",
        }
        clinic_id = database.run(owner, organisation.create_hospital, name="Sunrise", currency="INR") and database.run(
            owner, organisation.add_clinic, code="MAIN", name="Main", timezone="Asia/Kolkata"
        )
        desk = database.run(owner, organisation.add_workstation, clinic_id=clinic_id, name="server", kind=WorkstationKind.FRONT_DESK)
        database.run(owner, organisation.set_setting, key=FOLDER.key, value=str(shelf), workstation_id=desk)
        done = upkeep.back_up(database, clinic_id, desk)
        assert done.error is None
        assert len(list(backups_in(shelf))) == 1
        monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "elsewhere"))
        assert upkeep.back_up(database, clinic_id, desk) == upkeep.BackedUp(None, is_worth_closing=False)
    finally:
        database.close()
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "serving"))


def test_the_units_of_the_services() -> None:
    copies = copies_text(["/opt/clinic/bin/clinic"], Path("/srv/clinic/service"), as_root=True).splitlines()
    assert "ExecStart=/opt/clinic/bin/clinic lan serve --dir /srv/clinic/service" in copies
    assert {"Requires=clinic-server.service", "User=postgres", "Restart=always", "WantedBy=multi-user.target"} <= set(copies)
    said = service_text(Path("/srv/clinic/data"), programs(), as_root=True).splitlines()
    assert f"ExecStart={programs() / 'postgres'} -D /srv/clinic/data" in said
    assert {"User=postgres", "Type=notify", "Restart=on-failure", "KillSignal=SIGINT", "WantedBy=multi-user.target"} <= set(said)
    assert "User=postgres" not in service_text(Path("/home/a/data"), programs(), as_root=False)
    spaced = copies_text(["/usr/bin/python3", "-c", "import a; a.main()"], Path('/home/An na/50% "x"'), as_root=False).splitlines()
    assert r'''ExecStart=/usr/bin/python3 -c "import a; a.main()" lan serve --dir "/home/An na/50%% \"x\""''' in spaced
