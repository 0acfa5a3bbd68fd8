"""Who gets in to a central server and who does not: real processes, real TLS, both engines."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.sync import enrolment, tokens
from clinic_desktop.sync.credentials import (
    CONTENT_TYPE,
    AskToken,
    Challenge,
    EnrolmentCode,
    Problem,
    Token,
    new_code,
    read,
    read_code,
    sign_challenge,
    write,
)
from clinic_desktop.sync.errors import Busy, Offline, Refused
from clinic_desktop.sync.http_channel import HttpChannel, Site, central_url
from clinic_desktop.sync.peers import SyncEnrolmentCode
from clinic_desktop.sync.wire import MOST_BYTES, PROTOCOLS, Hello, Welcome, pack, unpack
from tests.server.serving import Member, Served


def hello() -> bytes:
    return pack(Hello(PROTOCOLS, newest_revision(), None, 0, b"", 0, b"", 0))


def refusal(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*arguments, **named)
    return refused.value.reason


def client(served: Served) -> httpx.Client:
    """Whoever comes without the program."""
    return httpx.Client(base_url=served.url, verify=ssl._create_unverified_context(), timeout=30, trust_env=False)


def posted(served: Served, verb: str, body: Any, **headers: str) -> tuple[int, str]:
    with client(served) as line:
        answer = line.post(f"/sync/v1/{verb}", content=body, headers={"Content-Type": CONTENT_TYPE, **headers})
    return answer.status_code, read(Problem, answer.content).code if answer.status_code != 200 else "ok"


def token_of(member: Member) -> str:
    runner = member.runner()
    runner.ask("hello", hello())
    return runner._token


def set_codes(served: Served, **values: Any) -> None:
    with served.database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(update(SyncEnrolmentCode).where(SyncEnrolmentCode.used_at.is_(None)).values(**values))


def notes(served: Served, event: str) -> list[dict[str, Any]]:
    with served.database.read() as session:
        found = session.query(AuditLog.changes).filter(AuditLog.operation == "N").all()
    return [note for (text,) in found if (note := msgspec.json.decode(text))["event"] == event]


def test_a_code_lets_one_site_in_once_and_the_first_site_founds(served: Served) -> None:
    first, second = served.first, served.joined(keeps_shared_data=True)
    assert (first.enrolled.founds, first.enrolled.keeps_shared_data) == (True, True)
    assert (second.enrolled.founds, second.enrolled.keeps_shared_data) == (False, True)
    welcome = unpack(Welcome, second.runner().ask("hello", hello()))
    assert welcome.central_id == second.enrolled.central_id
    assert {note["code"] for note in notes(served, "site_enrolled")} >= {first.enrolled.site_code, second.enrolled.site_code}


def test_wrong_used_withdrawn_and_expired_codes_open_nothing(served: Served) -> None:
    key, database_id, _first = Ed25519PrivateKey.generate(), uuid4(), served.first
    used = served.code()
    site = served.enrol(used, key, database_id)
    assert refusal(served.enrol, used, key, database_id) == "code_wrong"
    withdrawn = served.code(again=site.site_code)
    renewed = served.code(again=site.site_code)
    assert refusal(served.enrol, withdrawn, key, database_id) == "code_wrong"
    assert served.enrol(renewed, key, database_id).site_id == site.site_id
    expired = served.code()
    set_codes(served, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert refusal(served.enrol, expired, key, database_id) == "code_expired"
    assert refusal(served.enrol, served.code(), key, database_id, ["MAIN"]) == "clinic_code_taken"
    assert refusal(served.enrol, served.code(), key, database_id, ["OTHER"]) == "has_clinics"


def test_guessing_codes_ends_soon_even_for_the_right_one(served: Served) -> None:
    right, key = served.code(), Ed25519PrivateKey.generate()
    for _ in range(4):
        assert refusal(served.enrol, EnrolmentCode(new_code(None).secret, right.pin), key, uuid4()) == "code_wrong"
    with pytest.raises(Busy) as locked:
        served.enrol(right, key, uuid4())
    assert 0 < locked.value.params["retry_after"] <= 16
    served.rest()
    assert served.enrol(right, key, uuid4())


def test_who_shows_no_token_or_a_bad_one_is_unknown(served: Served) -> None:
    member = served.joined()
    token = token_of(member)
    claim = tokens.read_token(enrolment.own_key(served.database, "tokens"), token, served.database.clock(), member.enrolled.central_id)
    forged = tokens._sealed(bytes(32), claim)  # the same words, under another key
    bad = {
        "": "token_missing",
        "Basic x": "token_missing",
        f"Bearer {forged}": "token_forged",
        "Bearer x=y": "token_forged",
    }
    for shown, code in bad.items():
        assert posted(served, "hello", hello(), **({"Authorization": shown} if shown else {})) == (401, code)
    assert posted(served, "hello", hello(), Authorization=f"Bearer {token}") == (200, "ok")
    assert posted(served, "nonsense", b"", Authorization=f"Bearer {token}") == (404, "unknown_verb")


def test_a_token_is_only_for_its_own_database_and_key(served: Served) -> None:
    member, stranger = served.joined(), Ed25519PrivateKey.generate()
    site_id, database_id = member.enrolled.site_id, member.database_id

    def by(site: Site) -> str:
        return refusal(served.channel(site, served.pin).ask, "hello", hello())

    assert by(Site(site_id, database_id, stranger)) == "forged"
    assert by(Site(uuid4(), database_id, stranger)) == "unknown_site"
    assert by(Site(site_id, uuid4(), member.key)) == "other_database"
    before = token_of(member)
    restored = served.channel(Site(site_id, uuid4(), member.key, (uuid4(), database_id)), served.pin)
    restored.ask("hello", hello())  # it says whose copy it is, and goes on
    assert posted(served, "hello", hello(), Authorization=f"Bearer {before}") == (403, "other_database")
    assert notes(served, "site_database_replaced")[-1]["before"] == str(database_id)


def test_a_signed_challenge_is_good_once_and_for_this_central_only(served: Served) -> None:
    member = served.joined()
    with client(served) as line:
        typed = {"Content-Type": CONTENT_TYPE}
        offered = read(Challenge, line.post("/sync/v1/challenge", headers=typed).content)
        asked = AskToken(member.enrolled.site_id, member.database_id, offered.challenge, b"")
        signed = write(msgspec.structs.replace(asked, signature=sign_challenge(member.key, asked)))
        assert read(Token, line.post("/sync/v1/token", content=signed, headers=typed).content).fence == 2
        replayed = line.post("/sync/v1/token", content=signed, headers=typed)
        made_up = msgspec.structs.replace(asked, challenge=bytes(56))
        invented = msgspec.structs.replace(made_up, signature=sign_challenge(member.key, made_up))
        foreign = line.post("/sync/v1/token", content=write(invented), headers=typed)
    assert (replayed.status_code, read(Problem, replayed.content).code) == (403, "spent")
    assert (foreign.status_code, read(Problem, foreign.content).code) == (403, "forged")


def test_of_two_runners_the_newer_one_goes_on(served: Served) -> None:  # SYNC 34
    member = served.joined()
    older, newer = member.runner(), member.runner()
    older.ask("hello", hello())
    newer.ask("hello", hello())
    assert refusal(older.ask, "hello", hello()) == "fenced"
    older._until = 0.0  # it renews its token as the runner it was: that is over, too
    assert refusal(older.ask, "hello", hello()) == "fenced"
    newer._until = 0.0
    newer.ask("hello", hello())


def test_a_token_renews_itself_after_weeks(served: Served) -> None:  # SYNC 14
    member = served.joined()
    key = enrolment.own_key(served.database, "tokens")
    runner = member.runner()
    runner.ask("hello", hello())
    claim = tokens.read_token(key, runner._token, served.database.clock(), member.enrolled.central_id)
    runner._token = tokens._sealed(key, claim._replace(expires=1))
    assert posted(served, "hello", hello(), Authorization=f"Bearer {runner._token}") == (401, "token_expired")
    assert unpack(Welcome, runner.ask("hello", hello())).central_id == member.enrolled.central_id
    foreign = tokens._sealed(key, claim._replace(central_id=uuid4()))
    assert posted(served, "hello", hello(), Authorization=f"Bearer {foreign}") == (401, "token_foreign")


def test_a_revoked_site_is_refused_at_once_and_the_journal_says_so(served: Served) -> None:  # SYNC 39
    member = served.joined()
    token = token_of(member)
    served.database.run(enrolment.operator(), enrolment.revoke, site_id=member.enrolled.site_id, reason="The computer was stolen")
    assert posted(served, "hello", hello(), Authorization=f"Bearer {token}") == (403, "revoked")
    assert refusal(member.runner().ask, "hello", hello()) == "revoked"
    served.wait(lambda: [one for one in notes(served, "site_refused") if one["code"] == "revoked"])
    assert [one["code"] for one in served.told("refused") if one["site"] == str(member.enrolled.site_id)] == ["revoked", "revoked"]
    back = served.enrol(served.code(again=member.enrolled.site_code), member.key, member.database_id)
    assert back.site_id == member.enrolled.site_id
    member.runner().ask("hello", hello())


def test_what_is_too_large_or_no_message_is_refused_before_it_costs_anything(served: Served) -> None:
    token = {"Authorization": f"Bearer {token_of(served.joined())}"}
    before = served.memory()
    zeros = bytes(1 << 20)
    frame = zstandard.ZstdCompressor(level=19).compressobj(size=1 << 30)
    bomb = b"".join(frame.compress(zeros) for _ in range(1 << 10)) + frame.flush()
    assert len(bomb) < 200_000  # a gigabyte
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(64 << 20))
    lying = bytearray(zstandard.ZstdCompressor().compress(bytes(1000)))
    for body, code in (
        (bomb, "oversized"),
        (unsized, "oversized"),
        (b"nonsense", "malformed"),
        (bytes(lying[:-3]), "malformed"),
        (b"", "malformed"),
    ):
        status, said = posted(served, "hello", body, **token)
        assert (status, said) == (413 if code == "oversized" else 400, code)
    assert posted(served, "enrol", b"\xc1") == (400, "malformed")
    assert posted(served, "enrol", msgspec.msgpack.encode([[]] * 9)) == (400, "malformed")
    assert posted(served, "enrol", bytes(70_000)) == (413, "oversized")
    assert posted(served, "push", (zeros for _ in range(40)), **token) == (413, "oversized")  # without a length
    assert posted(served, "hello", bytes(MOST_BYTES + 1), **token) == (413, "oversized")
    assert posted(served, "hello", hello(), **{**token, "Content-Type": "application/json"}) == (415, "content_type")
    assert served.memory() - before < 120 << 20


def test_half_a_question_is_no_question(served: Served) -> None:
    token = token_of(served.joined())
    plain = socket.create_connection(("127.0.0.1", served.port), timeout=10)
    with ssl._create_unverified_context().wrap_socket(plain) as line:
        head = f"POST /sync/v1/hello HTTP/1.1\r\nHost: x\r\nContent-Type: {CONTENT_TYPE}\r\nAuthorization: Bearer {token}\r\n"
        line.sendall(f"{head}Content-Length: 1000\r\n\r\n".encode() + hello()[:20])
    served.wait(lambda: [one for one in served.told("refused") if one["code"] == "truncated"])


def test_no_other_server_is_told_a_word_and_nothing_goes_without_tls(served: Served) -> None:
    member = served.joined()
    for pin in (bytes(32), None):  # another server's; and no authority knows this one
        assert refusal(served.channel(member.site, pin).ask, "hello", hello()) == "untrusted"
    code, key = served.code(), Ed25519PrivateKey.generate()
    wrong = EnrolmentCode(code.secret, new_code(bytes(32)).pin)
    assert refusal(served.enrol, wrong, key, uuid4()) == "untrusted"
    assert served.enrol(code, key, uuid4())  # the code was not given away: it is still good
    with pytest.raises(httpx.HTTPError):
        httpx.post(f"http://{served.address}/sync/v1/hello", content=hello(), timeout=5, trust_env=False)
    for typed in ("http://central.example", "ftp://x", "", "https://x/path", "https://user@x", "x:99999", "https://"):
        with pytest.raises(InvalidInput):
            central_url(typed)
    assert central_url(" central.example ") == "https://central.example:8443"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # and does not listen
        alone = HttpChannel(f"127.0.0.1:{probe.getsockname()[1]}", member.site, pin=served.pin)
        with pytest.raises(Offline):
            alone.ask("hello", hello())
        alone.close()


def test_it_says_how_it_is_and_its_figures_to_whom_they_are_meant_for(served: Served) -> None:
    site = served.joined()
    site.runner().ask("hello", hello())
    with client(served) as line:
        assert line.get("/health").json()["status"] == "ok"
        assert line.get("/ready").json() == {"status": "ready"}
        assert line.get("/metrics").status_code == 401
        assert line.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 401
        figures = line.get("/metrics", headers={"Authorization": f"Bearer {served.founded.metrics_token}"}).text
    assert 'clinic_central_answers_total{code="ok",verb="hello"}' in figures
    assert f'clinic_central_site_silence_seconds{{site="{site.enrolled.site_code}"}}' in figures


def test_the_log_and_the_folder_hold_no_secret(served: Served, tmp_path: Path) -> None:
    code = served.code()
    served.enrol(code, Ed25519PrivateKey.generate(), uuid4())
    folder = served.central.folder
    log = served.log.read_text()
    for secret in (code.secret, code.text, "correct horse", "blue-Elephant-42", served.founded.metrics_token):
        assert secret not in log
        assert not [one for one in folder.rglob("*") if one.is_file() and secret.encode() in one.read_bytes()]
    assert all(b"ENCRYPTED" in one.read_bytes() for one in folder.rglob("*.key"))
    assert read_code(code.text.lower().replace("-", " ")) == code
