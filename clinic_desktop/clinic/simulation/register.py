"""The demo clinic's patients, registered over the past year as a reception does: a few every working day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.simulation.house import TIMEZONE, House
from clinic_desktop.clinic.simulation.people import Person, invent, phone_number
from clinic_desktop.clinic.simulation.timeline import HandClock
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.kernel.ids import new_id

_FAMILY = 0.06
"""How many share a number with someone registered before."""
_MOST_TOGETHER = 40


class Register:
    """Registers invented people, in transactions of one day's worth each."""

    def __init__(self, house: House, rng: Random, clock: HandClock) -> None:
        self._house = house
        self._rng = rng
        self._clock = clock
        self._reception = house.actor("reception")
        self._phones: dict[str, UUID] = {}

    def fill(self, count: int, first: date, last: date, tell: Callable[[int], None]) -> None:
        """Register so many people between two days."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        working = [day for day in days if day.weekday() < 6]
        done = 0
        for position, day in enumerate(working):
            wanted = count * (position + 1) // len(working)
            while done < wanted:
                together = min(wanted - done, _MOST_TOGETHER)
                self._clock.set(_some_time(day, done))
                self._register(together, day)
                done += together
                tell(done)

    def _register(self, together: int, day: date) -> None:
        with self._house.database.write(self._reception) as tx:
            for _ in range(together):
                details = self._with_own_phone(invent(self._rng, day))
                row = patients.register_patient(tx, key=new_id(), clinic_id=self._house.clinic_id, **details)
                if details.get("phone") and "phone_owner_id" not in details:
                    self._phones[details["phone"]] = row.id

    def _with_own_phone(self, person: Person) -> dict[str, Any]:
        """A number that nobody has, or openly the number of the family."""
        rng = self._rng
        if self._phones and rng.random() < _FAMILY:
            phone = rng.choice(list(self._phones))
            return {**person.details, "phone": phone, "phone_owner_id": self._phones[phone]}
        phone = person.details["phone"]
        while phone in self._phones:
            phone = phone_number(rng)
        return {**person.details, "phone": phone if rng.random() < 0.96 else None}


def _some_time(day: date, done: int) -> datetime:
    return local_instant(day, time(9 + done % 8, done * 7 % 60), TIMEZONE)
