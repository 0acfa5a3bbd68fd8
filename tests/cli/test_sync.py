"""``clinic sync``: into a chain, once there and back, and out again, against a central server that runs in earnest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from clinic_desktop.clinic.organisation.commands import add_department
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.security import Actor
from tests.cli.test_messages import run
from tests.clinic.world import build_world
from tests.databases import PASSPHRASE, drop, fresh
from tests.server.serving import serving
from tests.sync.chain import renewed


def test_a_database_joins_agrees_and_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CLINIC_PASSPHRASE", PASSPHRASE)
    database, _world = fresh("sqlcipher", tmp_path, system_clock, recipe="world", build=build_world)
    renewed(database)
    database.run(Actor.system("test"), add_department, name="Dermatology")
    url = f"sqlcipher:///{database.address.file}"

    def sync(*arguments: str) -> tuple[int, str, str]:
        return run(capfd, "sync", *arguments, "--db", url)

    def status() -> Any:
        return msgspec.json.decode(sync("status", "--json")[1])

    try:
        assert sync("status") == (0, "This database stands alone.\n", "")
        assert sync("now")[::2] == (2, "clinic: This database stands alone: it takes part in no chain.\n")
        with serving("sqlite", tmp_path / "central") as central:
            code = central.code(code="MAIN", name="Main house")
            assert sync("enrol", central.address, "ABC")[::2] == (2, "clinic: An enrolment code has 32 letters and figures.\n")
            wrong = sync("enrol", central.address, "A" * 16 + code.pin)
            assert wrong[2].startswith("clinic: This code is wrong or was used already.")
            done, out, _ = sync("enrol", central.address, code.text)
            assert (done, out.splitlines()[0]) == (0, "This database is the site Main house (MAIN) now. Go on with: clinic sync now")
            before = status()
            assert (before["linked"], before["site"], before["last_synced_at"]) == (True, "MAIN", None)
            assert before["unsent"] > 10
            assert sync("now")[0] == 0
            with central.database.read() as session:
                assert "Dermatology" in {one.name for one in departments(session)}
            after = status()
            assert (after["unsent"], after["conflicts"], after["parked"], after["error"]) == (0, 0, 0, None)
            assert after["last_synced_at"] is not None
        assert sync("now")[2].startswith("clinic: The central server does not answer.")
        assert run(capfd, "sync", "leave", "--yes", "--db", url)[:2] == (0, "This database stands alone now.\n")
        assert status()["linked"] is False
    finally:
        drop(database)
