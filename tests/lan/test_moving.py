"""``clinic move``: a clinic in a file goes on as one on a server; its people come in there, and nobody into the file any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.access.queries import users
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import Passphrase, UserPassword
from clinic_desktop.kernel.lan.kept import kept_secret
from clinic_desktop.kernel.store import store_of
from tests.cli.test_cli import Clinic, clinic  # noqa: F401 - the fixture
from tests.clinic.world import build_world
from tests.conftest import FrozenClock
from tests.databases import PASSPHRASE, fresh
from tests.postgres import cluster

NEW = "green-Giraffe-17"


def test_a_clinic_moves_and_its_people_come_in_at_the_server(
    clinic: Clinic,  # noqa: F811
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path / "state"))
    file, _ = fresh("sqlcipher", tmp_path, clock, recipe="world", build=build_world)
    letter = store_of(file).put(b"an old letter")
    with file.read() as session:
        people = len(users(session))
    file.vault.add(UserPassword("super_admin", NEW))
    url = f"sqlcipher:///{file.address.file}"
    file.close()
    with cluster() as made:
        assert clinic("init", "--server", made.address, "--apply").code == 0
        monkeypatch.setenv("CLINIC_PASSPHRASE", NEW)  # of the one who opens the file, and chosen anew for the server
        order = ("move", "--db", url, "--user", "super_admin", "--server", made.address, "--administrator", "super_admin")
        moved = clinic(*order, "--json")
        assert moved.code == 0, moved.err
        refused = clinic("check", "--db", url, "--user", "super_admin")
        assert refused.code == 2
        assert "has moved to a server" in refused.err
        assert clinic(*order, "--json").json == moved.json
        assert clinic(*order, "--database", "other").code == 2
        inside = make_url(made.address).set(database="clinic").render_as_string(hide_password=False)
        monkeypatch.delenv("CLINIC_PASSPHRASE")
        code = clinic("lan", "invite", "--db", inside, "--json").json["code"]
        joined = clinic("join", f"127.0.0.1:{make_url(made.address).port}", code, "--json").json
        here = make_url(joined["db"]).set(password=kept_secret(joined["db"]))
        database = Database.open(here.render_as_string(hide_password=False))
        try:
            actor = log_in(database, "super_admin", NEW, clinic_id=None, workstation_id=None)
            with database.read(actor) as session:
                assert len(users(session)) == people
        finally:
            database.close()
        opened = Database.open(inside, secret=Passphrase(PASSPHRASE))
        try:
            assert store_of(opened).get(letter) == b"an old letter"
        finally:
            opened.close()
