"""The queue board: call, recall, skip, transfer; vital signs; the public display."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands, events
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.display.host import display_host
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.queue.calling import Caller
from clinic_desktop.ui.screens.queue.patients import PatientActions
from clinic_desktop.ui.screens.queue.reading import Board, Doctors, Room, ServiceRoom, board, doctors
from clinic_desktop.ui.screens.queue.rooms import RoomsStrip
from clinic_desktop.ui.screens.queue.words import columns
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, LineEdit, Page, keyed
from clinic_desktop.ui.widgets.strip import Strip

QUEUE_EVENTS = (
    events.PatientCheckedIn,
    events.ArrivalTakenBack,
    events.TicketCalled,
    events.TicketRecalled,
    events.TicketSkipped,
    events.TicketTransferred,
    events.TicketSent,
    events.PriorityChanged,
    events.PatientLeft,
    events.VisitCancelled,
    events.AppointmentCancelled,
    events.ConsultationStarted,
    events.VisitReadyToPay,
    events.TicketHeld,
    events.TicketResumed,
    events.QueueClosed,
)
_AGAIN_MS = 10_000


class QueueScreen(Screen):
    """Who waits, who is called, and one key for what comes next."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._wants_focus = self._has_doctors = False
        self._doctors = Doctors((), None)
        self._board = Board((), (), frozenset(), 0)
        self.display = display_host(self.work, desk.place, desk.preferences)
        self.rooms = RoomsStrip(desk)
        self.table = TableView(
            _("Waiting patients"),
            columns(desk, lambda: self._board.same_name),
            key=lambda visit: visit.visit_id,
            empty=_("Nobody is waiting. Patients appear here as soon as the reception checks them in."),
        )
        self.doctor = Choice(_("Doctor"), placeholder=_("All doctors"))
        self.room = LineEdit(_("Room"), placeholder=_("Doctor's room"), limit=40)
        self.call = BusyButton(_("Call next"), icon_name="megaphone")
        self.show_display = Button(_("Display"), icon_name="monitor")
        self.vitals = Button(_("Vital signs"), icon_name="heart-pulse")
        self.transfer = Button(_("Transfer"), icon_name="arrow-right-left")
        self.priority = Button(_("Priority"), icon_name="star")
        self.left = Button(_("Left"), icon_name="door-open")
        self.hold = Button(_("Hold"), icon_name="timer")
        self.close_queue = Button(_("Close queue"), icon_name="list-checks")
        self.forgotten = Strip()
        self.caller = Caller(self, self.doctor, self.room, self.call)
        self.acts = PatientActions(self, self.caller.late)
        self._lay_out()
        self._wire()
        self.work.on(self, *QUEUE_EVENTS, then=lambda _events: self.refresh())
        self.work.on(self, SettingChanged, then=lambda _events: self._read_doctors())
        self._again = QTimer(self, interval=_AGAIN_MS)  # the minutes
        self._again.timeout.connect(self.touch)
        self._again.start()

    def _lay_out(self) -> None:
        self.doctor.setMinimumWidth(scaled(230))
        self.room.setFixedWidth(scaled(130))
        self.page = Page(self, _("Queue"), actions=[self.show_display, self.doctor, self.room, self.call])
        self.page.body.addWidget(self.rooms)
        self.page.body.addWidget(self.forgotten)
        for button in (self.vitals, self.hold, self.transfer, self.priority, self.left, self.close_queue):
            self.table.tools.addWidget(button)
        self.page.body.addWidget(self.table, 1)
        begin_at(self, self.table)

    def _wire(self) -> None:
        desk = self.desk
        for button, command, keys, action in (
            (self.call, commands.call_next, "F8", self.caller.call_next),
            (self.vitals, clinical.record_vitals, "F2", lambda: self._with_current(self.acts.take_vitals)),
            (self.transfer, commands.transfer, "F4", lambda: self._with_current(self.acts.transfer)),
            (
                self.priority,
                commands.prioritise,
                "Shift+F8",
                lambda: self._with_current(lambda visit: self.acts.choose_priority(visit, self.priority)),
            ),
            (self.hold, commands.hold, "F3", lambda: self._with_current(self.acts.hold)),
            (self.close_queue, commands.close_queue, "Shift+F9", self.acts.close_queue),
            (self.left, commands.leave_unseen, "Shift+F7", lambda: self._with_current(self.acts.ask_left)),
        ):
            if keys:
                keyed(button, keys)
            button.setVisible(desk.may(command))
            button.clicked.connect(partial(self._act, action))
        keyed(self.show_display, "Ctrl+D")
        self.show_display.clicked.connect(self._switch_display)
        self.display.changed.connect(self._tell_display)
        self._tell_display(self.display.is_open)
        self.doctor.currentIndexChanged.connect(lambda _place: self._filtered())
        self.table.activated.connect(self.caller.call_this)
        self.caller.missed.connect(self.refresh)
        self.rooms.recall_wanted.connect(self.caller.recall)
        self.rooms.skip_wanted.connect(self.caller.skip)
        self.rooms.start_wanted.connect(self.caller.start)
        self.rooms.back_wanted.connect(self.caller.send_back)
        self.rooms.resume_wanted.connect(self.caller.resume)
        self.forgotten.pressed.connect(lambda: self.acts.close_queue(only_earlier=True))
        self.rooms.opened.connect(lambda visit: desk.open("consultation", visit_id=visit.visit_id))
        self.rooms.menu_wanted.connect(self.acts.fill_menu)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._wants_focus = True

    def _act(self, action: Callable[[], object], _checked: bool = False) -> None:
        action()

    # Reading

    def refresh(self) -> None:
        if not self._has_doctors:
            self._read_doctors()
            return
        self.work.read(
            self,
            board,
            latest="board",
            then=self._show,
            clinic_id=self.desk.clinic_id,
            chosen=self.doctor.value(),
            me=self._doctors.me.id if self._doctors.me is not None else None,
            day=self.desk.today(),
            now=self.desk.now(),
        )

    def _read_doctors(self) -> None:
        user_id = self.desk.actor.user_id
        self.work.read(self, doctors, latest="doctors", then=self._show_doctors, clinic_id=self.desk.clinic_id, user_id=user_id)

    def _show_doctors(self, found: Doctors) -> None:
        is_first, self._has_doctors = not self._has_doctors, True
        self._doctors = self.caller.doctors = self.acts.doctors = found
        with_room = _("{name} · Room {room}")
        rooms: list[tuple[str, object]] = [(_("Room {room} · all its doctors").format(room=one.name), one) for one in found.shared_rooms]
        rooms += [(one, ServiceRoom(one)) for one in found.service_rooms]
        people = [(with_room.format(name=one.full_name, room=one.room) if one.room else one.full_name, one.id) for one in found.rows]
        self.doctor.set_options([*people, *rooms])
        if is_first and found.me is not None:
            self.doctor.set_value(found.me.id)

    def _filtered(self) -> None:
        chosen = self.doctor.value()
        room = chosen.name if isinstance(chosen, (Room, ServiceRoom)) else self._doctors.room_of(chosen) if chosen is not None else None
        self.room.setPlaceholderText(room or _("Doctor's room"))
        self.refresh()

    def _show(self, found: Board) -> None:
        self._board, self.caller.waiting = found, found.waiting
        self.table.set_rows(found.waiting)
        self.table.grid.viewport().update()  # minutes and warnings change without the row
        if self.table.current is None:
            self.table.select_first()
        if self._wants_focus and found.waiting:  # not before: an empty list cannot take it
            self._wants_focus = False
            self.table.setFocus()
        self.rooms.show_rooms((*found.rooms, *found.held), found.same_name, self.desk.now())
        self._tell_forgotten(found.forgotten)
        self.page.subtitle.setText(_("{n} waiting").format(n=len(found.waiting)))
        self.desk.badge("queue", found.badge)

    def _tell_forgotten(self, number: int) -> None:
        self.forgotten.setVisible(bool(number) and self.desk.may(commands.close_queue))
        if number:
            said = ngettext(
                "{n} patient of an earlier day still stands in the queue.", "{n} patients of earlier days still stand in the queue.", number
            )
            self.forgotten.say(said.format(n=number), "triangle-alert", Tone.WARN, way_on=_("Close that queue…"))

    def _with_current(self, action: Callable[[VisitRow], object]) -> None:
        if self.table.current is not None:
            action(self.table.current)
        else:
            self.desk.toast(_("Choose a waiting patient first."))

    # The display in the waiting room

    def _switch_display(self) -> None:
        if self.display.is_open:
            self.display.close()
        else:
            self.display.open(self.window())

    def _tell_display(self, is_open: bool) -> None:
        self.show_display.setText(_("Close display") if is_open else _("Open display"))
        keyed(self.show_display, "Ctrl+D")
