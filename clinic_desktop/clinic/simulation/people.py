"""Invented people: names in three scripts, ages, phones, addresses, what they are allergic to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from clinic_desktop.clinic.patients.rules import BloodGroup, Gender
from clinic_desktop.clinic.simulation.catalogue import ScriptNames, names

T = TypeVar("T")

_SCRIPTS = (("latin", 80), ("devanagari", 12), ("arabic", 8))
_PHONE_STARTS = ("98220", "98230", "98500", "98600", "99220", "99750", "97640", "96570", "95520", "94220")
_BLOOD = ((BloodGroup.B_POSITIVE, 32), (BloodGroup.O_POSITIVE, 29), (BloodGroup.A_POSITIVE, 21), (BloodGroup.AB_POSITIVE, 8),
          (BloodGroup.O_NEGATIVE, 4), (BloodGroup.B_NEGATIVE, 3), (BloodGroup.A_NEGATIVE, 2), (BloodGroup.AB_NEGATIVE, 1))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to register: the parameters of ``register_patient`` without key and clinic."""

    details: dict[str, Any]
    age: int

    def with_phone(self, phone: str | None) -> Person:
        """The same person with another number."""
        return Person({**self.details, "phone": phone}, self.age)


def weighted(rng: Random, choices: Sequence[tuple[T, int]]) -> T:
    """One of several values, each as likely as its weight says."""
    return rng.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


def phone_number(rng: Random) -> str:
    """A mobile number as people say it."""
    return f"{rng.choice(_PHONE_STARTS)}{rng.randrange(100_000):05d}"


def invent(rng: Random, today: date, *, child: bool | None = None) -> Person:
    """Someone who lives nearby; ``child`` says whether under sixteen, None leaves it open."""
    book = names()
    script: ScriptNames = getattr(book, weighted(rng, _SCRIPTS))
    gender = rng.choice((Gender.MALE, Gender.FEMALE))
    age = _age(rng, child)
    born = today - timedelta(days=age * 365 + age // 4 + rng.randrange(300))
    area, postal_code = rng.choice(book.areas)
    details: dict[str, Any] = {
        "first_name": rng.choice(script.male if gender is Gender.MALE else script.female),
        "last_name": rng.choice(script.last),
        "gender": gender,
        "phone": phone_number(rng),
        "blood_group": weighted(rng, _BLOOD) if rng.random() < 0.7 else None,
        "address": f"{rng.randrange(1, 240)} {rng.choice(book.streets)}, {area}",
        "city": "Pune",
        "region": "Maharashtra",
        "postal_code": postal_code,
        "country": "IN",
        "allergies": rng.choice(book.allergies) if rng.random() < 0.12 else None,
        "medical_history": rng.choice(book.history) if age > 30 and rng.random() < 0.2 else None,
        "emergency_contact_name": f"{rng.choice(script.female)} {rng.choice(script.last)}" if rng.random() < 0.3 else None,
    }
    # Older people often know their age, not their birthday.
    details.update({"age_years": age} if age > 50 and rng.random() < 0.4 else {"date_of_birth": born})
    return Person(details, age)


def _age(rng: Random, child: bool | None) -> int:
    if child if child is not None else rng.random() < 0.2:
        return rng.randrange(1, 15)
    return weighted(rng, ((rng.randrange(17, 35), 40), (rng.randrange(35, 60), 40), (rng.randrange(60, 88), 20)))


def registered(person: Person, register: Callable[[Person], T], taken: type[Exception], rng: Random) -> T:
    """Register someone; a number that another family has already is corrected at the desk."""
    for _ in range(5):
        try:
            return register(person)
        except taken:
            person = person.with_phone(phone_number(rng))
    return register(person.with_phone(None))
