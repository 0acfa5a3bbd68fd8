"""A process with the program in memory that forks a worker for each line it is told: a worker to be killed costs no start-up.

Told on standard input: ``task url argument…``, quoted as in a shell. Each worker says ``pid N`` first, and then what it has on record.
"""

from __future__ import annotations

import itertools
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.organisation.queries import clinics
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.privacy.retention.running import run_retention
from clinic_desktop.clinic.simulation.day import simulate_day
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.kernel.security import Actor
from tests.databases import PASSPHRASE
from tests.faults.saying import say
from tests.kernel.backup.restore_child import restore_and_die
from tests.kernel.rekey_child import rekey_and_die
from tests.sync.killed_child import desk, one_turn, serve


def head_of(database: Database) -> tuple[int, str]:
    """Sequence and hash of the newest change set."""
    with database.read() as session:
        seq, digest = session.execute(select(JournalHead.seq, JournalHead.hash)).one()
    return seq, bytes(digest).hex()


def opened(url: str) -> Database:
    """The database, with the passphrase where it needs one."""
    return Database.open(url, passphrase=PASSPHRASE if url.startswith("sqlcipher") else None)


def play(url: str, day: str, seed: str, patients: str) -> None:
    """Live a clinic day and acknowledge each commit once it has returned."""
    database = opened(url)
    database.subscribe(lambda _events: say("ack {} {}".format(*head_of(database))))
    simulate_day(database, patients=int(patients), seed=int(seed), day=date.fromisoformat(day))
    say("done")


def migrate(url: str) -> None:
    """Bring the database up to date."""
    database = opened(url)
    say("begun")
    upgrade(database)
    say("done")


def register(url: str, name: str, count: str) -> None:
    """Register patients one after the other."""
    for _ in itertools.islice(registering(opened(url), name), int(count)):
        pass
    say("done")


def outlast(url: str, name: str, count: str) -> None:
    """Register patients until the database has once not answered, the one that had to wait, and so many more."""
    one_by_one = registering(opened(url), name)
    while not next(one_by_one):
        pass
    for _ in range(int(count)):
        next(one_by_one)
    say("done")


def registering(database: Database, name: str) -> Iterator[bool]:
    """Register one after the other, and tell whether it had to wait; while the database does not answer, ask again with the same key."""
    with database.read() as session:
        clinic_id = clinics(session)[0].id
    for number in itertools.count():
        key, had_to_wait = new_id(), False
        details = {"first_name": f"{name} {number}", "gender": Gender.FEMALE, "age_years": 40}
        while True:
            try:
                row = database.run(Actor.system("fault"), register_patient, key=key, clinic_id=clinic_id, **details)
                break
            except DatabaseUnavailable as refusal:
                say(f"refused {refusal.params['reason']}")
                had_to_wait = True
                time.sleep(0.05)
        say(f"kept {row.patient_number}")
        yield had_to_wait


def retain(url: str, folder: str, day: str) -> None:
    """Archive what is old on a day, and say each step."""
    today = date.fromisoformat(day)
    database = Database.open(url, clock=lambda: datetime(today.year, today.month, today.day, 6, tzinfo=UTC))
    run_retention(database, Actor.system("child"), Path(folder), today=today, progress=lambda _done, _total, label: say(label))
    say("done")


TASKS: dict[str, Callable[..., None]] = {
    "retain": retain,
    "play": play,
    "migrate": migrate,
    "register": register,
    "outlast": outlast,
    "rekey": rekey_and_die,
    "restore": restore_and_die,
    "central": serve,
    "site": one_turn,
    "desk": desk,
}


def main() -> None:
    """Fork a worker for each line until there are no more."""
    load_departments()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    say("ready")
    for line in sys.stdin:
        task, *arguments = shlex.split(line)
        if os.fork() == 0:
            say(f"pid {os.getpid()}")  # before anything else that it says
            TASKS[task](*arguments)
            os._exit(0)


if __name__ == "__main__":
    main()
