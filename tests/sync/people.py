"""What the people of simulated sites do: each thing is a transaction of its own, and what was acknowledged is remembered."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.combining import FIELDS as COMBINED
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier, WalletTransaction
from clinic_desktop.clinic.patients.queries.known_as import known_as
from clinic_desktop.clinic.patients.rules import CardRefused, Gender, MergeRefused, WalletKind
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.ids import id_of, new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from tests.sync.troubled import Place, Wrote

FIELDS = ("remarks", "city", "allergies", "date_of_birth", "national_id")
"""Two that the later write decides, one of a record, and two of which a person decides."""
BEGINS = datetime.fromisoformat("2026-03-02T03:30:00+00:00")
SYSTEM = Actor.system()
_WORK = {"edit": 120, "rename": 10, "print_card": 16, "pay_in": 20, "identify": 10, "register": 1}
"""How often who works without a word to central does what."""
_TODAY = 8
"""With so many patients a busy site has to do."""
_NUMBERS = 20
"""Of another system: few, so that sites give the same one to two people."""


@dataclass(slots=True)
class Desk:
    """The people of one site at work, and what they have before them: read as they begin, and nobody else writes there meanwhile."""

    place: Place
    me: UUID
    seq: int
    """The newest change set."""
    people: list[UUID]
    cards: list[UUID]
    numbers: dict[UUID, set[str]]
    """What other systems call somebody."""
    merges: list[UUID]
    """Merges that stand. Records that were merged are not among the people: nobody opens them here any more."""
    opened: dict[UUID, Patient] = field(default_factory=dict)
    wallets: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    """The last number and the balance of each wallet."""
    words: dict[UUID, list[str]] = field(default_factory=dict)
    """By what else somebody is found, as far as it was asked for since a number was last given or taken."""

    def patient(self, tx: Tx, key: UUID) -> Patient:
        """A record: read once, and written again and again, as on a screen that stays open."""
        row = self.opened.get(key)
        if row is None:
            row = self.opened[key] = tx.session.get_one(Patient, key)
        else:
            tx.session.add(row)
        return row

    def wallet(self, tx: Tx, key: UUID) -> tuple[int, int]:
        """The last number of a wallet here, and its balance."""
        if key not in self.wallets:
            mine = (WalletTransaction.patient_id == key, WalletTransaction.clinic_id == self.place.clinic_id)
            last = tx.session.scalars(select(WalletTransaction).where(*mine).order_by(WalletTransaction.sequence.desc()).limit(1)).first()
            self.wallets[key] = (last.sequence, last.balance_after.minor) if last is not None else (0, 0)
        return self.wallets[key]

    def known_as(self, tx: Tx, key: UUID) -> list[str]:
        """By what else somebody is found: what merged records were found by, too, where there are any."""
        if not self.merges:
            return sorted(self.numbers.get(key, ()))
        if key not in self.words:
            self.words[key] = known_as(tx.session, [key]).get(key, [])
        return self.words[key]


def at_desk(place: Place) -> Desk:
    """Begin to work at a site."""
    with closing(place.database.engine.raw_connection()) as connection:
        ask = connection.cursor().execute
        ((me, seq),) = ask("SELECT i.database_id, h.seq FROM journal_head h CROSS JOIN database_identity i").fetchall()
        people = [UUID(key) for (key,) in ask("SELECT id FROM patients WHERE merged_into_id IS NULL ORDER BY id")]
        merges = [UUID(key) for (key,) in ask("SELECT id FROM patient_merges WHERE undone_at IS NULL ORDER BY id")]
        cards = [UUID(key) for (key,) in ask("SELECT id FROM id_cards ORDER BY id")]
        numbers: dict[UUID, set[str]] = {}
        for key, value in ask("SELECT patient_id, value FROM patient_identifiers"):
            numbers.setdefault(UUID(key), set()).add(value)
    return Desk(place, UUID(me), seq, people, cards, numbers, merges)


@dataclass
class People:
    """The chain and its people, and beside them what must come of everything that was done."""

    folder: Path
    central: Database
    places: list[Place]
    now: datetime = BEGINS
    count: int = 0
    spread: int = 0
    """By how many days each who comes is younger than the one before: who was born on one day may be one person, to look at."""
    wrote: list[Wrote] = field(default_factory=list)
    money: list[tuple[Wrote, int]] = field(default_factory=list)
    prints: list[tuple[Wrote, UUID]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    """How often each thing happened that did: a command that was acknowledged, a round, something that went wrong."""
    done: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many things happened."""
        return self.happened.total()

    def busy(self, at: int, seed: int, many: int) -> None:
        """A site works without a word to central: so many things are done, and each is a step."""
        place, rng = self._place(at), Random(seed)
        if not place.is_open:
            return
        desk, before = at_desk(place), self.steps
        today = rng.randrange(1 << 20)
        while self.steps < before + many:
            (what,) = rng.choices(tuple(_WORK), tuple(_WORK.values()))
            self._tick(1 + rng.randrange(20))
            getattr(self, f"_{what}")(desk, today + rng.randrange(_TODAY), rng.randrange(1 << 20))
        assert at_desk(place).seq == desk.seq  # each of them was one change set, and nothing else was written

    def edit(self, at: int, who: int, which: int) -> None:
        """One field of one patient."""
        self._once("edit", at, who, which)

    def rename(self, at: int, who: int, which: int) -> None:
        """A name, from which others follow."""
        self._once("rename", at, who, which)

    def register(self, at: int) -> None:
        """A patient comes, by the command."""
        self._once("register", at, 0, 0)

    def print_card(self, at: int, who: int) -> None:
        """A counter goes up."""
        self._once("print_card", at, who, 0)

    def pay_in(self, at: int, who: int, amount: int) -> None:
        """An entry of a ledger."""
        self._once("pay_in", at, who, amount)

    def identify(self, at: int, who: int, number: int) -> None:
        """A number of another system, which two sites may give to two people; where it is there already it is taken back."""
        self._once("identify", at, who, number)

    def merge(self, at: int, who: int, other: int) -> None:
        """Two records become one, by the command; who is kept keeps all that was its own."""
        self._once("merge", at, who, other)

    def undo_merge(self, at: int, which: int) -> None:
        """And two again, where no later merge stands on it."""
        self._once("undo_merge", at, which, 0)

    def _once(self, what: str, at: int, who: int, which: int) -> None:
        place = self._place(at)
        if place.is_open:
            getattr(self, f"_{what}")(at_desk(place), who, which)

    def _edit(self, desk: Desk, who: int, which: int) -> None:
        if desk.people:
            name = FIELDS[which % len(FIELDS)]
            value = date(1900, 1, 1) + timedelta(days=self._next()) if name == "date_of_birth" else f"{name} {self._next()}"
            self._write(desk, desk.people[who % len(desk.people)], name, value)

    def _rename(self, desk: Desk, who: int, which: int) -> None:
        if desk.people:
            self._write(desk, desk.people[who % len(desk.people)], ("first_name", "last_name")[which % 2], f"Na{self._next()}")

    def _write(self, desk: Desk, key: UUID, name: str, value: Any) -> None:
        with desk.place.database.write(SYSTEM) as tx:
            tx.command = "test.edit"
            row = desk.patient(tx, key)
            over = getattr(row, name)
            setattr(row, name, value)
            row.refresh_search(desk.known_as(tx, key))
        self.wrote.append(self._acknowledged(desk, "edit", key, name, value, over))

    def _register(self, desk: Desk, _who: int, _which: int) -> None:
        run, clinic_id = desk.place.database.run, desk.place.clinic_id
        born = date(1990, 1, 1) + timedelta(days=self.spread * self.count % 10_000)
        details: dict[str, Any] = {"first_name": f"Na{self._next()}", "gender": Gender.OTHER, "date_of_birth": born}
        row = run(Actor.system(clinic_id=clinic_id), patients.register_patient, key=new_id(), clinic_id=clinic_id, **details)
        desk.people.append(row.id)
        self.wrote.append(self._acknowledged(desk, "register", row.id, "first_name", details["first_name"]))
        card = run(SYSTEM, patients.issue_id_card, key=new_id(), clinic_id=clinic_id, patient_id=row.id)
        desk.cards.append(card.id)
        self._acknowledged(desk, "issue card", card.id, "print_count")
        self._print_card(desk, len(desk.cards) - 1, 0)

    def _print_card(self, desk: Desk, who: int, _which: int) -> None:
        if desk.cards:
            key = desk.cards[who % len(desk.cards)]
            try:
                desk.place.database.run(SYSTEM, patients.record_card_printed, card_id=key)
            except CardRefused:  # a merge revoked it
                return
            self.prints.append((self._acknowledged(desk, "print card", key, "print_count"), key))

    def _pay_in(self, desk: Desk, who: int, amount: int) -> None:
        if not desk.people:
            return
        key, clinic_id, amount = desk.people[who % len(desk.people)], desk.place.clinic_id, 1 + amount % 5_000
        with desk.place.database.write(SYSTEM) as tx:
            tx.command = "test.wallet"
            sequence, balance = desk.wallet(tx, key)
            desk.wallets[key] = after = (sequence + 1, balance + amount)
            entry = {"patient_id": key, "clinic_id": clinic_id, "sequence": after[0], "type": WalletKind.DEPOSIT}
            tx.add(WalletTransaction(**entry, amount=Money(amount, "INR"), balance_after=Money(after[1], "INR")))
        self.money.append((self._acknowledged(desk, "pay in", key, "wallet"), amount))

    def _identify(self, desk: Desk, who: int, number: int) -> None:
        if not desk.people:
            return
        key, value = desk.people[who % len(desk.people)], str(number % _NUMBERS)
        with desk.place.database.write(SYSTEM) as tx:
            tx.command = "test.identify"
            row_id = id_of("patient_identifiers", "old", value)
            known = tx.session.get(PatientIdentifier, row_id)
            if known is not None:
                key = known.patient_id
                tx.session.delete(known)
                desk.numbers[key].discard(value)
            else:
                tx.add(PatientIdentifier(id=row_id, patient_id=key, system="old", value=value))
                desk.numbers.setdefault(key, set()).add(value)
            tx.session.flush()
            if key in desk.people:
                desk.words.pop(key, None)
                desk.patient(tx, key).refresh_search(desk.known_as(tx, key))
            else:
                desk.words.clear()  # whoever a merged record leads to
        self._acknowledged(desk, "identify", key, "number")

    def _merge(self, desk: Desk, who: int, other: int) -> None:
        kept, merged = (desk.people[one % len(desk.people)] for one in (who, other))
        if kept == merged:
            return
        with desk.place.database.read() as session:
            kept_version, merged_version = (session.get_one(Patient, key).row_version for key in (kept, merged))
        asked = {"kept_id": kept, "kept_version": kept_version, "merged_id": merged, "merged_version": merged_version}
        choices = dict.fromkeys(COMBINED, Choice.KEPT)
        desk.place.database.run(SYSTEM, patients.merge_patients, key=new_id(), **asked, choices=choices, reason="one person")
        self._acknowledged(desk, "merge", merged, "merged_into_id")

    def _undo_merge(self, desk: Desk, which: int, _which: int) -> None:
        if desk.merges:
            with suppress(MergeRefused):
                desk.place.database.run(SYSTEM, patients.undo_merge, merge_id=desk.merges[which % len(desk.merges)], reason="two people")
                self._acknowledged(desk, "undo merge", desk.merges[which % len(desk.merges)], "undone_at")

    def _acknowledged(self, desk: Desk, what: str, key: UUID, name: str, value: Any = None, over: Any = None) -> Wrote:
        """Somebody was told that it is saved."""
        desk.seq += 1
        self.happened[what] += 1
        return Wrote(key, name, value, desk.me, desk.seq, over)

    def _place(self, at: int) -> Place:
        self._tick(7)
        return self.places[at % len(self.places)]

    def _tick(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def _next(self) -> int:
        self.count += 1
        return self.count
