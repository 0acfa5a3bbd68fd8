"""Calling from the board: the next, one out of turn, again, not any more."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QElapsedTimer, QObject, Signal
from PySide6.QtWidgets import QApplication

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import TicketRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.queue.reading import Doctors, Room, ServiceRoom, doctors_of
from clinic_desktop.ui.screens.queue.rooms import RoomCard
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, LineEdit, ask
from clinic_desktop.wording import sentence


class Caller(QObject):
    """Runs the calls; ``missed`` says that the board was out of date."""

    missed = Signal()

    def __init__(self, screen: Screen, doctor: Choice, room: LineEdit, button: BusyButton) -> None:
        super().__init__(screen)
        self._screen, self._work, self._desk = screen, screen.work, screen.desk
        self._doctor, self._room, self._button = doctor, room, button
        self.doctors = Doctors((), None)
        self.waiting: tuple[VisitRow, ...] = ()
        self._since = QElapsedTimer()
        doctor.currentIndexChanged.connect(lambda _place: self._since.invalidate())  # a press for another queue is no second one

    def call_next(self) -> None:
        """Call the first in turn of the chosen doctor or room; without one, the first of the list to the own doctor's room."""
        if self._is_double:
            return
        chosen, first = self._doctor.value(), next(iter(self.waiting), None)
        if chosen is None:
            self._call_first(first)
            return
        if isinstance(chosen, ServiceRoom):
            self._call_to(chosen.name)
            return
        room = self._room.value() or chosen.name if isinstance(chosen, Room) else self._room_for(chosen)
        if room is not None:
            self._button.run(
                self._work,
                self,
                commands.call_next,
                then=self._called,
                failed=self._not_called,
                clinic_id=self._desk.clinic_id,
                doctor_ids=doctors_of(chosen),
                room=room,
            )

    def _call_to(self, room: str) -> None:
        """The next of a room without a doctor."""
        self._button.run(
            self._work,
            self,
            commands.call_next_to_room,
            then=self._called,
            failed=self._not_called,
            clinic_id=self._desk.clinic_id,
            room=room,
        )

    def _call_first(self, first: VisitRow | None) -> None:
        if first is not None:
            self.call(first)
        else:
            self._desk.toast(_("Nobody is waiting."))
            self.missed.emit()

    def call_this(self, visit: VisitRow) -> None:
        """Call a chosen patient, with a question when it is not that patient's turn."""
        first = next((one for one in self.waiting if one.service_room == visit.service_room), None)
        if not self._desk.may(commands.call) or self._is_double:
            return
        if first is not None and first.visit_id == visit.visit_id:
            self.call(visit)
            return
        text = _("{number} · {name} is not the next in turn.").format(number=visit.queue_number, name=visit.patient_name)
        ask(self._screen, _("Call out of turn?"), text, yes=_("Call"), then=lambda: self.call(visit))

    def call(self, visit: VisitRow) -> None:
        """Call this patient."""
        room = self._room_for(visit.doctor_id) if visit.service_room is None else visit.service_room
        if room is not None:
            self._button.run(
                self._work, self, commands.call, then=self._called, failed=self._not_called, visit_id=visit.visit_id, room=room
            )

    def recall(self, card: RoomCard) -> None:
        """Repeat a call."""
        if card.visit is not None:
            card.recall.run(self._work, self, commands.recall, then=self._called, failed=self.late, visit_id=card.visit.visit_id)

    def skip(self, card: RoomCard) -> None:
        """Give up a call for now."""
        if card.visit is not None:
            said = _("{name} waits again and is called later.").format(name=card.visit.patient_name)
            visit_id = card.visit.visit_id
            card.skip.run(
                self._work, self, commands.skip, then=lambda _nothing: self._desk.toast(said), failed=self.late, visit_id=visit_id
            )

    def start(self, card: RoomCard) -> None:
        """The called patient is in the room."""
        if card.visit is not None:
            visit_id = card.visit.visit_id
            card.start.run(
                self._work,
                self,
                commands.start_consultation,
                then=lambda _nothing: self._desk.open("consultation", visit_id=visit_id),
                failed=self.late,
                visit_id=visit_id,
            )

    def send_back(self, card: RoomCard) -> None:
        """Done in a room without a doctor: the patient waits for the doctor again."""
        if card.visit is not None:
            said = _("{name} now waits for {doctor}.").format(name=card.visit.patient_name, doctor=card.visit.doctor_name)
            visit_id = card.visit.visit_id
            card.back.run(
                self._work, self, commands.send_back, then=lambda _nothing: self._desk.toast(said), failed=self.late, visit_id=visit_id
            )

    def resume(self, card: RoomCard) -> None:
        """Somebody on hold is back."""
        if card.visit is not None:
            said = _("{name} is back in the queue.").format(name=card.visit.patient_name)
            card.resume.run(
                self._work,
                self,
                commands.resume,
                then=lambda _nothing: self._desk.toast(said),
                failed=self.late,
                visit_id=card.visit.visit_id,
            )

    def late(self, error: ClinicError) -> None:
        """Say why something could not be done, and ask for a fresh board."""
        self._desk.toast(sentence(error), tone=Tone.WARN)
        self.missed.emit()

    @property
    def _is_double(self) -> bool:
        """Whether a call was answered so lately that a further press belongs to it: the next patient must not be called by it."""
        return self._since.isValid() and self._since.elapsed() < QApplication.doubleClickInterval()

    def _room_for(self, doctor_id: UUID) -> str | None:
        room = self._room.value() or self.doctors.room_of(doctor_id)
        if room is None:
            self._room.setFocus()
            self._desk.toast(_("This doctor has no room. Type the room, then call."), tone=Tone.WARN)
        return str(room) if room is not None else None

    def _called(self, ticket: TicketRow) -> None:
        self._since.start()
        is_named = any(ticket.room == one for one in self.doctors.service_rooms)
        said = _("Number {number} is called: {room}.") if is_named else _("Number {number} is called to room {room}.")
        self._desk.toast(said.format(number=ticket.queue_number, room=ticket.room), tone=Tone.GOOD)

    def _not_called(self, error: ClinicError) -> None:
        if error.code != "illegal_transition":
            self.late(error)
            return
        self._desk.toast(_("Another room has just called this patient. The list is up to date again."), tone=Tone.WARN)
        self.missed.emit()
