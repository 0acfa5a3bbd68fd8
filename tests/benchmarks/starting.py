"""From the start of the process to a login that can be used, and what it keeps in memory; a fresh database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.migrations import upgrade
from tests.benchmarks.bench import PASSPHRASE, POSTGRES, SQLITE, Bench
from tests.benchmarks.measuring import Action, Figure, alternate
from tests.benchmarks.people import standing
from tests.clinic.world import build_world

Ready = Callable[[], Action]


def start(bench: Bench) -> Iterator[Figure]:
    """A warm disk, an encrypted database and the passphrase at hand; the floor is a bare window."""
    rounds = max(1, min(bench.rounds // 5, 10))
    warming = min(1, bench.rounds - 1)  # the first of each only warms the disk
    with bench.address(SQLITE) as address:
        database = Database.open(address, passphrase=PASSPHRASE, clock=standing)
        upgrade(database)
        build_world(database)
        database.close()
        pairs = [(_child("login_child", address), _child("bare_child")) for _ in range(warming + rounds)][warming:]
    seconds = tuple(ours[0] for ours, _ in pairs), tuple(bare[0] for _, bare in pairs)
    memory = tuple(ours[1] for ours, _ in pairs), tuple(bare[1] for _, bare in pairs)
    yield Figure("start", "process start to usable login", SQLITE, *seconds, unit="s")
    if all(memory[0]):
        yield Figure("memory", "memory at login", SQLITE, *memory, unit="MB")


def child_settings() -> dict[str, Any]:
    """What a child process with windows needs where there is no screen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CLINIC_PASSPHRASE": PASSPHRASE}
    return {"env": environment, "cwd": Path(__file__).resolve().parents[2], "text": True}


def _child(module: str, *arguments: str) -> tuple[float, float]:
    """Seconds until the child has painted, and the megabytes that it holds once it is idle."""
    began = perf_counter()
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **child_settings()) as child:
        assert child.stdout is not None
        if child.stdout.readline() != "painted\n":
            raise RuntimeError(f"{module} painted nothing")
        seconds = perf_counter() - began
        megabytes = json.loads(child.stdout.readline())
    if child.returncode:
        raise RuntimeError(f"{module} ended with {child.returncode}")
    return seconds, megabytes


def fresh(bench: Bench) -> Iterator[Figure]:
    """An empty database brought up to date; the floor runs the same tables as bare DDL, or lets the server copy them."""
    for engine in bench.engines:
        with ExitStack() as kept:
            model = kept.enter_context(bench.migrated(engine, standing))
            floor = _ddl_floor(bench, kept, model) if engine == SQLITE else _copy_floor(bench, kept, model)

            def ready(_round: int, engine: str = engine, floor: Ready = floor, kept: ExitStack = kept) -> tuple[Action, Action]:
                database = kept.enter_context(bench.empty(engine, standing))
                return lambda: upgrade(database), floor()

            ours, raw = alternate(max(1, min(bench.rounds // 5, 10)), ready)
        seconds = tuple(ms / 1000 for ms in ours), tuple(ms / 1000 for ms in raw)
        yield Figure("fresh", "fresh database, migrated", engine, *seconds, unit="s")


def _copy_floor(bench: Bench, kept: ExitStack, model: Database) -> Ready:
    name = model.address.url.database or ""
    model.close()  # a database that is copied must have no connection
    return lambda: lambda: kept.enter_context(bench.address(POSTGRES, template=name))


def _ddl_floor(bench: Bench, kept: ExitStack, model: Database) -> Ready:
    ddl = _ddl(model)

    def ready() -> Action:
        file = kept.enter_context(bench.address(SQLITE)).removeprefix("sqlcipher:///")
        return lambda: _build(file, ddl)

    return ready


def _ddl(model: Database) -> list[str]:
    made_by_search = "name NOT LIKE 'patient_search_%' OR type = 'trigger'"
    wanted = text(f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND ({made_by_search}) AND name NOT LIKE 'sqlite_%'")
    with model.engine.connect() as connection:
        return list(connection.execute(wanted).scalars())


def _build(file: str, ddl: list[str]) -> None:
    connection = sqlcipher.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{'00' * 32}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    for statement in ddl:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.close()
