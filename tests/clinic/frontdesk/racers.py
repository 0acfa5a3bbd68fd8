"""What the racing connections of test_races run: threads here, and whole processes that import this file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.security import Actor
from tests.clinic.processes import ready_processes


def at_once(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start every action at the same instant in a thread of its own; answers, or the refusals that came instead."""
    barrier, answers = threading.Barrier(len(actions)), [None] * len(actions)

    def run(index: int) -> None:
        barrier.wait(30)
        try:
            answers[index] = actions[index]()
        except Exception as refusal:
            answers[index] = refusal

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


class Desks:
    """Two workstations: whole processes with connections of their own, that wait for what to do next."""

    def __init__(self) -> None:
        context = ready_processes()
        pairs = [context.Pipe() for _desk in range(2)]
        self._lines = [ours for ours, _theirs in pairs]
        self._processes = [context.Process(target=_work, args=(theirs,)) for _ours, theirs in pairs]
        for process in self._processes:
            process.start()

    def open(self, address: str, now: datetime) -> None:
        """Let both open a database."""
        self._ask([(address, now)] * 2)

    def race(self, actor: Actor, *wishes: tuple[str, dict[str, Any]]) -> list[str]:
        """Let each run its command at the same instant; ``done``, or the code of the refusal."""
        start = time.monotonic() + 0.01  # one clock for all processes of a computer
        return self._ask([(start, actor, *wish) for wish in wishes])

    def close(self) -> None:
        """Let both leave the database."""
        self._ask([()] * 2)

    def end(self) -> None:
        """Send both home."""
        for line, process in zip(self._lines, self._processes, strict=True):
            line.send(None)
            process.join(30)

    def _ask(self, messages: list[Any]) -> list[str]:
        for line, message in zip(self._lines, messages, strict=True):
            line.send(message)
        answers = []
        for line in self._lines:
            assert line.poll(60), "a desk does not answer"
            answers.append(line.recv())
        return answers


def _work(line: Any) -> None:
    load_departments()
    db: Database | None = None
    while (message := line.recv()) is not None:
        if len(message) == 4:
            assert db is not None
            line.send(_run(db, *message))
            continue
        if db is not None:
            db.close()
            db = None
        if message:
            address, now = message
            db = Database.open(address, clock=lambda now=now: now)
        line.send("ready")


def _run(db: Database, start: float, actor: Actor, name: str, params: dict[str, Any]) -> str:
    while time.monotonic() < start:
        pass
    try:
        db.run(actor, getattr(commands, name), **params)
    except ClinicError as refusal:
        return refusal.code
    return "done"
