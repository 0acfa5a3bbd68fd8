"""Records of one person: the look over the whole register, and the candidates that stand beside a form while it is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from sqlalchemy import delete, select

from clinic_desktop.clinic.patients.looking import look_for_duplicates
from clinic_desktop.clinic.patients.models import Patient, PatientDuplicate
from clinic_desktop.clinic.patients.queries import similar
from clinic_desktop.clinic.patients.queries.records import ROW_COLUMNS
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from tests.benchmarks.bench import Bench
from tests.benchmarks.bulk import register_of, writing
from tests.benchmarks.measuring import Action, Figure, alternate, timed

_MEMORY = Path("/proc/self/statm")
_PAGE_SIZE = 4096


def duplicates(bench: Bench) -> Iterator[Figure]:
    """Look a register over, and fill in forms beside it."""
    for engine in bench.engines:
        for size in sorted(bench.patients):
            with register_of(bench, engine, size) as database:
                yield from _looked_over(database, engine, size)
                typed = _typed(bench, database)
            yield Figure("similar", "candidates beside a form as one types", engine, *typed, size=size)


def _looked_over(database: Database, engine: str, size: int) -> Iterator[Figure]:
    _forget(database)
    memory = [_resident()]
    reached = [perf_counter()]

    def progress(_percent: int) -> None:
        reached.append(perf_counter())
        memory.append(_resident())

    seconds = timed(lambda: look_for_duplicates(database, Actor.system(), progress)) / 1000
    reached.append(perf_counter())
    floor, megabytes = _read_all(database)
    _forget(database)
    waits = [(after - before) * 1000 for before, after in pairwise(reached)]
    yield Figure("duplicates", "look the whole register over for duplicates", engine, (seconds,), (floor,), size=size, unit="s")
    yield Figure("duplicates stop", "… longest until a stop is heard", engine, (max(waits),), (floor * 1000,), size=size)
    yield Figure("duplicates memory", "… by which the process grew", engine, (max(memory) - memory[0],), (megabytes,), size=size, unit="MB")


def _read_all(database: Database) -> tuple[float, float]:
    """Seconds to read of everybody what is compared, and do nothing with it; and how many MB of text that is."""
    began, letters = perf_counter(), 0
    with database.read() as session:
        for row in session.execute(select(*ROW_COLUMNS).execution_options(yield_per=500)):
            letters += sum(len(value) for value in row if isinstance(value, str))
    return perf_counter() - began, letters / 1_000_000


def _forget(database: Database) -> None:
    """The register is kept for the next run: it begins without pairs."""
    with writing(database) as connection:
        connection.execute(delete(PatientDuplicate))


def _resident() -> float:
    """MB that this process holds; 0 where the system does not say.

    Python keeps what it had: of several runs in one process only the first says how much one takes.
    """
    with suppress(OSError):
        return int(_MEMORY.read_text(encoding="ascii").split()[1]) * _PAGE_SIZE / 1_000_000
    return 0.0


def _typed(bench: Bench, database: Database) -> tuple[tuple[float, ...], tuple[float, ...]]:
    forms = _forms(database, bench.rounds)

    def ready(number: int) -> tuple[Action, Action]:
        form = forms[number % len(forms)]
        return lambda: _ours(database, form), lambda: _floor(database, form)

    return alternate(bench.rounds, ready)


def _ours(database: Database, form: dict[str, Any]) -> int:
    with database.read() as session:
        return len(similar(session, **form))


def _floor(database: Database, form: dict[str, Any]) -> int:
    """Whoever has the same birth date or the same name, by their indexes."""
    where = Patient.date_of_birth == form["date_of_birth"] if "date_of_birth" in form else Patient.first_name == form["first_name"]
    with database.read() as session:
        return len(session.execute(select(*ROW_COLUMNS).where(where).limit(60)).all())


def _forms(database: Database, count: int) -> list[dict[str, Any]]:
    """Forms on the way: a name, then the sex, then the birth date, then the phone, of somebody who is registered."""
    with database.read() as session:
        columns = (Patient.first_name, Patient.last_name, Patient.gender, Patient.date_of_birth, Patient.phone)
        found = session.execute(select(*columns).order_by(Patient.id).limit(4_000)).all()
    rng, forms = Random(4), list[dict[str, Any]]()
    while len(forms) < count:
        first, last, gender, born, phone = rng.choice(found)
        form: dict[str, Any] = {"first_name": first, "last_name": last}
        forms.append(dict(form))
        for more in ({"gender": gender}, {"date_of_birth": born or date(1980, 1, 1)}, {"phone": phone}):
            form |= more
            forms.append(dict(form))
    return forms[:count]
