"""Two programs on one database, and a server that goes away under them: nobody's work is lost or done twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.migrations import upgrade
from tests.clinic.world import build_world
from tests.databases import bare, drop
from tests.faults.killing import Zygote, zygote
from tests.postgres import Cluster, cluster

EACH = 25
AFTERWARDS = 25
"""Registered once the server has answered again."""


@pytest.fixture(scope="module")
def workers() -> Iterator[Zygote]:
    with zygote() as made:
        yield made


def address_of(database: Database) -> str:
    return database.address.url.render_as_string(hide_password=False).replace("+psycopg", "")


def kept_by(workers: Zygote, finished: int) -> list[str]:
    """The numbers that the workers acknowledged until so many of them were done."""
    kept, done = [], 0
    while done < finished:
        said = workers.hear()
        done += said == "done"
        if said.startswith("kept "):
            kept.append(said.split()[1])
    return kept


def numbers(database: Database) -> list[str]:
    load_checks()
    with database.read() as session:
        assert verify(session).broken is None
        assert [result.name for result in run_checks(session) if not result.ok] == []
        return sorted(session.scalars(select(Patient.patient_number)))


def test_a_second_instance_shares_the_file(engine_name: str, tmp_path: Path, workers: Zygote) -> None:
    database = bare(engine_name, tmp_path)
    try:
        upgrade(database)
        build_world(database)
        before = numbers(database)
        for name in ("Asha", "Bela"):
            workers.start("register", address_of(database), name, str(EACH))
        kept = kept_by(workers, 2)
        assert len(set(kept)) == 2 * EACH
        assert numbers(database) == sorted([*before, *kept])
        assert [int(number.rsplit("-", 1)[1]) for number in sorted(kept)] == list(range(1, 2 * EACH + 1))  # no gap
    finally:
        drop(database)


@pytest.fixture
def own_server() -> Iterator[Cluster]:
    with cluster("fsync=on") as made:
        yield made


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_server_that_stops_takes_nothing_with_it(how: signal.Signals, own_server: Cluster, workers: Zygote) -> None:
    """SIGINT throws everybody out, SIGQUIT is a power cut. Work waits, says why, and goes on by itself with the same keys."""
    database = Database.open(own_server.address)
    upgrade(database)
    build_world(database)
    before = numbers(database)
    database.close()
    workers.start("outlast", own_server.address, "Asha", str(AFTERWARDS))
    kept = []
    while len(kept) < 20:
        if (said := workers.hear()).startswith("kept "):
            kept.append(said.split()[1])
    own_server.stop(how)
    said = workers.hear()
    while not said.startswith("refused "):
        kept += [said.split()[1]] if said.startswith("kept ") else []
        said = workers.hear()
    assert said == "refused unreachable"
    own_server.start()
    later = kept_by(workers, 1)
    assert len(later) == AFTERWARDS + 1
    kept += later
    assert len(set(kept)) == len(kept)
    after = Database.open(own_server.address)
    try:
        assert numbers(after) == sorted([*before, *kept])
    finally:
        after.close()
