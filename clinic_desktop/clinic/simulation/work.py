"""Running commands as the people of a clinic do, with a stopwatch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from time import perf_counter
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.simulation.crew import Crew
from clinic_desktop.clinic.simulation.timeline import Agenda, SimulatedClock
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.security import Actor

P = ParamSpec("P")
R = TypeVar("R")


class Work:
    """One simulated day at work: its database, clock, agenda, chance and crew."""

    def __init__(self, database: Database, clock: SimulatedClock, agenda: Agenda, rng: Random, crew: Crew, day: date) -> None:
        self.database = database
        self.clock = clock
        self.agenda = agenda
        self.rng = rng
        self.crew = crew
        self.day = day
        self.durations: list[float] = []

    @property
    def clinic_id(self) -> UUID:
        """The clinic of the day."""
        return self.crew.clinic.id

    def run(self, actor: Actor, command: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a command in a transaction of its own, as a screen does; refusals count as work too."""
        started = perf_counter()
        try:
            return self.database.run(actor, command, *args, **kwargs)
        finally:
            self.durations.append(perf_counter() - started)
            self.clock.pass_by(1 + self.rng.random() * 4)

    def read(self, query: Callable[Concatenate[Session, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask a query in a read scope of its own."""
        with self.database.read() as session:
            return query(session, *args, **kwargs)

    def chance(self, likelihood: float) -> bool:
        """Whether something happens that is so likely."""
        return self.rng.random() < likelihood
