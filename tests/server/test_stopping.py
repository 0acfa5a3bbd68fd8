"""How a central server ends, and how several of its processes are one."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from clinic_desktop.sync import enrolment
from clinic_desktop.sync.credentials import EnrolmentCode, new_code
from clinic_desktop.sync.errors import Busy, Offline
from clinic_desktop.sync.wire import Welcome, unpack
from tests.server.serving import AUTHORITY, serving
from tests.server.test_doors import client, hello, refusal

POLITE_S = 25
"""Less than the half minute for which a server would wait for the word of whoever keeps a connection open."""
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'sync_peers'::regclass")


def test_a_server_that_is_told_to_stop_answers_what_it_began_and_nothing_else(tmp_path: Path) -> None:
    with serving("postgres", tmp_path / "stopping") as served:
        site, idle = served.joined(), served.joined()
        asking, waiting = site.runner(), idle.runner()
        asking.ask("hello", hello())
        waiting.ask("hello", hello())  # its connection stays open
        with ThreadPoolExecutor(1) as pool, served.database.engine.execution_options(clinic_write=True).connect() as connection:
            holding = connection.begin()
            connection.execute(text("LOCK TABLE sync_peers"))  # nobody is known before it is free again
            begun = pool.submit(asking.ask, "hello", hello())
            served.wait(lambda: connection.scalar(_WAITING))  # that one
            stopped = monotonic()
            served.process.send_signal(signal.SIGTERM)
            sleep(0.3)
            assert served.process.poll() is None  # it waits for what it began
            holding.rollback()
            assert unpack(Welcome, begun.result(timeout=60)).central_id == site.enrolled.central_id
        served.process.wait(timeout=60)
        assert monotonic() - stopped < POLITE_S  # an open connection does not hold it up
        assert served.told("stopped")
        with pytest.raises(Offline):
            waiting.ask("hello", hello())
        served.rest()


def test_two_processes_on_postgres_are_one_server_that_an_authority_vouches_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving("postgres", tmp_path / "two", "--workers", "2", given=True) as served:
        assert served.pin is None
        stranger = served.code()
        assert refusal(served.enrol, stranger, Ed25519PrivateKey.generate(), uuid4()) == "untrusted"  # nobody here knows the authority
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "two" / AUTHORITY))
        served.wait(lambda: len(served.told("serving")) == 2)
        site = served.joined()
        for _ in range(6):  # each connection may meet the other process
            runner = site.runner()
            assert unpack(Welcome, runner.ask("hello", hello())).central_id == site.enrolled.central_id
        served.database.run(enrolment.operator(), enrolment.revoke, site_id=site.enrolled.site_id, reason="Closed")
        assert refusal(runner.ask, "hello", hello()) == "revoked"
        right, key = served.code(), Ed25519PrivateKey.generate()
        for _ in range(4):
            assert refusal(served.enrol, EnrolmentCode(new_code(None).secret, right.pin), key, uuid4()) == "code_wrong"
        with pytest.raises(Busy):  # whichever process it was that saw the wrong tries
            served.enrol(right, key, uuid4())
        token = {"Authorization": f"Bearer {served.founded.metrics_token}"}
        with client(served) as line:
            figures = [line.get("/metrics", headers=token).text for _ in range(4)]
        counted = {one.split('code="ok",verb="hello"} ')[1].split()[0] for one in figures}
        assert counted == {"6.0"}  # both processes' together, whichever answers
        served.rest()
