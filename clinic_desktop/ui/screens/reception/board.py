"""Everyone of the day: the list, its doctor filter, and what one key does with the selected row."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.formats import phone_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.words import minutes_text, visit_status, visit_tone, waited
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, ask, ask_reason, keep_if, keyed, row

QUEUE_TOKEN = late("clinic_desktop.documents.compose:queue_token")
_NO_TOKEN = (VisitStatus.CANCELLED, VisitStatus.LEFT, VisitStatus.COMPLETED)


def arrival_text(name: str, arrival: ArrivalRow) -> str:
    """What is said when a patient joins the queue."""
    return _("{name} waits with token {number}, about {minutes} min.").format(
        name=name, number=arrival.queue_number, minutes=arrival.estimated_wait_minutes
    )


class DayBoard(QWidget):
    """The day's visits with their actions; ``opened(visit)`` asks for the patient's file."""

    opened = Signal(object)

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent or screen)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self._visits: list[VisitRow] = []
        self._wanted: UUID | None = None
        self.table = TableView(
            _("Today's patients"),
            self._columns(),
            key=lambda visit: visit.visit_id,
            empty=_("Nobody is expected today. Find a patient above to book or to add to the queue, or register a new one."),
            empty_icon="calendar-days",
        )
        self.doctor = Choice(_("Doctor"), placeholder=_("All doctors"))
        self.doctor.setMinimumWidth(scaled(180))
        self.table.tools.addWidget(self.doctor)
        self.check_in = BusyButton(_("Check in"), icon_name="user-check")
        self.token = Button(_("Print token"), icon_name="printer")
        self.no_show = BusyButton(_("Did not come"), icon_name="circle-x", role=None)
        self.cancel = BusyButton(_("Cancel…"), icon_name="x", role=None)
        self.left = BusyButton(_("Left"), icon_name="door-open", role=None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.table, 1)
        column.addLayout(row(self.check_in, self.token, self.no_show, self.cancel, self.left, stretch_at=2))
        self._wire()
        self._offer_actions()

    def _columns(self) -> list[Column]:
        zone = self._desk.place.timezone

        def wait(visit: VisitRow) -> int:
            minutes = waited(visit, self._desk.now())
            return -1 if minutes is None else minutes

        return [
            Column(_("Time"), lambda v: time_text(v.planned_at, timezone=zone), width=92, sort_key=lambda v: v.planned_at),
            Column(_("Token"), lambda v: str(v.queue_number or ""), align=END, width=88, sort_key=lambda v: v.queue_number or 0),
            Column(_("Patient"), lambda v: v.patient_name, width=0, tooltip=lambda v: f"{v.patient_name}\n{v.patient_number}"),
            Column(_("Doctor"), lambda v: v.doctor_name, width=170),
            Column(_("Service"), lambda v: v.service_name, width=184, tooltip=lambda v: v.service_name),
            Column(_("Status"), visit_status, chip=visit_tone, width=172),
            Column(_("Waiting"), lambda v: minutes_text(waited(v, self._desk.now())), align=END, width=96, sort_key=wait),
            Column(_("Number"), lambda v: v.patient_number, width=140, hidden=True),
            Column(_("Phone"), lambda v: phone_text(v.patient_phone), width=140, hidden=True, export=lambda v: v.patient_phone or ""),
        ]

    def _wire(self) -> None:
        for button, command, keys, action in (
            (self.check_in, commands.check_in, "F4", self._check_in),
            (self.token, None, "F8", self._print_token),
            (self.no_show, commands.mark_no_show, "F9", self._ask_no_show),
            (self.cancel, commands.cancel_visit, "F10", self._ask_cancel),
            (self.left, commands.leave_unseen, "F12", self._ask_left),
        ):
            keyed(button, keys)
            button.clicked.connect(action)
            keep_if(button, command is None or self._desk.may(command))
        self.doctor.currentIndexChanged.connect(lambda _place: self._show())
        self.table.selected.connect(lambda _row: self._offer_actions())
        self.table.activated.connect(self.opened)
        # Waiting times grow while nothing else changes.
        minute = QTimer(self, interval=30_000)
        minute.timeout.connect(self.table.grid.viewport().update)
        minute.start()

    # What the screen does with it

    def show_visits(self, visits: list[VisitRow]) -> None:
        """Show the day."""
        self._visits = visits
        names = {visit.doctor_id: visit.doctor_name for visit in visits}
        self.doctor.set_options(sorted(((name, doctor_id) for doctor_id, name in names.items()), key=lambda option: option[0]))
        self._show()
        if self._wanted is not None:
            self.select(self._wanted)

    def select(self, visit_id: UUID) -> None:
        """Put the selection on a visit, so that the next key is about it; on one that was just made, once it is there."""
        self._wanted = None if self.table.select(visit_id) else visit_id

    def _show(self) -> None:
        chosen = self.doctor.value()
        self.table.set_rows(visit for visit in self._visits if chosen in (None, visit.doctor_id))
        self._offer_actions()

    def _offer_actions(self) -> None:
        visit = self.table.current
        status = visit.status if visit is not None else None
        is_due = visit is not None and visit.appointment_id is not None and visit.planned_at <= self._desk.now()
        self.check_in.setEnabled(status is VisitStatus.SCHEDULED)
        self.token.setEnabled(visit is not None and visit.queue_number is not None and status not in _NO_TOKEN)
        self.no_show.setEnabled(status is VisitStatus.SCHEDULED and is_due)
        self.cancel.setEnabled(status in (VisitStatus.SCHEDULED, VisitStatus.WAITING))
        self.left.setEnabled(status in (VisitStatus.WAITING, VisitStatus.CALLED))

    # What the keys do with the selected row

    def _check_in(self) -> None:
        visit = self.table.current
        if visit is not None:
            self.check_in.run(
                self._work, self, commands.check_in, visit_id=visit.visit_id, then=lambda arrival: self._arrived(visit, arrival)
            )

    def _arrived(self, visit: VisitRow, arrival: ArrivalRow) -> None:
        self._desk.toast(arrival_text(visit.patient_name, arrival), tone=Tone.GOOD)

    def _print_token(self) -> None:
        visit = self.table.current
        if visit is not None:
            show_document(self._screen, _("Queue token"), QUEUE_TOKEN, visit_id=visit.visit_id)

    def _ask_no_show(self) -> None:
        visit = self.table.current
        if visit is None:
            return
        text = _("{name} did not come. The appointment ends and its place is free again.").format(name=visit.patient_name)
        ask(
            self,
            _("Did not come?"),
            text,
            yes=_("Did not come"),
            then=lambda: self.no_show.run(self._work, self, commands.mark_no_show, appointment_id=visit.appointment_id),
        )

    def _ask_cancel(self) -> None:
        visit = self.table.current
        if visit is None:
            return
        text = _("{name}, {time}, {doctor}. The place is free again and nothing is charged.").format(
            name=visit.patient_name, time=time_text(visit.planned_at, timezone=self._desk.place.timezone), doctor=visit.doctor_name
        )
        ask_reason(
            self,
            _("Cancel this visit?"),
            text,
            yes=_("Cancel the visit"),
            no=_("Keep it"),
            then=lambda reason: self.cancel.run(self._work, self, commands.cancel_visit, visit_id=visit.visit_id, reason=reason),
        )

    def _ask_left(self) -> None:
        visit = self.table.current
        if visit is None:
            return
        text = _("{name} went away without being seen. Nothing is charged.").format(name=visit.patient_name)
        ask(
            self,
            _("Left without being seen?"),
            text,
            yes=_("Has left"),
            then=lambda: self.left.run(self._work, self, commands.leave_unseen, visit_id=visit.visit_id),
        )
