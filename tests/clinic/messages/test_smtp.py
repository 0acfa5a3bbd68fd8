"""Mail by a real server: protected, verified, and told apart when it fails, hangs or refuses."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.messages.delivery import deliver_due, mail_transport, send_test
from clinic_desktop.clinic.messages.queries import mail_is_set_up
from clinic_desktop.clinic.messages.rules import MailNotSetUp, MessageStatus, Outgoing, Security, Undeliverable, is_this_computer
from clinic_desktop.clinic.messages.sealing import set_mail_server
from clinic_desktop.clinic.messages.smtp import SmtpTransport
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.security import Actor
from tests.clinic.messages.server import certificate, mail_server
from tests.clinic.messages.test_queue import queue, statuses
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import fresh

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # aiosmtpd's test for TLS misses implicit TLS

ID = UUID("01a1ff9f-0dc5-7799-9114-c1d9f4609bb6")
MAIL = Outgoing(ID, "asha@clinic.example", "Your code – आपका कोड", "Dear Asha,\n\nرمزك 4821\n")


def transport(host: str, port: int, security: Security = Security.UNPROTECTED, **more: object) -> SmtpTransport:
    return SmtpTransport(host, port, security, "Sunrise Hospital <desk@sunrise.example>", **more)  # type: ignore[arg-type]


def refused(sending: SmtpTransport, mail: Outgoing = MAIL) -> Undeliverable:
    with pytest.raises(Undeliverable) as refusal:
        sending.send(mail)
    return refusal.value


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as (box, host, port):
        first, second = transport(host, port).send(MAIL), transport(host, port).send(MAIL)
    assert first == second == f"<{ID}@sunrise.example>"
    mail = box.mails[0]
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (MAIL.recipient, MAIL.subject, first)
    assert mail["From"] == "Sunrise Hospital <desk@sunrise.example>"
    assert mail.get_content().replace("\r\n", "\n") == MAIL.body


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_protected_connection_with_a_login(tmp_path: Path, security: Security) -> None:
    server, client = certificate(tmp_path)
    with mail_server(context=server, starttls=security is Security.STARTTLS, with_login=True) as (box, host, port):
        transport(host, port, security, username="clinic", password="post-office-7", context=client).send(MAIL)
        wrong = refused(transport(host, port, security, username="clinic", password="wrong", context=client))
    assert len(box.mails) == 1
    assert wrong.params["reason"].startswith("535")
    assert not wrong.for_good  # the password may be put right


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, security: Security) -> None:
    server, _ = certificate(tmp_path)
    with mail_server(context=server, starttls=security is Security.STARTTLS) as (box, host, port):
        refusal = refused(transport(host, port, security))
    assert "certificate" in refusal.params["reason"].lower()
    assert box.mails == []


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with mail_server(context=server) as (box, _, port):
        refusal = refused(transport("localhost", port, Security.TLS, context=client))
    assert "certificate" in refusal.params["reason"].lower()
    assert box.mails == []


def test_a_server_without_tls_gets_nothing() -> None:
    with mail_server() as (box, host, port):
        refusal = refused(transport(host, port, Security.STARTTLS))
    assert "STARTTLS" in refusal.params["reason"]
    assert box.mails == []


def test_nothing_leaves_this_computer_unprotected() -> None:
    with pytest.raises(MailNotSetUp):
        transport("mail.clinic.example", 25)
    assert [is_this_computer(host) for host in ("localhost", "127.0.0.1", "::1", "10.0.0.5", "localhost.evil.example")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(("answer", "for_good"), [("451 try later", False), ("554 not that", True)])
def test_a_server_that_refuses_is_believed(answer: str, for_good: bool) -> None:
    with mail_server() as (box, host, port):
        box.answers.append(answer)
        refusal = refused(transport(host, port))
    assert (refusal.params["reason"], refusal.for_good) == (answer, for_good)


@pytest.mark.parametrize(("address", "for_good"), [("gone@clinic.example", True), ("busy@clinic.example", False)])
def test_an_address_that_is_refused(address: str, for_good: bool) -> None:
    with mail_server() as (_, host, port):
        refusal = refused(transport(host, port), Outgoing(ID, address, "", ""))
    assert refusal.for_good is for_good


def test_an_address_that_would_write_headers_is_refused() -> None:
    with mail_server() as (box, host, port):
        refusal = refused(transport(host, port), Outgoing(ID, "a@b.example\nBcc: all@clinic.example", "", ""))
    assert refusal.for_good
    assert box.mails == []


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_server_that_hangs_is_left(silent: int) -> None:
    assert not refused(transport("127.0.0.1", silent, timeout=0.3)).for_good


def test_a_server_that_hangs_in_the_middle_is_left() -> None:
    with mail_server() as (box, host, port):
        box.answers.append("hang")
        assert not refused(transport(host, port, timeout=0.3)).for_good


def test_nobody_there() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and does not listen
        assert not refused(transport("127.0.0.1", closed.getsockname()[1])).for_good


def set_up(db: Database, host: str, port: int, **more: object) -> None:
    values = {"smtp_host": host, "smtp_port": port, "smtp_security": Security.UNPROTECTED, "smtp_sender": "desk@sunrise.example", **more}
    for key, value in values.items():
        db.run(Actor.system(), set_setting, key=f"messages.{key}", value=value)


def test_the_server_that_is_set_up_is_used(world: World) -> None:
    queue(world)
    with mail_server() as (box, host, port):
        set_up(world.db, host, port)
        assert deliver_due(world.db).sent == 1
    assert box.mails[0]["To"] == "person0@clinic.example"
    assert statuses(world) == [MessageStatus.SENT]


def test_the_password_rests_sealed(tmp_path: Path, clock: FrozenClock) -> None:
    db, _ = fresh("sqlcipher", tmp_path, clock, recipe="world", build=build_world)
    try:
        admin = Actor.system()
        with mail_server(with_login=True) as (box, host, port):
            server = {"host": host, "port": port, "security": Security.UNPROTECTED, "sender": "desk@sunrise.example"}
            set_mail_server(db, admin, username="clinic", password="post-office-7", **server)
            mail_transport(db).send(MAIL)
            set_mail_server(db, admin, username="clinic", password=None, **server)  # it stays
            send_test(db, "asha@clinic.example")
        assert [mail["Subject"] for mail in box.mails] == [MAIL.subject, "Test message"]
        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT sealed FROM channel_secrets").scalar_one()
            said = connection.exec_driver_sql("SELECT group_concat(changes) FROM audit_logs").scalar_one()
        assert b"post-office" not in kept
        assert "post-office" not in said
        set_mail_server(db, admin, username=None, password=None, **server)
        assert mail_transport(db).password is None
    finally:
        db.close()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"password": "post-office-7"}, "password"),  # a development database keeps none
        ({"security": Security.UNPROTECTED}, "security"),
        ({"sender": None}, "sender"),
        ({"sender": "no address"}, "sender"),
        ({"port": 0}, "port"),
    ],
)
def test_a_server_that_cannot_be_is_refused_at_the_field(world: World, changed: dict[str, Any], field: str) -> None:
    server = {
        "host": "mail.clinic.example",
        "port": 587,
        "security": Security.STARTTLS,
        "username": "clinic",
        "sender": "desk@sunrise.example",
        "password": None,
        **changed,
    }
    with pytest.raises(InvalidInput) as refused_input:
        set_mail_server(world.db, world.actor("admin"), **server)
    assert refused_input.value.field == field
    with world.db.read() as session:
        assert not mail_is_set_up(session)


def test_verified_by_default() -> None:
    context = ssl.create_default_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert transport("127.0.0.1", 25).context is None
