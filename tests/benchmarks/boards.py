"""Today's list beside a long history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clinic_desktop.clinic.frontdesk import commands, queries
from tests.benchmarks.bench import SQLITE, Bench, statements
from tests.benchmarks.bulk import add_history
from tests.benchmarks.measuring import Figure, alternate
from tests.benchmarks.people import People, at_work, standing
from tests.conftest import START

_TODAY = 40
_FLOOR = """SELECT v.id, v.status, v.planned_at, p.full_name, p.patient_number, q.queue_number, a.booking_id
FROM visits v JOIN patients p ON p.id = v.patient_id
LEFT JOIN appointments a ON a.id = v.appointment_id LEFT JOIN appointment_queue q ON q.visit_id = v.id AND q.state <> 'VOID'
WHERE v.clinic_id = {mark} AND v.business_date = {mark} ORDER BY v.planned_at, v.id"""


def board(bench: Bench) -> Iterator[Figure]:
    """The day board of 40 patients, with a tenth of the history and with all of it."""
    for engine in bench.engines:
        with at_work(bench, engine) as people:
            for number in range(_TODAY):
                _arrive(people, number)
            for size in (bench.history // 10, bench.history):
                add_history(people.db, size)
                with statements(people.db) as sent:
                    assert _ours(people) == _TODAY
                ours, floor = _listed(bench, people, engine)
                yield Figure("board", "today's list of 40", engine, ours, floor, size=size, statements=len(sent))


def _arrive(people: People, number: int) -> None:
    """Every other patient has an appointment today, the others walk in."""
    if number % 2:
        people.run("receptionist", commands.book, **people.wish())
    else:
        people.walk_in()


def _listed(bench: Bench, people: People, engine: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    pooled = people.db.engine.raw_connection()
    cursor: Any = pooled.driver_connection.cursor()  # type: ignore[union-attr]
    is_sqlite, clinic = engine == SQLITE, people.world.clinic_id
    wanted = _FLOOR.format(mark="?" if is_sqlite else "%s")
    bound = (clinic.hex, START.date().isoformat()) if is_sqlite else (clinic, START.date())

    def floor() -> None:
        cursor.execute(wanted, bound)
        assert len(cursor.fetchall()) == _TODAY
        if not is_sqlite:
            cursor.connection.rollback()

    try:
        return alternate(bench.rounds, lambda _round: (lambda: _ours(people), floor))
    finally:
        pooled.close()


def _ours(people: People) -> int:
    with people.db.read() as session:
        return len(queries.day_board(session, clinic_id=people.world.clinic_id, day=standing().date()))
