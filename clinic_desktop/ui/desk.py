"""What a screen receives: the work, the place it works at, and the few things it may ask of the shell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.kernel.clock import business_date
from clinic_desktop.ui.late import late
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.clinic.patients.queries import PatientRow
    from clinic_desktop.kernel.security import Actor, Permission
    from clinic_desktop.ui.preferences import Preferences

_WITNESS = "clinic_desktop.clinic.audit.witness:"
_PHOTO, _MOST_PHOTOS = "clinic_desktop.clinic.patients.filing:photo", 40
_READ_AGAIN_AFTER = timedelta(minutes=15)
"""The audit trail would leave out a second trace of the same record (``audit.rules``): so nothing is asked at every repaint."""


@dataclass(frozen=True, slots=True)
class Place:
    """The clinic and workstation that this program stands at."""

    clinic_id: UUID
    workstation_id: UUID | None
    clinic_name: str
    hospital_name: str
    timezone: str
    currency: str


class Guarded(Protocol):
    """A command, as far as its permission goes."""

    permission: Permission


class Desk(QObject):
    """One person's working place. Screens ask it; the shell listens to its signals."""

    opened = Signal(str, dict)
    toasted = Signal(str, object, object)
    badged = Signal(str, int)
    locked = Signal()
    restore_wanted = Signal(object)
    """A restore over the open database was confirmed: nobody can go on working at it."""
    move_wanted = Signal(object)
    """The clinic is to leave this file for a server: the same."""

    def __init__(self, work: Work, place: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.work = work
        self.place = place
        self.preferences: Preferences | None = None
        """What this computer remembers, where a shell stands around the desk."""
        self._photos: dict[UUID, bytes] = {}
        self._read: dict[tuple[UUID | None, str, UUID, str], datetime] = {}

    @property
    def actor(self) -> Actor:
        """Who is logged in."""
        if self.work.actor is None:
            raise RuntimeError("nobody is logged in")
        return self.work.actor

    @property
    def clinic_id(self) -> UUID:
        """The clinic of this desk."""
        return self.place.clinic_id

    def may(self, *guarded: Guarded) -> bool:
        """Whether the actor may run every one of these commands."""
        return all(self.actor.may(one.permission) for one in guarded)

    def now(self) -> datetime:
        """The present instant by the database's clock, aware, in UTC."""
        return self.work.db.clock()

    def today(self) -> date:
        """The business date of the clinic."""
        return business_date(self.now(), self.place.timezone)

    def open(self, screen: str, **what: Any) -> None:
        """Go to another screen, which gets ``what`` in its ``open``."""
        self.opened.emit(screen, what)

    def toast(self, text: str, *, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None) -> None:
        """Say something that needs no answer; with ``undo`` it carries an Undo button."""
        self.toasted.emit(text, tone, undo)

    def badge(self, screen: str, count: int) -> None:
        """Show a count at a department in the rail; 0 takes it away."""
        self.badged.emit(screen, count)

    def photo_of(self, owner: QObject, patient: PatientRow, then: Callable[[bytes | None], object]) -> None:
        """Hand over a patient's photo, at once where it was seen lately; one that the store does not give is none."""
        key = patient.photo_document_id
        if key is None or key in self._photos:
            then(None if key is None else self._photos[key])
            return

        def keep(photo: bytes | None) -> None:
            if photo is not None:
                self._photos[key] = photo
                while len(self._photos) > _MOST_PHOTOS:
                    del self._photos[next(iter(self._photos))]
            then(photo)

        self.work.background(owner, late(_PHOTO), then=keep, failed=lambda _error: None, db=self.work.db, patient_id=patient.id)

    # Traces of what changes nothing (``clinic.audit``)

    def record_read(self, entity_type: str, entity_id: UUID, what: str) -> None:
        """Leave the trace that the person opened a sensitive record, behind the reading itself; once in a quarter of an hour."""
        trace, now = (self.actor.user_id, entity_type, entity_id, what), self.now()
        if trace in self._read and timedelta() <= now - self._read[trace] < _READ_AGAIN_AFTER:
            return
        self._read[trace] = now
        self.work.call(
            self,
            late(f"{_WITNESS}read"),
            failed=lambda _error: self._read.pop(trace, None),  # the reading itself has told that nothing answers
            db=self.work.db,
            actor=self.actor,
            entity_type=entity_type,
            entity_id=entity_id,
            what=what,
        )

    def record_export(
        self,
        owner: QObject,
        *,
        what: str,
        rows: int,
        then: Callable[[], object],
        way: str = "csv",
        entity_type: str | None = None,
        entity_id: UUID | None = None,
    ) -> None:
        """Leave the trace of an export; ``then`` writes it: without a trace nothing leaves the clinic."""
        self.work.call(
            owner,
            late(f"{_WITNESS}export"),
            then=lambda _nothing: then(),
            db=self.work.db,
            actor=self.actor,
            what=what,
            rows=rows,
            way=way,
            entity_type=entity_type,
            entity_id=entity_id,
        )
