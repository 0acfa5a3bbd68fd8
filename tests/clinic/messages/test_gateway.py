"""Text messages by a real gateway: what is written arrives as it was, and nothing of ours is told to whom it is not meant for."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from clinic_desktop.clinic.messages.gateway import GatewayTransport
from clinic_desktop.clinic.messages.rules import (
    LONGEST_ERROR,
    TEMPLATES,
    BodyForm,
    Channel,
    Outgoing,
    TextsNotSetUp,
    TextUndeliverable,
)
from tests.clinic.messages.gateway_server import NUMBER, SECRET, Answer, text_gateway
from tests.clinic.messages.server import certificate

ID = UUID("01a1ff9f-0dc5-7799-9114-c1d9f4609bb6")

HOSTILE = (
    "Your code is 4821 9933.",
    "He said \"no\" \\ 'yes' {to} {sender} {0} %s &to=+1&text=x",
    "two\nlines\r\n\tand a tab",
    "🩺 رمزك 4821 – आपका कोड é",
    '"}, "to": "+10000000000", {"',
    "",
)


def outgoing(body: str = "Your code is 4821 9933.") -> Outgoing:
    return Outgoing(ID, NUMBER, "", body, Channel.SMS)


def transport(url: str, form: BodyForm = BodyForm.JSON, **more: Any) -> GatewayTransport:
    return GatewayTransport(url, form, **{"template": TEMPLATES[form], "sender": "SUNRSE", **more})


def refused(sending: GatewayTransport, message: Outgoing | None = None) -> TextUndeliverable:
    with pytest.raises(TextUndeliverable) as refusal:
        sending.send(message or outgoing())
    return refusal.value


# What is written


@pytest.mark.parametrize("body", HOSTILE)
@pytest.mark.parametrize("form", list(BodyForm))
def test_a_text_arrives_as_it_was_written(form: BodyForm, body: str) -> None:
    with text_gateway() as gateway:
        sending = transport(gateway.url + "?v=2", form, header="X-Key", secret=SECRET)
        assert sending.send(outgoing(body)) == sending.send(outgoing(body)) == str(ID)
    first, second = gateway.requests
    assert (first.method, first.path) == ("POST", "/messages?v=2")
    assert (first.form if form is BodyForm.FORM else first.json) == {"to": NUMBER, "text": body, "from": "SUNRSE"}
    kinds = {BodyForm.FORM: "application/x-www-form-urlencoded", BodyForm.JSON: "application/json"}
    assert (first.headers["content-type"], first.headers["x-key"]) == (kinds[form], SECRET)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == str(ID)


def test_a_template_keeps_its_shape_whatever_is_put_in() -> None:
    deep = '{"messages": [{"to": ["{to}"], "body": {"text": "{sender}: {text}"}, "flash": false, "days": 2.5, "ref": null}]}'
    with text_gateway() as gateway:
        transport(gateway.url, template=deep).send(outgoing('"]}{text}'))
        transport(gateway.url, BodyForm.FORM, template="a%20b=%7Bto%7D\n  &fixed=1+2& note={sender}: {text}&empty=").send(outgoing("x&y=z"))
    assert gateway.requests[0].json == {
        "messages": [{"to": [NUMBER], "body": {"text": 'SUNRSE: "]}{text}'}, "flash": False, "days": 2.5, "ref": None}]
    }
    assert gateway.requests[1].form == {"a b": NUMBER, "fixed": "1 2", "note": "SUNRSE: x&y=z", "empty": ""}


@pytest.mark.parametrize("form", list(BodyForm))
def test_half_a_character_is_refused_for_good(form: BodyForm) -> None:
    with text_gateway() as gateway:
        assert refused(transport(gateway.url, form), outgoing("\ud800")).for_good
    assert gateway.requests == []


# What is answered


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_text_is_taken(status: int) -> None:
    with text_gateway(Answer(status, body=b"" if status == 204 else b"OK")) as gateway:
        transport(gateway.url).send(outgoing())


@pytest.mark.parametrize(
    ("status", "said", "for_good"),
    [
        (400, "400 Bad Request", True),
        (401, "401 Unauthorized", False),
        (404, "404 Not Found", True),
        (422, "422 Unprocessable Entity", True),
        (499, "499", True),
        (408, "408 Request Timeout", False),
        (429, "429 Too Many Requests", False),
        (500, "500 Internal Server Error", False),
        (503, "503 Service Unavailable", False),
        (304, "304 Not Modified", False),
    ],
)
def test_a_gateway_that_refuses_is_believed(status: int, said: str, for_good: bool) -> None:
    with text_gateway(Answer(status, body=b"", phrase="Whatever")) as gateway:
        refusal = refused(transport(gateway.url))
    assert (refusal.params["reason"], refusal.for_good) == (said, for_good)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with text_gateway() as other, text_gateway(Answer(status, headers={"Location": other.url})) as gateway:
        refusal = refused(transport(gateway.url, header="Authorization", secret=SECRET))
    assert (len(gateway.requests), other.requests) == (1, [])
    assert refusal.params["reason"].startswith(str(status))
    assert not refusal.for_good


def test_a_gateway_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and does not listen
        refusal = refused(transport(f"http://127.0.0.1:{closed.getsockname()[1]}/messages"))
    assert refusal.params["reason"].startswith("ConnectError")
    assert not refusal.for_good


def test_a_gateway_that_does_not_answer_is_left_in_time() -> None:
    with text_gateway(Answer(hangs=True)) as gateway:
        refusal = refused(transport(gateway.url, timeout=0.2))
        assert not gateway.over.is_set(), "it was the time limit that ended the waiting"
    assert refusal.params["reason"].startswith("ReadTimeout")
    assert not refusal.for_good


def test_what_the_gateway_says_is_for_who_tries_it_out_only() -> None:
    answer = Answer(400, b'{"error": "unknown\nsender \xff"}' + b" more" * 200)
    with text_gateway(answer, answer) as gateway:
        assert refused(transport(gateway.url)).params["reason"] == "400 Bad Request"
        told = refused(transport(gateway.url, tells_answer=True)).params["reason"]
    assert told.startswith('400 Bad Request: {"error": "unknown sender \ufffd"} more more')
    assert len(told) == LONGEST_ERROR


def test_an_answer_without_end_is_not_read_to_the_end() -> None:
    with text_gateway(Answer(500, endless=True), Answer(500, endless=True), Answer(200, endless=True)) as gateway:
        assert refused(transport(gateway.url)).params["reason"] == "500 Internal Server Error"
        refused(transport(gateway.url, tells_answer=True))
        transport(gateway.url).send(outgoing())


@pytest.mark.parametrize(
    "echo",
    ["Authorization: " + SECRET, "bad token: K7HQ-20.PZ/9", '{"token": "k7Hq-20.pZ\\/9"}', "k7Hq%2D20%2EpZ%2F9", "key begins with k7Hq"],
)
def test_a_gateway_that_repeats_our_secret_is_not_quoted(echo: str) -> None:
    with text_gateway(Answer(401, echo.encode(), phrase=SECRET)) as gateway:
        refusal = refused(transport(gateway.url, header="Authorization", secret=SECRET, tells_answer=True))
    assert refusal.params["reason"] == "401 Unauthorized"


# The way there


def test_a_certificate_that_is_vouched_for(tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with text_gateway(context=server) as gateway:
        transport(gateway.url, header="Authorization", secret=SECRET, context=client).send(outgoing())
        unknown = refused(transport(gateway.url, header="Authorization", secret=SECRET))
        other_name = refused(transport(gateway.url.replace("127.0.0.1", "localhost"), context=client))
    assert [one.headers["authorization"] for one in gateway.requests] == [SECRET]
    for refusal in (unknown, other_name):
        assert "certificate" in refusal.params["reason"].lower()
        assert not refusal.for_good
    assert transport("https://sms.example.com").context is None
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("url", "template", "reason"),
    [
        ("http://sms.example.com/", TEMPLATES[BodyForm.JSON], "unprotected"),
        ("http://127.0.0.1.sms.example.com/", TEMPLATES[BodyForm.JSON], "unprotected"),
        ("ftp://127.0.0.1/", TEMPLATES[BodyForm.JSON], "incomplete"),
        ("https://sms.example.com/", '{"to": "{to}"}', "incomplete"),
    ],
)
def test_nothing_leaves_this_computer_unprotected_or_by_halves(url: str, template: str, reason: str) -> None:
    with pytest.raises(TextsNotSetUp) as refusal:
        transport(url, template=template)
    assert refusal.value.params["reason"] == reason


def test_the_surroundings_do_not_lead_messages_astray(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with text_gateway() as proxy, text_gateway() as gateway:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        transport(gateway.url).send(outgoing())
    assert proxy.requests == []
    assert "authorization" not in gateway.requests[0].headers
