"""What the racing connections of test_races run: threads here, and whole processes that import this file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.security import Actor


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


def book_in_a_process(address: str, now: datetime, actor: Actor, wish: dict[str, Any], barrier: Any, answers: Any) -> None:
    """Another workstation: its own process, its own connection."""
    load_departments()
    db = Database.open(address, clock=lambda: now)
    barrier.wait(60)
    try:
        answers.put(("booked", db.run(actor, commands.book, **wish).booking_id))
    except ClinicError as refusal:
        answers.put((refusal.code, None))
    finally:
        db.close()
