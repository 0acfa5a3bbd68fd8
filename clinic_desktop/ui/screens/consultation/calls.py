"""Calling from the doctor's room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import TicketRow
from clinic_desktop.clinic.staff.queries import DoctorRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consultation.casework import Casework
from clinic_desktop.ui.screens.consultation.foot import Foot
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton


class Calls(QObject):
    """``called(visit_id)`` opens the next patient; ``changed`` says that the open visit has moved on."""

    called = Signal(object)
    changed = Signal()
    refused = Signal(object)

    def __init__(self, screen: Screen, casework: Casework, button: BusyButton, foot: Foot) -> None:
        super().__init__(screen)
        self._work, self._desk = screen.work, screen.desk
        self._casework, self._button, self._foot = casework, button, foot
        self.doctor: DoctorRow | None = None

    def call_next(self) -> None:
        """Call the first in turn into the doctor's room and open the visit."""
        room = self._room()
        if self.doctor is not None and room is not None:
            self._button.run(
                self._work,
                self,
                commands.call_next,
                then=self._tell,
                failed=self.refused.emit,
                clinic_id=self._desk.clinic_id,
                doctor_id=self.doctor.id,
                room=room,
            )

    def call_this(self) -> None:
        """Call the patient whose visit is open."""
        room = self._room()
        if room is not None:
            self.do(self._foot.call, commands.call, room=room)

    def do(self, button: BusyButton, command: Callable[..., Any], **more: Any) -> None:
        """Run a command about the open visit."""
        case = self._casework.case
        if case is not None:
            visit_id = case.visit.visit_id
            button.run(
                self._work,
                self,
                command,
                then=lambda _result: self.changed.emit(),
                failed=self.refused.emit,
                visit_id=visit_id,
                **more,
            )

    def _room(self) -> str | None:
        room = self.doctor.room if self.doctor is not None else None
        if room is None:
            self._desk.toast(_("You have no room yet. Call from the queue, where a room can be typed."), tone=Tone.WARN)
        return room

    def _tell(self, ticket: TicketRow) -> None:
        said = _("Number {number} is called to room {room}.")
        self._desk.toast(said.format(number=ticket.queue_number, room=ticket.room), tone=Tone.GOOD)
        self.called.emit(ticket.visit_id)
