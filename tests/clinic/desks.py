"""Many desks on one database at once, each a process of its own with its own connections, and what came of their day.

They meet on purpose: the same places are booked, the same tickets called, the same prescriptions dispensed from the same
batches, and two cashiers take money for one invoice. Who comes second is refused; nothing else may go wrong.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from queue import Empty
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access.queries import actor_of, users
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.queries import cashier_worklist
from clinic_desktop.clinic.billing.rules import InvoiceStatus, PaymentMethod, Tender
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.queries import free_slots
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.clinic.pharmacy.queries import worklist
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import line
from tests.clinic.processes import ready_processes
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World, money
from tests.conftest import START

Crew = Sequence[tuple[str, str]]
"""Everybody by role and username."""


def _crew(**of: int) -> Crew:
    """So many of each role; half of the doctors' desks belong to each doctor, and each cashier has a till of their own."""
    doctors, others = ("doctor", "doctor2"), {role: count for role, count in of.items() if role != "doctor"}
    numbered = [(role, role if role != "cashier" or n == 0 else f"cashier{n + 1}") for role, count in others.items() for n in range(count)]
    return [*numbered, *(("doctor", doctors[n % 2]) for n in range(of["doctor"]))]


FEW = _crew(receptionist=2, doctor=2, pharmacist=2, cashier=2)
TWENTY = _crew(receptionist=5, doctor=9, pharmacist=2, cashier=4)
_LOOK_AGAIN = 0.5
"""Seconds in which somebody who has nothing to do notices that there is something."""
_NEAREST = 3
"""How many of what is next on a list people reach for: the fewer, the more often two of them take the same."""


@dataclass(frozen=True, slots=True)
class House:
    """Where the desks work: ids only, as it is handed to other processes."""

    address: str
    clinic_id: UUID
    doctors: tuple[UUID, ...]
    service_id: UUID
    location_id: UUID
    medicines: tuple[UUID, ...]
    opened: float
    patients: int
    """How many come to each receptionist."""


@dataclass(frozen=True, slots=True)
class Done:
    """One command: when it began, how long it took in milliseconds, and the code of its refusal if it was refused."""

    kind: str
    began: float
    took: float
    refusal: str | None
    cpu: float
    """Seconds of processor time that the desk had used when it was over."""


@dataclass(slots=True)
class Record:
    """What one desk did, and what it was told that it had done."""

    done: list[Done] = field(default_factory=list)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    paid: int = 0
    ran_again: Counter[str] = field(default_factory=Counter)
    heard: int = 0
    broke: str | None = None


class _Again(logging.Handler):
    """Counts the commands that the engine had run again, by its reason."""

    def __init__(self, counted: Counter[str]) -> None:
        super().__init__()
        self._counted = counted

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "command runs again after %s":
            self._counted[str(record.args[0] if isinstance(record.args, tuple) else "")] += 1


class Desk:
    """One person at one computer, at a steady pace."""

    def __init__(self, house: House, username: str, seed: int, pause: float, record: Record) -> None:
        self.house, self.record, self.rng = house, record, random.Random(seed)
        self.db = Database.open(house.address, clock=lambda: START + timedelta(seconds=time.time() - house.opened))
        self._pause, self._due = pause, time.monotonic() + self.rng.random() * pause
        with self.db.read() as session:
            user_id = next(one.id for one in users(session) if one.username == username)
            self.actor = actor_of(session, user_id, clinic_id=house.clinic_id)
        self.number = 0
        self.db.subscribe(self._hear)
        self.db.follow()

    @property
    def day(self) -> Any:
        return START.date()

    def _hear(self, _events: list[object]) -> None:
        self.record.heard += 1

    def wait(self) -> None:
        """Until it is time for the next act; who was held up does not hurry for ever."""
        time.sleep(max(0.0, self._due - time.monotonic()))
        self._due = max(self._due + self._pause, time.monotonic() - 5 * self._pause)

    def rest(self) -> None:
        """There is nothing to do: look again in a moment, as a screen that hears of others' work does."""
        time.sleep(max(self._pause, _LOOK_AGAIN))

    def do(self, kind: str, command: Callable[..., Any], **params: Any) -> Any:
        """Run a command when it is time for it; None when it was refused."""
        self.wait()
        if getattr(command, "idempotent", False):
            params["key"] = new_id()
        began, refusal = time.monotonic(), None
        try:
            return self.db.run(self.actor, command, **params)
        except ClinicError as error:
            refusal = error.code
            return None
        finally:
            took = (time.monotonic() - began) * 1000
            self.record.done.append(Done(kind, began, took, refusal, time.process_time()))

    def read(self, query: Callable[..., Any], *args: Any, **params: Any) -> Any:
        """Look at a list, as the screens do."""
        with self.db.read(self.actor) as session:
            return query(session, *args, **params)

    def keep(self, kind: str, number: object) -> None:
        """What a person was told must be there in the evening."""
        self.record.numbers.setdefault(kind, []).append(str(number))

    def reach_for(self, waiting: Sequence[Any]) -> Any:
        """One of the nearest on a list; None when it is empty."""
        return self.rng.choice(waiting[:_NEAREST]) if waiting else None


def reception(desk: Desk) -> bool:
    """Register somebody, and book the next place or give a number; so many patients come and no more."""
    house = desk.house
    if desk.number == house.patients:
        return False
    desk.number += 1
    details = {"first_name": f"Asha {desk.number}", "last_name": desk.actor.name, "gender": Gender.FEMALE, "age_years": 40}
    patient = desk.do("register", patients.register_patient, clinic_id=house.clinic_id, **details)
    if patient is None:
        return True
    desk.keep("patient", patient.patient_number)
    doctor_id = desk.rng.choice(house.doctors)
    whom = {"clinic_id": house.clinic_id, "doctor_id": doctor_id, "patient_id": patient.id, "service_id": house.service_id}
    if desk.rng.random() < 0.4:
        day = desk.day + timedelta(days=1 + desk.number // 4 % 10)
        slots = desk.read(free_slots, clinic_id=house.clinic_id, doctor_id=doctor_id, day=day, now=desk.db.clock(), minutes=15)
        place = desk.reach_for([one for one in slots if one.is_free])
        booked = desk.do("book", frontdesk.book, start=place.start, **whom) if place is not None else None
        if booked is not None:
            desk.keep("booking", booked.booking_id)
            if booked.queue_number is not None:
                desk.keep("ticket", f"{doctor_id} {day} {booked.queue_number}")
            return True
    arrived = desk.do("walk in", frontdesk.walk_in, **whom)
    if arrived is not None:
        desk.keep("ticket", f"{doctor_id} {desk.day} {arrived.queue_number}")
    return True


def room(desk: Desk) -> bool:
    """See the next patient, and prescribe."""
    house = desk.house
    doctor_id = house.doctors[0 if desk.actor.name == "Doctor One" else 1]
    ticket = desk.do("call next", frontdesk.call_next, clinic_id=house.clinic_id, doctor_id=doctor_id, room="1")
    if ticket is None:
        desk.rest()
        return False
    desk.keep("called", ticket.visit_id)
    visit = {"visit_id": ticket.visit_id}
    desk.do("begin", frontdesk.start_consultation, **visit)
    desk.do("note", clinical.save_consultation, complaint="Fever for two days", **visit)
    items = tuple(line(medicine_id) for medicine_id in house.medicines)
    written = desk.do("prescribe", clinical.write_prescription, items=items, **visit)
    if written is not None:
        desk.do("sign", clinical.sign_consultation, **visit)
    return True


def counter(desk: Desk) -> bool:
    """Hand out what one of the next prescriptions asks for."""
    house = desk.house
    one = desk.reach_for(desk.read(worklist, house.clinic_id, desk.day, location_id=house.location_id))
    if one is None:
        desk.rest()
        return False
    wanted = {"prescription_id": one.prescription.id, "location_id": house.location_id}
    handed = desk.do("dispense", pharmacy.dispense, **wanted)
    if handed is not None:
        desk.keep("dispensed", handed.dispensing_id)
    return True


def till(desk: Desk) -> bool:
    """Take the money for one of the next invoices."""
    due = desk.reach_for(desk.read(cashier_worklist, desk.house.clinic_id, desk.day))
    if due is None:
        desk.rest()
        return False
    if due.status is InvoiceStatus.DRAFT:
        desk.do("issue", billing.issue_invoice, invoice_id=due.id)
        return True
    taken = desk.do("pay", billing.take_payment, invoice_id=due.id, tenders=[Tender(PaymentMethod.CASH, due.balance)])
    if taken is not None:
        desk.keep("receipt", taken.receipt_number)
        desk.record.paid += taken.paid.minor
    return True


_WORK: dict[str, Callable[[Desk], bool]] = {"receptionist": reception, "doctor": room, "pharmacist": counter, "cashier": till}
"""What each role does in turn, in the order in which patients come by; False: there was nothing to do."""


def furnished(world: World, address: str, crew: Crew, *, patients: int) -> House:
    """Fill the shelf, and open a till for each cashier of the crew; so many patients come to each receptionist."""
    shelf, medicines = Shelf.open(world), []
    for name in ("Paracetamol 500", "Amoxicillin 250", "Cetirizine 10"):
        medicine_id, item_id = shelf.medicine(name, tax_configuration_id=world.taxes["GST 5 %"])
        for number, units in (("B1", 25), ("B2", 35), ("B3", 45), ("B4", 900_000)):  # the small ones run out under people's hands
            shelf.receive(item_id, units, number=number)
        medicines.append(medicine_id)
    for name in [name for role, name in crew if role == "cashier"]:
        if name not in world.users:
            world.users[name] = world.db.run(world.system(), access.create_user, username=name, full_name=name.title(), roles=("cashier",))
        world.db.run(world.actor(name), billing.open_till, key=new_id(), clinic_id=world.clinic_id, opening_float=money(1000))
    doctors = tuple(world.doctors[: len({name for role, name in crew if role == "doctor"})])
    return House(address, world.clinic_id, doctors, world.services["CONS"], shelf.location_id, tuple(medicines), time.time(), patients)


def _sit(house: House, role: str, username: str, seed: int, pause: float, day: _Day, records: Any) -> None:
    record = Record()
    try:
        log = logging.getLogger("clinic_desktop.kernel.db")
        log.setLevel(logging.INFO)
        log.addHandler(_Again(record.ran_again))
        desk = Desk(house, username, seed, pause, record)
        day.begin.wait(60)
        is_last = has_work = False
        while has_work or not is_last:
            is_last = day.is_over_before(role)
            has_work = _WORK[role](desk)
        day.end(role)
        desk.db.close()
    except BaseException as error:
        record.broke = f"{username}: {type(error).__name__}: {error}"
        raise
    finally:
        records.put(record)


class _Day:
    """Who is still at work: a desk goes home when those before it have gone and nothing is left to do."""

    def __init__(self, context: ForkServerContext, crew: Crew) -> None:
        self.begin = context.Barrier(len(crew))
        self._there = {role: context.Value("i", sum(one == role for one, _name in crew)) for role in _WORK}

    def is_over_before(self, role: str) -> bool:
        before = list(_WORK)[: list(_WORK).index(role)]
        return all(self._there[one].value == 0 for one in before)

    def end(self, role: str) -> None:
        with self._there[role].get_lock():
            self._there[role].value -= 1


def work_together(house: House, crew: Crew, *, commands_per_second: float, patience: float = 180) -> list[Record]:
    """Let a crew work side by side until nobody has anything left to do; what each of them did. ``inf``: nobody ever pauses."""
    context = ready_processes()
    day, records = _Day(context, crew), context.Queue()
    pause = len(crew) / commands_per_second
    parts = [(house, role, name, seed, pause, day, records) for seed, (role, name) in enumerate(crew)]
    desks = [context.Process(target=_sit, args=part, daemon=True) for part in parts]
    for one in desks:
        one.start()
    try:
        found = [records.get(timeout=patience) for _ in crew]
    except Empty:
        raise AssertionError(f"desks without an answer: {[one.exitcode for one in desks]}") from None
    for one in desks:
        one.join(30)
    return found
