"""Several sites, one central server and everything that goes wrong between them, in one thread and from one seed.

The engine is the real one, on real files; ``Simulator`` has one method for each thing that happens, and ``heal`` proves what must
hold in the end whatever happened before. A Hypothesis state machine chooses in the tests, a random generator in ``make soak``.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.models import IdCard, Patient, PatientIdentifier, WalletTransaction
from clinic_desktop.clinic.patients.rules import Gender, WalletKind
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import accept_as_restored
from clinic_desktop.kernel.ids import id_of, new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.comparing import compare
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.models import SyncTaken
from clinic_desktop.sync.site import Site
from tests.databases import copied, drop
from tests.sync.chain import Chain, caller
from tests.sync.houses import all_rows, broken, waiting
from tests.sync.troubled import Died, Dying, Place, Wrote, head_of, table_of

CODES = ("MAIN", "NORTH", "SOUTH")
FIELDS = ("remarks", "city", "allergies", "date_of_birth", "national_id")
"""Two that the later write decides, one of a record, and two of which a person decides."""
TROUBLES = ("none", "none", "none", "no way", "answer lost", "twice", "cut", "answer cut", "central dies", "site dies", "edit", "replay")
BEGINS = datetime.fromisoformat("2026-03-02T03:30:00+00:00")


@dataclass
class Simulator:
    """The chain, and beside it what must come of everything that was done."""

    folder: Path
    central: Database
    places: list[Place]
    now: datetime = BEGINS
    count: int = 0
    wrote: list[Wrote] = field(default_factory=list)
    money: list[tuple[Wrote, int]] = field(default_factory=list)
    prints: list[tuple[Wrote, UUID]] = field(default_factory=list)
    central_backup: Database | None = None
    was_restored: bool = False
    """Central was: what it had asked a person may be asked another way now."""
    done: list[str] = field(default_factory=list)

    # --- what people do ---------------------------------------------------------------------------------------------

    def edit(self, at: int, who: int, which: int) -> None:
        """One field of one patient."""
        place = self._place(at)
        key = self._someone(place, who)
        if place.is_open and key is not None:
            name = FIELDS[which % len(FIELDS)]
            value = date(1900, 1, 1) + timedelta(days=self._next()) if name == "date_of_birth" else f"{name} {self._next()}"
            self._write(place, key, name, value)

    def rename(self, at: int, who: int, which: int) -> None:
        """A name, from which others follow."""
        place = self._place(at)
        key = self._someone(place, who)
        if place.is_open and key is not None:
            self._write(place, key, ("first_name", "last_name")[which % 2], f"Na{self._next()}")

    def _write(self, place: Place, key: UUID, name: str, value: Any) -> None:
        with place.database.write(Actor.system()) as tx:
            tx.command = "test.edit"
            row = tx.session.get_one(Patient, key)
            over = getattr(row, name)
            setattr(row, name, value)
            known = tx.session.scalars(select(PatientIdentifier.value).where(PatientIdentifier.patient_id == key))
            row.refresh_search(sorted(known))
        self._acknowledged(place, key, name, value, over)

    def register(self, at: int) -> None:
        """A patient comes, by the command."""
        place = self._place(at)
        if place.is_open:
            details: dict[str, Any] = {"first_name": f"Na{self._next()}", "gender": Gender.OTHER, "date_of_birth": date(1990, 1, 1)}
            run, clinic_id = place.database.run, place.clinic_id
            row = run(Actor.system(clinic_id=clinic_id), patients.register_patient, key=new_id(), clinic_id=clinic_id, **details)
            self._acknowledged(place, row.id, "first_name", details["first_name"], None)
            card = run(Actor.system(), patients.issue_id_card, key=new_id(), clinic_id=clinic_id, patient_id=row.id)
            self.prints.append((self._mark(place, card.id, "print_count"), card.id))
            run(Actor.system(), patients.record_card_printed, card_id=card.id)

    def print_card(self, at: int, who: int) -> None:
        """A counter goes up."""
        place = self._place(at)
        cards = all_rows(place.database, IdCard)
        if place.is_open and cards:
            card = cards[who % len(cards)]
            place.database.run(Actor.system(), patients.record_card_printed, card_id=card.id)
            self.prints.append((self._mark(place, card.id, "print_count"), card.id))

    def pay_in(self, at: int, who: int, amount: int) -> None:
        """An entry of a ledger."""
        place = self._place(at)
        key = self._someone(place, who)
        if place.is_open and key is not None:
            with place.database.write(Actor.system()) as tx:
                tx.command = "test.wallet"
                mine = (WalletTransaction.patient_id == key, WalletTransaction.clinic_id == place.clinic_id)
                last = tx.session.scalars(
                    select(WalletTransaction).where(*mine).order_by(WalletTransaction.sequence.desc()).limit(1)
                ).first()
                sequence, before = (last.sequence, last.balance_after.minor) if last is not None else (0, 0)
                entry = {"patient_id": key, "clinic_id": place.clinic_id, "sequence": sequence + 1, "type": WalletKind.DEPOSIT}
                tx.add(WalletTransaction(**entry, amount=Money(amount, "INR"), balance_after=Money(before + amount, "INR")))
            self.money.append((self._mark(place, key, "wallet"), amount))

    def identify(self, at: int, who: int, number: int) -> None:
        """A number of another system, which two sites may give to two people; where it is there already it is taken back."""
        place = self._place(at)
        key = self._someone(place, who)
        if place.is_open and key is not None:
            with place.database.write(Actor.system()) as tx:
                tx.command = "test.identify"
                row_id = id_of("patient_identifiers", "old", str(number))
                known = tx.session.get(PatientIdentifier, row_id)
                if known is not None:
                    key = known.patient_id
                    tx.session.delete(known)
                else:
                    tx.add(PatientIdentifier(id=row_id, patient_id=key, system="old", value=str(number)))
                tx.session.flush()
                numbers = tx.session.scalars(select(PatientIdentifier.value).where(PatientIdentifier.patient_id == key))
                tx.session.get_one(Patient, key).refresh_search(sorted(numbers))

    # --- what goes wrong --------------------------------------------------------------------------------------------

    def sync(self, at: int, trouble: int, when: int) -> None:
        """One round of a site, with something happening at one of its requests or commits."""
        place = self._place(at)
        what, way = TROUBLES[trouble % len(TROUBLES)], place.way
        way.trouble, way.at = what, 1 + when % 4
        way.between = lambda: self.edit(at, when, when)
        dies = {"central dies": self.central, "site dies": place.database}.get(what)
        try:
            with Dying(dies, when % 4) if dies is not None else nullcontext():
                done = place.site.round()
        except (Offline, Refused, Died) as error:
            self.done.append(f"  {type(error).__name__} {error}")
            if dies is place.database:
                self.restart(at)
        else:
            place.is_open, place.owes = True, place.owes and not done.is_complete
        way.trouble = "none"

    def restart(self, at: int) -> None:
        """The program is started anew."""
        place = self._place(at)
        place.site = Site(place.database, place.way, page_bytes=place.site.page_bytes)

    def jump(self, at: int, days: int) -> None:
        """A clock is set wrong, or right again."""
        self._place(at).offset = timedelta(days=days)

    def back_up(self, at: int) -> None:
        """A site's backup."""
        place = self._place(at)
        if place.backup is not None:
            drop(place.backup[0])
        place.backup = (copied(place.database, self.folder), head_of(place.database))

    def restore(self, at: int) -> None:
        """A site's disk dies; it goes on from its backup, and what it had not sent is gone."""
        place = self._place(at)
        if place.backup is None or place.owes:
            return  # with both ends gone at once, only others would have it
        backup, through = place.backup
        taken, me = self._taken(place.database), caller(place.database).database_id
        for mark in self._marks():
            if mark.database_id == me and mark.seq > max(through, taken):
                mark.is_lost = True
        drop(place.database)
        place.database, place.backup, place.is_open = backup, None, False
        self.set_clock(place)
        accept_as_restored(backup, Actor.system())
        place.way.site = backup
        self.restart(at)
        self.forget_central_backup()  # what this site gets back from central, it would not send again

    def back_up_central(self) -> None:
        """Central's backup."""
        self.forget_central_backup()
        if all(place.is_open for place in self.places):
            self.central_backup = copied(self.central, self.folder)

    def forget_central_backup(self) -> None:
        """It is too old to go on from."""
        if self.central_backup is not None:
            drop(self.central_backup)
        self.central_backup = None

    def restore_central(self) -> None:
        """Central goes on from its backup; sites send again what it lost."""
        if self.central_backup is None:
            return
        drop(self.central)
        self.central, self.central_backup, self.was_restored = self.central_backup, None, True
        self.central.clock = lambda: self.now
        accept_as_restored(self.central, Actor.system())
        for place in self.places:
            place.way.central = self.central
            place.way.heard.clear()
            place.owes = True

    # --- what must hold ---------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Everything works again, everybody syncs until nothing moves; then all that was promised is looked at."""
        for place in self.places:
            place.offset = timedelta()
        self._tick(600)
        self._settle()
        asked = [(one.reason, one.detail, one.origin_seq) for database in self.databases() for one in waiting(database)]
        assert not asked, asked
        self._agree()
        for database in self.databases():
            assert not broken(database), broken(database)
        self._nothing_lost()
        again = [(one.pushed, one.pulled) for one in (place.site.round() for place in self.places)]
        assert again == [(0, 0)] * len(self.places), again

    def databases(self) -> list[Database]:
        """All of them."""
        return [self.central, *(place.database for place in self.places)]

    def close(self) -> None:
        """Free what was opened."""
        self.forget_central_backup()
        for one in (*self.databases(), *(place.backup[0] for place in self.places if place.backup is not None)):
            drop(one)

    def _settle(self) -> None:
        for _ in range(12):
            rounds = [place.site.round() for place in self.places]
            if not any(one.pushed or one.pulled for one in rounds):
                return
        raise AssertionError("the sites do not come to rest")

    def _agree(self) -> None:
        chain = Chain(self.central, {place.code: place.site for place in self.places})
        different = chain.differences()
        if self.was_restored and different:
            # Sent again in another order, some of it came out another way: sites have what was decided before, until they compare.
            for place in self.places:
                assert compare(place.site).is_proof
            self._settle()
            different = chain.differences()
        assert not different, self._explained(different)

    def _explained(self, different: list[str]) -> str:
        """Which fields of which rows are not the same."""
        lines = []
        for one in different:
            code, table = one.split(": ")
            database = next(place.database for place in self.places if place.code == code)
            rows = [table_of(each, table) for each in (self.central, database)]
            for key in rows[0].keys() | rows[1].keys():
                left, right = (some.get(key, {}) for some in rows)
                wrong = {
                    name: (left.get(name), right.get(name)) for name in left.keys() | right.keys() if left.get(name) != right.get(name)
                }
                wrong.pop("row_version", None)
                lines += [f"{code} {table} {key}: {wrong}"] if wrong else []
        return "\n".join(lines)

    def _nothing_lost(self) -> None:
        stands = {(row.id, name): getattr(row, name) for row in all_rows(self.central, Patient) for name in (*FIELDS, *_NAMES)}
        told = {
            (one.entity_id, one.field, value)
            for one in all_rows(self.central, SyncConflict)
            for value in (one.kept_value, one.other_value)
            if value is not None
        }
        alive = [one for one in self.wrote if not one.is_lost]
        overwritten = {(one.row, one.field, one.over) for one in alive}
        for one in alive:
            if stands.get((one.row, one.field)) == one.value or (one.row, one.field, one.value) in overwritten:
                continue
            assert (one.row, one.field, msgspec.json.encode(one.value).decode()) in told, f"lost: {one}"
        balance = sum(row.amount.minor for row in all_rows(self.central, WalletTransaction))
        assert balance == sum(amount for mark, amount in self.money if not mark.is_lost)
        for card in all_rows(self.central, IdCard):
            assert card.print_count == sum(1 for mark, key in self.prints if key == card.id and not mark.is_lost), card.card_number

    # --- how it is kept ---------------------------------------------------------------------------------------------

    def _place(self, at: int) -> Place:
        self._tick(7)
        return self.places[at % len(self.places)]

    def _tick(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _someone(self, place: Place, who: int) -> UUID | None:
        with place.database.read() as session:
            keys = list(session.scalars(select(Patient.id).order_by(Patient.id)))
        return keys[who % len(keys)] if keys else None

    def _mark(self, place: Place, key: UUID, name: str, value: Any = None, over: Any = None) -> Wrote:
        return Wrote(key, name, value, caller(place.database).database_id, head_of(place.database), over)

    def _acknowledged(self, place: Place, key: UUID, name: str, value: Any, over: Any) -> None:
        self.wrote.append(self._mark(place, key, name, value, over))

    def _marks(self) -> list[Wrote]:
        return [*self.wrote, *(mark for mark, _ in self.money), *(mark for mark, _ in self.prints)]

    def _taken(self, database: Database) -> int:
        with self.central.read() as session:
            taken = session.get(SyncTaken, caller(database).database_id)
            return 0 if taken is None else taken.taken_seq

    def set_clock(self, place: Place) -> None:
        """Let a site's clock go with the simulated time."""
        place.database.clock = lambda: self.now + place.offset


_NAMES = ("first_name", "last_name")
