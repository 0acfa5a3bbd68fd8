"""What a screen receives: the work, the place it works at, and the few things it may ask of the shell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.kernel.clock import business_date
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.kernel.security import Actor, Permission


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

    def __init__(self, work: Work, place: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.work = work
        self.place = place

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
