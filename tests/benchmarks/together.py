"""Twenty desks at once on one server."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.bench import POSTGRES, Bench
from tests.benchmarks.floors import Writes, floor_of
from tests.benchmarks.measuring import Figure, timed
from tests.benchmarks.people import standing
from tests.clinic.desks import FEW, TWENTY, Done, furnished, work_together
from tests.clinic.world import build_world

_ASKED_FOR = 190.0
"""Commands a second that the desks would give together, were there always something to do; some of the time there is not."""
_DAYLIKE = 20
"""With fewer journeys it is only tried whether all this works."""
_MORNING = 0.2
"""The part of the day in which each program says everything for the first time."""
_TYPICAL = [Writes(inserts=9, updates=3, size=200)]


def desks(bench: Bench) -> Iterator[Figure]:
    """A clinic day with everybody at work at the same time; the floor writes as many rows, alone."""
    if POSTGRES not in bench.engines:
        return
    crew = TWENTY if bench.journeys >= _DAYLIKE else FEW
    receptionists = sum(role == "receptionist" for role, _name in crew)
    with bench.migrated(POSTGRES, standing) as database:
        address = database.address.url.set(drivername="postgresql").render_as_string(hide_password=False)
        house = furnished(build_world(database), address, crew, patients=max(3, 5 * bench.journeys // receptionists))
        records = work_together(house, crew, commands_per_second=_ASKED_FOR, patience=120 + 5 * bench.journeys)
        if broken := [record.broke for record in records if record.broke]:
            raise RuntimeError(f"a desk broke down: {broken}")
        done = _while_patients_come([one for record in records for one in record.done])
        with floor_of(database) as floor:
            alone = tuple(timed(lambda: floor.write(_TYPICAL)) for _ in done)
    rate = len(done) / (max(one.began for one in done) - min(one.began for one in done))
    work = f"{len(crew)} desks at once"
    yield Figure("desks", f"{work}: a command", POSTGRES, tuple(one.took for one in done), alone)
    for kind in sorted({one.kind for one in done}):
        took = tuple(one.took for one in done if one.kind == kind)
        yield Figure("desks", f"{work}: {kind}", POSTGRES, took, alone[: len(took)])
    yield Figure("desk rate", f"{work}: commands", POSTGRES, (rate,), (1000 / (sum(alone) / len(alone)),), unit="/s")


def _while_patients_come(done: list[Done]) -> list[Done]:
    """Without the morning, and without the evening, when the last ones are seen and most have nothing to do."""
    first, last = min(one.began for one in done), max(one.began for one in done if one.kind == "register")
    return [one for one in done if first + _MORNING * (last - first) <= one.began <= last]
