"""``clinic central`` as whoever runs a server uses it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clinic_desktop.kernel.certificates import expires, pin_of_pem
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.server.folder import opened
from clinic_desktop.server.founding import renew_in_time
from clinic_desktop.sync import enrolment
from clinic_desktop.sync.credentials import Enrol, pin_text, read_code, sign_enrolment
from tests.cli.test_cli import Clinic, clinic, one_line
from tests.conftest import FrozenClock
from tests.databases import PASSPHRASE
from tests.server.serving import PASSWORD, founded

__all__ = ["clinic"]


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CLINIC_OPERATOR_PASSWORD", PASSWORD)
    monkeypatch.delenv("CLINIC_CENTRAL_FOLDER", raising=False)


@pytest.mark.usefixtures("secrets")
def test_a_server_is_set_up_in_one_command_and_never_twice(clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "central"
    hosts = ("--self-signed", "central.example", "--self-signed", "192.0.2.7")
    monkeypatch.setenv("CLINIC_OPERATOR_PASSWORD", "short-one")
    assert one_line(clinic("central", "init", str(folder), *hosts))
    assert not folder.exists()
    monkeypatch.setenv("CLINIC_OPERATOR_PASSWORD", PASSWORD)
    for wrong in ((), ("--certificate", "no.pem"), (*hosts, "--db", "postgresql://x:secret@127.0.0.1/x"), ("--self-signed", "a b")):
        refused = clinic("central", "init", str(tmp_path / "wrong"), *wrong)
        assert one_line(refused), refused.err
    made = clinic("central", "init", str(folder), *hosts, "--json").json
    pem = (folder / "tls" / "server.pem").read_bytes()
    assert made["pin"] == pin_text(pin_of_pem(pem))
    assert one_line(clinic("central", "init", str(folder), *hosts))
    assert {oct(one.stat().st_mode & 0o77) for one in folder.rglob("*")} == {"0o0"}  # nobody else reads any of it
    renewed = clinic("central", "certificate", "--dir", str(folder), "--self-signed", "other.example", "--json").json
    assert renewed["pin"] == made["pin"]
    assert (folder / "tls" / "server.pem").read_bytes() != pem
    for days, is_time in ((300, False), (370, True), (371, False)):  # in its last month a start renews it
        with opened(folder, Passphrase(PASSPHRASE), FrozenClock(system_clock() + timedelta(days=days))) as central:
            assert renew_in_time(central) is is_time
            assert central.pin == pin_of_pem(pem)
    assert expires((folder / "tls" / "server.pem").read_bytes()) >= expires(pem)


@pytest.mark.usefixtures("secrets")
def test_sites_are_let_in_listed_and_shut_out(clinic: Clinic, engine_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = founded(engine_name, tmp_path / "x")
    place = ("--dir", str(tmp_path / "x" / "central"), "--json")
    code = read_code(clinic("central", "enrol", *place, "--code", "nth", "--name", "North clinic").json["code"])
    assert code.fits(made.pin or b"")
    key, database_id = Ed25519PrivateKey.generate(), uuid4()
    public, signature = key.public_key().public_bytes_raw(), sign_enrolment(key, code.secret, database_id)
    asked = Enrol(code.secret, database_id, public, signature, "test", "0015", clinics=["NTH"])
    with opened(tmp_path / "x" / "central", Passphrase(PASSPHRASE)) as central:
        central.database.run(enrolment.doorkeeper(), enrolment.enrol, central.codes_key, asked)
    (row,) = clinic("central", "sites", *place).json
    assert (row["code"], row["name"], row["state"], row["clinics"]) == ("NTH", "North clinic", "behind", ["NTH"])
    assert one_line(clinic("central", "enrol", *place, "--code", "NTH", "--name", "Another"))
    assert one_line(clinic("central", "enrol", *place, "--code", "N", "--name", "Another"))
    assert one_line(clinic("central", "enrol", *place, "--code", "STH"))
    assert clinic("central", "enrol", *place, "--code", "NTH", "--again").code == 0
    assert one_line(clinic("central", "revoke", *place, "STH", "--reason", "x"))
    assert clinic("central", "revoke", *place, "nth", "--reason", "Closed").json == {"revoked": "NTH"}
    assert clinic("central", "sites", *place).json[0]["state"] == "revoked"
    assert clinic("central", "metrics-token", *place).json["metrics_token"] != made.metrics_token
    assert clinic("central", "operator-password", *place).code == 0
    assert one_line(clinic("central", "serve", *place, "--workers", "40" if engine_name == "postgres" else "2"))
    monkeypatch.setenv("CLINIC_PASSPHRASE", "wrong horse")
    assert one_line(clinic("central", "sites", *place))
    assert one_line(clinic("central", "sites", "--dir", str(tmp_path)))
