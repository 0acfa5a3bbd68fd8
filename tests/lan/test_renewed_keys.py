"""A new data key on a clinic's own server while its service runs: the service keeps its way in, goes on, and ends what is left."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.kernel.certificates import pin_of_pem, pinned_context
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import Passphrase, UserPassword
from clinic_desktop.kernel.rekey import rekey
from clinic_desktop.kernel.store import sealed_with, store_of
from clinic_desktop.server import lan
from clinic_desktop.server.admission import Limits
from clinic_desktop.server.certifying import KEY, kept, key_password
from clinic_desktop.server.lan import read_service
from clinic_desktop.server.serving import Serving, Spec
from clinic_desktop.sync import replicas
from clinic_desktop.sync.replicas import Feeder
from tests.cli.test_cli import Clinic, clinic, one_line
from tests.lan.server import DATABASE, OPENS, PASSWORD, LanServer
from tests.lan.service import LanService, lan_service, wait_for
from tests.lan.test_copies import _all_numbers, register

__all__ = ["clinic"]
BOSS = UserPassword(OPENS, PASSWORD)


@pytest.fixture
def url(server: LanServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "pc"))
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSWORD)
    return server.admin_inside


def is_whole(owner: Database, service: LanService) -> bool:
    """One key is left, and the certificate opens with it, in the database and in the service's folder."""
    owner.vault.unlock(Passphrase(read_service(service.folder).passphrase))
    if len(owner.vault.keys()) > 1:
        return False
    try:
        for key in (kept(owner)[KEY], (service.folder / "tls" / KEY).read_bytes()):
            load_pem_private_key(key, key_password(owner))
    except ValueError:
        return False
    return True


def answers(service: LanService, pin: bytes) -> bool:
    with httpx.Client(verify=pinned_context(lambda shown: shown == pin)) as client:
        return client.get(f"https://127.0.0.1:{service.port}/ready").status_code == 200


def test_a_rekey_beside_the_running_service_leaves_nothing_under_the_earlier_key(
    clinic: Clinic, server: LanServer, url: str, tmp_path: Path
) -> None:
    with closing(server.owner()) as owner, lan_service(server, tmp_path / "server" / "service") as service:
        pin = pin_of_pem((service.folder / "tls" / "server.pem").read_bytes())
        with closing(Database.open(server.url)) as desk:
            boss = log_in(desk, OPENS, PASSWORD, clinic_id=server.world.clinic_id, workstation_id=None)
            desk.vault.unlock(BOSS)
            copy = replicas.keep(desk, boss, name="front desk")
            letter = store_of(desk).put(b"a letter")
            feeder = Feeder(copy, lan=desk)
            feeder.runner.once()
            refused = clinic("keys", "rekey", "--db", url, "--user", OPENS)
            assert one_line(refused)
            assert "--without-service" in refused.err
            done = clinic("keys", "rekey", "--db", url, "--user", OPENS, "--folder", str(service.folder.parent), "--json").json
            assert "passphrase" not in [one["kind"] for one in done["lost"]]
            wait_for(lambda: is_whole(owner, service))
            assert answers(service, pin)
            number = register(desk, boss, server.world.clinic_id, "Asha")
            wait_for(lambda: feeder.runner.once() and feeder.runner.phase.error is None)  # its token is of the earlier key
            feeder.stop()
            with closing(Database.open(copy.url, secret=replicas.secret_of(copy))) as replica:
                assert number in _all_numbers(replica)
            desk.vault.unlock(BOSS)
            assert store_of(desk).get(letter) == b"a letter"
        service.stop()
        service.start()
        assert answers(service, pin)


def test_what_a_computers_own_login_may_not_seal_anew_the_service_does(server: LanServer, url: str, tmp_path: Path) -> None:
    with closing(server.owner()) as owner, lan_service(server, tmp_path / "service") as service:
        owner.vault.unlock(BOSS)
        letter = store_of(owner).put(b"a letter")
        own = Passphrase(read_service(service.folder).passphrase)
        assert rekey(server.url, BOSS, keep=[BOSS, own]).documents == 0
        wait_for(lambda: is_whole(owner, service))
        with owner.engine.connect() as line:
            sealed = line.exec_driver_sql("SELECT content FROM document_blobs WHERE sha256 = %s", (letter,)).scalar_one()
        assert sealed_with(sealed) == next(iter(owner.vault.keys()))


def test_a_process_of_the_service_that_begins_after_a_rekey_opens_the_database(server: LanServer, url: str, tmp_path: Path) -> None:
    """One that was started with the earlier key, or in place of one that died."""
    lan.set_up(server.admin, DATABASE, tmp_path, BOSS, hosts=["localhost"])
    with closing(server.owner()) as owner:
        owner.vault.unlock(BOSS)
        kept_slot = read_service(tmp_path)
        assert owner.data_key is not None
        spec = Spec(tmp_path, kept_slot.database, owner.data_key, None, Limits(), is_lan=True)
        rekey(server.url, BOSS, keep=[BOSS, Passphrase(kept_slot.passphrase)])
        serving = Serving.begin(spec)
        try:
            assert serving.database.data_key not in (None, spec.data_key)
        finally:
            serving.end()


def test_a_service_that_is_left_behind_does_not_begin_and_says_why_in_one_line(
    clinic: Clinic, server: LanServer, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first time it has looked at the database, and its port is open, when the data key is replaced; then it is started again."""
    lan.set_up(server.admin, DATABASE, tmp_path, BOSS, hosts=["localhost"])
    announce = lan.announce

    def announced_and_left_behind(folder: Path, port: int) -> None:
        announce(folder, port)
        rekey(url, BOSS, keep=[BOSS])

    monkeypatch.setattr(lan, "announce", announced_and_left_behind)
    monkeypatch.setattr("logging.config.dictConfig", lambda _said: None)  # of this whole process
    for _start in range(2):
        answer = clinic("lan", "serve", "--dir", str(tmp_path), "--host", "127.0.0.1", "--port", "0")
        assert (answer.code, answer.err.count("\n")) == (2, 1)
        assert "clinic lan serve --set-up --user NAME" in answer.err


def test_a_service_that_was_left_behind_is_said_and_set_up_again(clinic: Clinic, server: LanServer, url: str, tmp_path: Path) -> None:
    with lan_service(server, tmp_path / "service") as service:
        # Its port is open before its database is: one that begins after the rekey would not begin at all.
        assert answers(service, pin_of_pem((service.folder / "tls" / "server.pem").read_bytes()))
        told = clinic("keys", "rekey", "--db", url, "--user", OPENS, "--without-service")
        assert "clinic lan serve --set-up" in told.out
        wait_for(lambda: "keys_wait" in service.log.read_text(encoding="utf-8"))
        service.stop()
        certified = ("--certify", "localhost", "--certify", "127.0.0.1")
        service.start("--set-up", "--db", server.admin, "--database", DATABASE, "--user", OPENS, *certified)
        assert answers(service, pin_of_pem((service.folder / "tls" / "server.pem").read_bytes()))
