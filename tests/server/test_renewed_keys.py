"""Enrolment codes and a new data key: a code that was given out opens nothing any more, and whoever made it is told so."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.server.folder import Central, opened
from clinic_desktop.server.operator import overview
from clinic_desktop.server.operator.frame import View
from clinic_desktop.server.operator.words import language_of
from clinic_desktop.sync import enrolment
from clinic_desktop.sync.credentials import Enrol, EnrolmentCode, sign_enrolment
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.overseeing import open_codes, sites
from tests.cli.test_cli import Clinic, clinic
from tests.databases import PASSPHRASE
from tests.server.serving import founded

__all__ = ["clinic"]


def make(central: Central, code: str, *, again: bool = False) -> EnrolmentCode:
    wanted = {"code": code, "name": f"Site {code}", "pin": None, "again": again}
    return central.database.run(enrolment.operator(), enrolment.make_code, central.codes_key, **wanted)  # type: ignore[arg-type]


def enrol(central: Central, code: EnrolmentCode) -> str:
    key, me = Ed25519PrivateKey.generate(), uuid4()
    asked = Enrol(code.secret, me, key.public_key().public_bytes_raw(), sign_enrolment(key, code.secret, me), "test", "test", [])
    return central.database.run(enrolment.doorkeeper(), enrolment.enrol, central.codes_key, asked).site_code


def listed(database: Database) -> dict[str, bool]:
    with database.read() as session:
        return {one.site_code: one.is_lost for one in open_codes(session, database.clock())}


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_open_codes_end_with_a_rekey_and_whoever_made_them_is_told(
    engine: str, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSPHRASE)
    founded(engine, tmp_path / "chain")
    folder, secret = tmp_path / "chain" / "central", Passphrase(PASSPHRASE)
    with opened(folder, secret) as central:
        codes = {name: make(central, name) for name in ("ALFA", "BETA", "GAMMA")}
        assert enrol(central, codes["ALFA"]) == "ALFA"
        make(central, "ALFA", again=True)
        with central.database.read() as session:
            (alfa,) = sites(session)
        central.database.run(enrolment.operator(), enrolment.revoke, site_id=alfa.site_id, reason="closed")
        assert listed(central.database) == {"BETA": False, "GAMMA": False}
        url = central.config.database
    done = clinic("keys", "rekey", "--db", url, "--json")
    assert done.json["withdrawn"] == ["BETA", "GAMMA"]
    with opened(folder, secret) as central:
        assert len(central.database.vault.keys()) == 1
        for name in ("BETA", "GAMMA"):
            with pytest.raises(Refused) as refused:
                enrol(central, codes[name])
            assert refused.value.reason == "code_wrong"
        assert listed(central.database) == {"BETA": True, "GAMMA": True}
        view = View(language_of("en"), central.database.clock())
        with central.database.read() as session:
            assert str(overview.parts(view, overview.look(session, view))["codes"]).count("make another code") == 2
        assert enrol(central, make(central, "BETA")) == "BETA"
        assert listed(central.database) == {"GAMMA": True}
    assert clinic("keys", "rekey", "--db", url, "--json").json["withdrawn"] == []
