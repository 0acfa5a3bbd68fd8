"""``clinic messages send``: what waits is sent, and a machine without a screen can tell how it went."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from clinic_desktop.cli.main import main
from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.resets import request_reset_mail
from clinic_desktop.clinic.messages.rules import Security
from clinic_desktop.clinic.messages.sealing import set_mail_server
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from tests.clinic.messages.server import mail_server
from tests.clinic.world import World, build_world
from tests.databases import drop, fresh


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capfd.readouterr()
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    shown = capfd.readouterr()
    return int(leaving.value.code or 0), shown.out, shown.err


@pytest.fixture
def clinic(engine_name: str, tmp_path: Path) -> World:
    """A clinic on the machine's own clock, as the command line reads it, in which somebody forgot the password."""
    database, built = fresh(engine_name, tmp_path, system_clock, recipe="world", build=build_world)
    world: World = built.at(database)
    for role in ("cashier", "nurse"):
        details = {"username": role, "full_name": role.title(), "email": f"{'gone' if role == 'nurse' else role}@clinic.example"}
        world.db.run(world.system(), commands.edit_user, user_id=world.users[role], **details)
        request_reset_mail(world.db, role)
    return world


def address(database: Database) -> str:
    if database.address.file is not None:
        return f"sqlite:///{database.address.file}"
    return database.address.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_what_waits_is_sent_and_what_is_refused_is_said(clinic: World, capfd: pytest.CaptureFixture[str]) -> None:
    url = address(clinic.db)
    try:
        code, out, err = run(capfd, "messages", "send", "--db", url)
        assert (code, out) == (2, "")
        assert err.startswith("clinic: No mail server is set up.")
        with mail_server() as (box, host, port):
            server = {"host": host, "port": port, "security": Security.UNPROTECTED, "sender": "desk@sunrise.example"}
            set_mail_server(clinic.db, clinic.system(), username=None, password=None, **server)  # type: ignore[arg-type]
            code, out, _ = run(capfd, "messages", "send", "--db", url, "--json")
            assert code == 1
            told = msgspec.json.decode(out)
            assert (told["sent"], told["failed"], told["queue"]) == (1, 1, {"SENT": 1, "DEAD": 1})
            assert told["last_error"].startswith("550")
            assert run(capfd, "messages", "send", "--db", url)[:2] == (0, "0 sent, 0 failed.\n")
        assert [mail["To"] for mail in box.mails] == ["cashier@clinic.example"]
    finally:
        drop(clinic.db)
