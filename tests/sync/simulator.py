"""Several sites, one central server and everything that goes wrong between them, in one thread and from one seed.

The engine is the real one, on real files; ``Simulator`` has one method for each thing that goes wrong, ``People`` one for each that
is done, and ``heal`` proves what must hold in the end whatever happened before. A Hypothesis state machine chooses in the tests, a
random generator in ``make soak``.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import msgspec

from clinic_desktop.clinic.privacy.commands.retention import ArchiveFile, archive_journal
from clinic_desktop.clinic.privacy.retention.filing import journal_rows
from clinic_desktop.kernel.archived import archived_head
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import accept_as_restored
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.models import SyncTaken
from clinic_desktop.sync.rounds import catch_up
from clinic_desktop.sync.site import Site
from tests.databases import copied, drop
from tests.sync.chain import caller
from tests.sync.people import People
from tests.sync.proofs import prove
from tests.sync.troubled import Died, Dying, Place, Wrote, head_of

CODES = ("MAIN", "NORTH", "SOUTH")
TROUBLES = ("none", "none", "none", "no way", "answer lost", "twice", "cut", "answer cut", "central dies", "site dies", "edit", "replay")
PAGES = (300_000, 30_000, 30_000, 3_000)
"""In which portions a site asks: in the smallest, much happens between two of them."""
MET = 20
"""Patients of each site before anything goes wrong."""


@dataclass
class Simulator(People):
    """The chain, and what goes wrong in it."""

    central_backup: Database | None = None
    was_restored: bool = False
    """Central was: what it had asked a person may be asked another way now."""

    def open_houses(self, met: int = MET) -> None:
        """People come to every site, and each asks in portions of its own."""
        self.spread = 37
        for at, place in enumerate(self.places):
            place.site.page_bytes = PAGES[at]
            for _ in range(met):
                self.register(at)

    def sync(self, at: int, trouble: int, when: int) -> None:
        """One round of a site, with something happening at one of its requests or commits."""
        place = self._place(at)
        what, way = TROUBLES[trouble % len(TROUBLES)], place.way
        way.trouble, way.at, way.has_struck = what, 1 + when % 4, False
        way.between = lambda: self.edit(at, when, when)
        dies = {"central dies": self.central, "site dies": place.database}.get(what)
        self.happened["round"] += 1
        try:
            with Dying(dies, when % 4) if dies is not None else nullcontext():
                done = catch_up(place.site)
        except (Offline, Refused, Died) as error:
            self.done.append(f"  {type(error).__name__} {error}")
            way.has_struck |= isinstance(error, Died)
            if dies is place.database:
                self._start_anew(place)
        else:
            place.is_open, place.owes = True, place.owes and not done.is_complete
        self.happened[what] += way.has_struck
        way.trouble = "none"

    def restart(self, at: int, portion: int | None = None) -> None:
        """The program is started anew, and may be told to ask in other portions."""
        place = self._place(at)
        self._start_anew(place)
        if portion is not None:
            place.site.page_bytes = PAGES[portion % len(PAGES)]
        self.happened["restart"] += 1

    def _start_anew(self, place: Place) -> None:
        place.site = Site(place.database, place.way, page_bytes=place.site.page_bytes)

    def jump(self, at: int, days: int) -> None:
        """A clock is set wrong, or right again."""
        place = self._place(at)
        self.happened["jump"] += place.offset != timedelta(days=days)
        place.offset = timedelta(days=days)

    def back_up(self, at: int) -> None:
        """A site's backup."""
        place = self._place(at)
        if place.backup is not None:
            drop(place.backup[0])
        place.backup = (copied(place.database, self.folder), head_of(place.database))
        self.happened["back up"] += 1

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
        place.way.site, place.way.who = backup, caller(backup)
        self._start_anew(place)
        self.happened["restore"] += 1
        self.forget_central_backup()  # what this site gets back from central, it would not send again

    def back_up_central(self) -> None:
        """Central's backup."""
        self.forget_central_backup()
        if all(place.is_open for place in self.places):
            self.central_backup = copied(self.central, self.folder)
            self.happened["back up central"] += 1

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
        self.happened["restore central"] += 1

    def archive_central(self, keep: int) -> None:
        """Central's oldest change sets leave into an archive, read by everybody or not: all but so many."""
        last_seq = head_of(self.central) - keep
        with self.central.read() as session:
            begins = archived_head(session)
            if last_seq <= (0 if begins is None else begins.seq) or not all(place.is_open for place in self.places):
                return
            bodies = [msgspec.json.encode(body) for body in journal_rows(session, last_seq)]
        file = ArchiveFile(new_id(), f"{last_seq}.archive", "0" * 64, 1, self.now.date(), len(bodies), b"key")
        digest = sha256(b"".join(bodies)).hexdigest()
        self.central.run(Actor.system(), archive_journal, file=file, last_seq=last_seq, digest=digest)
        self.happened["archive central"] += 1

    def heal(self, *, thoroughly: bool = True) -> None:
        """Everything works again, everybody syncs until nothing moves; then all that was promised is looked at."""
        for place in self.places:
            place.offset = timedelta()
        self._tick(600)
        prove(self, was_restored=self.was_restored, thoroughly=thoroughly)
        for place in self.places:
            place.is_open, place.owes = True, False

    def databases(self) -> list[Database]:
        """All of them."""
        return [self.central, *(place.database for place in self.places)]

    def close(self) -> None:
        """Free what was opened."""
        self.forget_central_backup()
        for one in (*self.databases(), *(place.backup[0] for place in self.places if place.backup is not None)):
            drop(one)

    def _marks(self) -> Iterable[Wrote]:
        return [*self.wrote, *(mark for mark, _ in self.money), *(mark for mark, _ in self.prints)]

    def _taken(self, database: Database) -> int:
        with self.central.read() as session:
            taken = session.get(SyncTaken, caller(database).database_id)
            return 0 if taken is None else taken.taken_seq

    def set_clock(self, place: Place) -> None:
        """Let a site's clock go with the simulated time."""
        place.database.clock = lambda: self.now + place.offset
