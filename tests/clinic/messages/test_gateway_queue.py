"""The gateway set up and in the queue: what is sent once, waits, is given up, and who may."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access.rules import OtpPurpose
from clinic_desktop.clinic.messages import commands
from clinic_desktop.clinic.messages.delivery import Delivered, deliver_due, deliver_in_background, send_test_text, text_transport
from clinic_desktop.clinic.messages.queries import text_service
from clinic_desktop.clinic.messages.rules import (
    TEMPLATES,
    BodyForm,
    Channel,
    MailNotSetUp,
    MessageStatus,
    Security,
    TextsNotSetUp,
    TextUndeliverable,
)
from clinic_desktop.clinic.messages.sealing import set_mail_server, set_text_service
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.patients.contacts import request_code, verify_code
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.security import Actor
from tests.clinic.messages.gateway_server import NUMBER, SECRET, Answer, text_gateway
from tests.clinic.messages.server import mail_server
from tests.clinic.messages.test_queue import queue, rows, statuses
from tests.clinic.patients.desk import register
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import fresh


def set_up(world: World, url: str, **more: Any) -> None:
    service = {"url": url, "form": BodyForm.JSON, "template": TEMPLATES[BodyForm.JSON], "header": None, "sender": "SUNRSE", "secret": None}
    set_text_service(world.db, world.system(), **{**service, **more})


def set_up_mail(world: World, host: str, port: int) -> None:
    server = {"host": host, "port": port, "security": Security.UNPROTECTED, "sender": "desk@sunrise.example"}
    set_mail_server(world.db, world.system(), username=None, password=None, **server)  # type: ignore[arg-type]


def queue_texts(world: World, number: int = 1, *, minutes: float | None = None) -> None:
    queue(world, number, channel=Channel.SMS, minutes=minutes)


def test_what_is_queued_is_sent_once_and_forgotten(world: World) -> None:
    with text_gateway() as gateway:
        set_up(world, gateway.url)
        queue_texts(world, 3)
        assert deliver_due(world.db) == Delivered(sent=3)
        assert deliver_due(world.db) == Delivered()
    assert [(one.json["to"], one.json["text"]) for one in gateway.requests] == [(f"+91987654320{n}", f"Body {n}") for n in range(3)]
    for row, request in zip(rows(world), gateway.requests, strict=True):
        assert (row.status, row.payload, row.last_error) == (MessageStatus.SENT, None, None)
        assert row.provider_id == request.headers["idempotency-key"] == str(row.id)


def test_what_was_refused_waits_or_is_given_up(world: World, clock: FrozenClock) -> None:
    busy, wrong = Answer(503, b"busy with Body 0"), Answer(400, b"no such number: +919876543201")
    with text_gateway(busy, wrong) as gateway:
        set_up(world, gateway.url)
        queue_texts(world, 2)
        told = deliver_due(world.db)
        assert (told.failed, told.last_error, isinstance(told.stuck, TextUndeliverable)) == (2, "400 Bad Request", True)
        assert statuses(world) == [MessageStatus.FAILED, MessageStatus.DEAD]
        assert [row.last_error for row in rows(world)] == ["503 Service Unavailable", "400 Bad Request"]
        assert deliver_due(world.db) == Delivered()  # not before its time
        clock.now = rows(world)[0].next_attempt_at
        assert deliver_due(world.db) == Delivered(sent=1)
    assert len({one.headers["idempotency-key"] for one in gateway.requests}) == 2
    assert [row.payload for row in rows(world)] == [None, None]


def test_a_gateway_that_is_away_for_ever_is_given_up(world: World, clock: FrozenClock) -> None:
    with text_gateway() as gateway:
        set_up(world, gateway.url)
    queue_texts(world, minutes=10)
    assert deliver_due(world.db).failed == 1
    clock.advance(minutes=10)
    assert deliver_due(world.db) == Delivered()
    assert statuses(world) == [MessageStatus.DEAD]


def test_two_programs_send_no_text_twice(world: World) -> None:
    barrier = Barrier(3)

    def run(_: int) -> int:
        barrier.wait(timeout=30)
        return deliver_due(world.db).sent

    with text_gateway() as gateway:
        set_up(world, gateway.url)
        queue_texts(world, 12)
        with ThreadPoolExecutor(3) as pool:
            assert sum(pool.map(run, range(3))) == 12
    assert sorted(one.json["to"] for one in gateway.requests) == [f"+9198765432{n:02}" for n in range(12)]


def test_each_way_goes_by_itself(world: World) -> None:
    queue(world)
    queue_texts(world)
    with pytest.raises(MailNotSetUp):
        deliver_due(world.db)
    assert deliver_in_background(world.db) == Delivered()
    with text_gateway() as gateway:
        set_up(world, gateway.url)
        assert deliver_in_background(world.db) == Delivered(sent=1)
    assert statuses(world) == [MessageStatus.QUEUED, MessageStatus.SENT]
    with mail_server() as (box, host, port):
        set_up_mail(world, host, port)
        assert deliver_in_background(world.db) == Delivered(sent=1)
    assert (len(box.mails), len(gateway.requests)) == (1, 1)


def test_mail_that_leaves_does_not_hide_that_texts_do_not(world: World) -> None:
    with mail_server() as (_, host, port), text_gateway(Answer(500)) as gateway:
        set_up_mail(world, host, port)
        set_up(world, gateway.url)
        queue(world)
        queue_texts(world)
        done = deliver_due(world.db)
    assert (done.sent, done.failed) == (1, 1)
    assert isinstance(done.stuck, TextUndeliverable)


def test_one_wrong_number_is_no_trouble_with_the_way(world: World) -> None:
    with text_gateway(Answer(200), Answer(400)) as gateway:
        set_up(world, gateway.url)
        queue_texts(world, 2)
        assert deliver_due(world.db) == Delivered(sent=1, failed=1, last_error="400 Bad Request", stuck=None)


def test_a_way_that_cannot_be_used_is_said_after_the_others_were_served(world: World) -> None:
    queue(world)
    queue_texts(world)
    with mail_server() as (_, host, port):
        set_up_mail(world, host, port)
        set_up(world, "https://sms.example.com/")
        world.db.run(Actor.system(), set_setting, key="messages.sms_template", value="nothing")
        with pytest.raises(TextsNotSetUp) as refusal:
            deliver_due(world.db)
    assert refusal.value.params["reason"] == "incomplete"
    assert statuses(world) == [MessageStatus.SENT, MessageStatus.QUEUED]


def test_a_patients_number_is_proved_by_the_code_that_arrives(world: World) -> None:
    asha = register(world, phone="98220 12345")
    request_code(world.db, world.actor("receptionist"), asha.id, OtpPurpose.VERIFY_PHONE)
    with text_gateway() as gateway:
        set_up(world, gateway.url, form=BodyForm.FORM, template=TEMPLATES[BodyForm.FORM])
        assert deliver_due(world.db).sent == 1
    (request,) = gateway.requests
    assert request.form["to"] == "+919822012345"
    code = "".join(c for c in request.form["text"].partition("code ")[2][:8] if c.isdigit())
    verify_code(world.db, world.actor("receptionist"), asha.id, OtpPurpose.VERIFY_PHONE, code)
    with world.db.read() as session:
        assert session.scalars(select(Patient.phone_verified).where(Patient.id == asha.id)).one()


IMPOSSIBLE: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"url": "sms.example.com"}, "url", "not_a_web_address"),
    ({"url": "javascript:alert(1)"}, "url", "not_a_web_address"),
    ({"url": "https://"}, "url", "not_a_web_address"),
    ({"url": "https://sms.example.com:99999/"}, "url", "not_a_web_address"),
    ({"url": "https://sms.example.com/a b"}, "url", "not_a_web_address"),
    ({"url": "http://sms.example.com/"}, "url", "unprotected_texts"),
    ({"url": "https://user:pass@sms.example.com/"}, "url", "address_with_password"),
    ({"url": "http://localhost@sms.example.com/"}, "url", "address_with_password"),
    ({"url": "http://localhost\\.sms.example.com/"}, "url", "not_a_web_address"),
    ({"url": "https://x.example/" + "a" * 500}, "url", "too_long"),
    ({"template": None}, "template", "required"),
    ({"template": "{to} {text}"}, "template", "not_json"),
    ({"template": '"{to} {text}"'}, "template", "not_json"),
    ({"template": '{"to": "{to}", "text": "{message}"}'}, "template", "unknown_place"),
    ({"template": '{"to": "{to}"}'}, "template", "missing_place"),
    ({"template": '{"text": "{text}"}'}, "template", "missing_place"),
    ({"form": BodyForm.FORM, "template": "to={to}&{text}"}, "template", "not_a_form"),
    ({"form": BodyForm.FORM, "template": "to={to}&text=%ff{text}"}, "template", "not_a_form"),
    ({"form": BodyForm.FORM, "template": "to={to}&={text}"}, "template", "not_a_form"),
    ({"sender": None}, "sender", "required"),
    ({"header": "X Key"}, "header", "not_a_header"),
    ({"header": "X-Key:"}, "header", "not_a_header"),
    ({"header": "content-length"}, "header", "not_a_header"),
    ({"secret": "ключ"}, "secret", "not_a_header_value"),
    ({"secret": "a\r\nX-Other: b"}, "secret", "not_a_header_value"),
    ({"secret": "k7Hq"}, "secret", "needs_encryption"),  # a development database keeps none
)


def test_a_service_that_cannot_be_is_refused_at_the_field(world: World, subtests: pytest.Subtests) -> None:
    service = {
        "url": "https://sms.example.com/",
        "form": BodyForm.JSON,
        "template": TEMPLATES[BodyForm.JSON],
        "header": "Authorization",
        "sender": "SUNRSE",
        "secret": None,
    }
    for changed, field, reason in IMPOSSIBLE:
        with subtests.test(f"{field}: {changed}"):
            with pytest.raises(InvalidInput) as refusal:
                set_text_service(world.db, world.actor("admin"), **{**service, **changed})
            assert (refusal.value.field, refusal.value.reason) == (field, reason)
            with world.db.read() as session:
                assert not text_service(session).is_set_up
                assert text_service(session).sender == ""


def test_the_settings_screen_cannot_leave_the_way_unprotected(world: World) -> None:
    for key, value in (("url", "http://sms.example.com/"), ("header", "Host")):
        with pytest.raises(InvalidInput):
            world.db.run(world.system(), set_setting, key=f"messages.sms_{key}", value=value)


def test_only_who_may_sets_it_up_and_tries_it(world: World) -> None:
    service = {"form": BodyForm.JSON, "template": TEMPLATES[BodyForm.JSON], "header": None, "sender": "SUNRSE", "secret": None}
    with text_gateway() as gateway:
        with pytest.raises(PermissionDenied):
            set_text_service(world.db, world.actor("receptionist"), url=gateway.url, **service)  # type: ignore[arg-type]
        set_up(world, gateway.url)
        with pytest.raises(PermissionDenied):
            send_test_text(world.db, world.actor("receptionist"), NUMBER)
        assert gateway.requests == []
        send_test_text(world.db, world.actor("admin"), "98765 43210")
    assert gateway.requests[0].json["to"] == NUMBER


@pytest.mark.parametrize(("number", "reason"), [(None, "required"), ("  ", "required"), ("front desk", "not_a_phone")])
def test_a_test_message_needs_a_number(world: World, number: str | None, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        send_test_text(world.db, world.actor("admin"), number)
    assert (refusal.value.field, refusal.value.reason) == ("recipient", reason)


def everything_in(db: Database) -> str:
    """Every value of every table, as text."""
    with db.engine.connect() as connection:
        tables = [name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return "\n".join(repr(tuple(row)) for table in tables for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'))


def test_the_secret_is_sealed_and_told_to_nobody_else(tmp_path: Path, clock: FrozenClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    db, built = fresh("sqlcipher", tmp_path, clock, recipe="world", build=build_world)
    try:
        world = built.at(db)
        echo = Answer(503, f"{SECRET} for Body 0 to +919876543200".encode(), phrase=SECRET)
        with text_gateway(echo) as gateway:
            set_up(world, gateway.url + "?key=in-the-address", header="Authorization", secret=f" {SECRET} ")
            queue_texts(world, 2)
            assert (deliver_due(db).sent, len(gateway.requests)) == (1, 2)
            kept = everything_in(db)
            assert "503 Service Unavailable" in kept
            assert "SUNRSE" in kept
            for secret in (SECRET, SECRET.removeprefix("Bearer ")):
                assert secret not in kept
                assert secret not in caplog.text
            assert "Body" not in caplog.text
            assert "98765432" not in caplog.text
            assert "in-the-address" not in caplog.text
            assert "503 Service Unavailable" in caplog.text
            set_up(world, gateway.url, header="X-Key")  # the secret stays
            send_test_text(db, world.system(), NUMBER)
            assert gateway.requests[-1].headers["x-key"] == SECRET
            assert SECRET not in repr(text_transport(db))
            set_up(world, gateway.url)
            assert text_transport(db).secret is None
        with pytest.raises(InvalidInput) as refusal:
            set_up(world, gateway.url, secret="k7Hq")
        assert refusal.value.field == "header"
    finally:
        db.close()


def test_a_secret_that_no_key_opens_is_said(tmp_path: Path, clock: FrozenClock) -> None:
    db, built = fresh("sqlcipher", tmp_path, clock, recipe="world", build=build_world)
    try:
        world = built.at(db)
        set_up(world, "https://sms.example.com/", header="Authorization", secret=SECRET)
        db.run(world.system(), commands.keep_channel_secret, channel=Channel.SMS, sealed=bytes(64))
        with pytest.raises(TextsNotSetUp) as refusal:
            deliver_in_background(db)
        assert refusal.value.params["reason"] == "locked"
    finally:
        db.close()
