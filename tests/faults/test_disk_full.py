"""A disk that is full, a real one of a few megabytes: a clear word, nothing half-written, and work goes on when there is room."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import MEMORY, running_postgres, unprivileged

TOLD = [
    "refused disk_full",
    "said The disk is full, so nothing can be saved. Free some space and try again; your input is kept.",
    "no room for a file True",
    "nothing half True",
    "files again True",
    "works again True",
]


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 40 MB where the server's account may go too; who may not mount one cannot run these tests."""
    place = Path(tempfile.mkdtemp(prefix="clinic-small-disk-", dir=MEMORY))
    place.chmod(0o755)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m,mode=0755", "none", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
    place.rmdir()


def story(url: str, ballast: Path) -> list[str]:
    command = [sys.executable, "-m", "tests.faults.full_child", url, str(ballast)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    return told.stdout.splitlines()


def test_a_full_disk_under_the_file(small_disk: Path) -> None:
    assert story(f"sqlcipher:///{small_disk}/clinic.db", small_disk / "film") == TOLD


def test_a_full_disk_under_the_server(small_disk: Path) -> None:
    account = unprivileged()
    store = small_disk / "tables"
    store.mkdir()
    if account:
        os.chown(store, account["user"], account["group"])
    # A server of its own: while a disk is full no checkpoint succeeds, and no other test could make a database.
    with running_postgres() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE full_disk LOCATION '{store}'")
            connection.execute("CREATE DATABASE full_disk TABLESPACE full_disk")
        told = story(server.rsplit("/", 1)[0] + "/full_disk", small_disk / "film")
    assert told == TOLD
