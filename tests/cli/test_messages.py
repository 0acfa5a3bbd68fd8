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
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from tests.clinic.messages.gateway_server import Answer, text_gateway
from tests.clinic.messages.server import mail_server
from tests.clinic.messages.test_gateway_queue import queue_texts, set_up, set_up_mail
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capfd.readouterr()
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    shown = capfd.readouterr()
    return int(leaving.value.code or 0), shown.out, shown.err


@pytest.fixture
def clinic(engine_name: str, tmp_path: Path, clock: FrozenClock) -> World:
    """A clinic on the machine's own clock, as the command line reads it, in which somebody forgot the password."""
    database, built = fresh(engine_name, tmp_path, clock, recipe="world", build=build_world)
    database.clock = system_clock
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


def test_text_messages_are_sent_with_the_mail(clinic: World, capfd: pytest.CaptureFixture[str]) -> None:
    url = address(clinic.db)
    try:
        queue_texts(clinic, 2)
        with mail_server() as (box, host, port), text_gateway(Answer(200), Answer(429)) as gateway:
            set_up_mail(clinic, host, port)
            set_up(clinic, gateway.url)
            code, out, _ = run(capfd, "messages", "send", "--db", url, "--json")
        told = msgspec.json.decode(out)
        assert (code, told["sent"], told["failed"], told["queue"]) == (1, 2, 2, {"SENT": 2, "DEAD": 1, "FAILED": 1})
        assert (len(box.mails), len(gateway.requests)) == (1, 2)
    finally:
        drop(clinic.db)


def test_a_service_that_cannot_be_used_is_said(clinic: World, capfd: pytest.CaptureFixture[str]) -> None:
    url = address(clinic.db)
    try:
        set_up(clinic, "https://sms.example.com/")
        clinic.db.run(clinic.system(), set_setting, key="messages.sms_template", value="nothing")
        code, out, err = run(capfd, "messages", "send", "--db", url)
        assert (code, out) == (2, "")
        assert err.startswith("clinic: The text message service is not set up to the end.")
    finally:
        drop(clinic.db)
