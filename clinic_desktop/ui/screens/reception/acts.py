"""What one key does with the selected rows of the board; the same stands in their menu."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import listed, time_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.columns import Owed
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, ask, ask_reason, keep_if, keyed, row

QUEUE_TOKEN = late("clinic_desktop.documents.compose:queue_token")
APPOINTMENT_SLIP = late("clinic_desktop.documents.compose:appointment_slip")
_NO_TOKEN = (VisitStatus.CANCELLED, VisitStatus.LEFT, VisitStatus.COMPLETED)
_AT_THE_CASHIER = ("billing.take_payment", "billing.invoice")


def arrival_text(name: str, arrival: ArrivalRow) -> str:
    """What is said when a patient joins the queue."""
    return _("{name} waits with token {number}, about {minutes} min.").format(
        name=name, number=arrival.queue_number, minutes=arrival.estimated_wait_minutes
    )


class BoardActs(QWidget):
    """The buttons below the board, and more of them in the menu; ``walk_in_wanted(visit)`` for the patient of a row."""

    walk_in_wanted = Signal(object)

    def __init__(
        self, screen: Screen, chosen: Callable[[], list[VisitRow]], owed: Callable[[VisitRow], Owed | None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self._chosen, self._owed = chosen, owed
        self.check_in = BusyButton(_("Check in"), icon_name="user-check")
        self.call = BusyButton(_("Call"), icon_name="megaphone", role=None)
        self.token = Button(_("Print token"), icon_name="printer")
        self.pay = Button(_("Pay"), icon_name="banknote")
        self.no_show = BusyButton(_("Did not come"), icon_name="circle-x", role=None)
        self.cancel = BusyButton(_("Cancel…"), icon_name="x", role=None)
        self.left = BusyButton(_("Left"), icon_name="door-open", role=None)
        self.more = Button(_("More"), icon_name="ellipsis")
        # In the menu alone, with their keys.
        self.book = QAction(icon("calendar-plus"), _("Book follow-up"), self)
        self.walk_in = QAction(icon("ticket"), _("Walk-in"), self)
        buttons = (self.check_in, self.call, self.token, self.pay, self.no_show, self.cancel, self.left, self.more)
        across = row(*buttons, stretch_at=4)
        across.setContentsMargins(0, 0, 0, 0)
        self.setLayout(across)
        self._wire()

    def _wire(self) -> None:
        desk = self._desk
        for button, may, keys, action in (
            (self.check_in, desk.may(commands.check_in), "F4", self._check_in),
            (self.call, desk.may(commands.call), "Shift+F4", self._call),
            (self.token, True, "F8", self._print),
            (self.pay, any(code in desk.actor.permissions for code in _AT_THE_CASHIER), "F11", self._pay),
            (self.no_show, desk.may(commands.mark_no_show), "F9", self._ask_no_show),
            (self.cancel, desk.may(commands.cancel_visit), "F10", self._ask_cancel),
            (self.left, desk.may(commands.leave_unseen), "F12", self._ask_left),
        ):
            keyed(button, keys)
            button.clicked.connect(action)
            keep_if(button, may)
        for entry, may, keys, action in (
            (self.walk_in, desk.may(commands.walk_in), "F6", self._walk_in),
            (self.book, desk.may(commands.book), "F7", self._book),
        ):
            entry.setShortcut(keys)
            entry.setAutoRepeat(False)
            entry.setVisible(may)
            entry.triggered.connect(action)
            self.addAction(entry)
        self.more.clicked.connect(lambda: self.pop_up(self.more.mapToGlobal(self.more.rect().topLeft())))

    @property
    def _one(self) -> VisitRow | None:
        found = self._chosen()
        return found[0] if len(found) == 1 else None

    def offer(self) -> None:
        """Let only that be pressed which makes sense for the selected rows."""
        found, one = self._chosen(), self._one
        status = one.status if one is not None else None
        is_due = one is not None and one.appointment_id is not None and one.planned_at <= self._desk.now()
        self.check_in.setEnabled(bool(found) and all(visit.status is VisitStatus.SCHEDULED for visit in found))
        self.call.setEnabled(status is VisitStatus.WAITING and one is not None and bool(one.doctor_room))
        has_token = one is not None and one.queue_number is not None and status not in _NO_TOKEN
        self.token.setEnabled(has_token or status is VisitStatus.SCHEDULED)
        self.pay.setEnabled(one is not None and self._owed(one) is not None)
        self.no_show.setEnabled(status is VisitStatus.SCHEDULED and is_due)
        self.cancel.setEnabled(status in (VisitStatus.SCHEDULED, VisitStatus.WAITING))
        self.left.setEnabled(status in (VisitStatus.WAITING, VisitStatus.CALLED))
        self.more.setEnabled(one is not None)
        for entry in (self.book, self.walk_in):
            entry.setEnabled(one is not None)

    def pop_up(self, at: QPoint) -> None:
        """The menu of the selected rows: everything that can be done, with its key."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        one = self._one
        if one is not None:
            menu.addAction(_("Open the file") + "\t" + _("Enter"), lambda: self._desk.open("patient", patient_id=one.patient_id))
            menu.addSeparator()
        menu.addActions([self.walk_in, self.book])
        for button in (self.check_in, self.call, self.token, self.pay, self.no_show, self.cancel, self.left):
            if button.isVisibleTo(self) and button.isEnabled():
                keys = button.toolTip().rpartition("(")[2].rstrip(")")
                menu.addAction(button.icon(), f"{button.text()}\t{keys}", button.click)
        if one is not None and one.appointment_id is not None and one.status is VisitStatus.SCHEDULED:
            menu.addAction(_("Print appointment slip"), lambda: self._print_slip(one))
        if one is not None and one.appointment_id is not None and one.status is VisitStatus.WAITING:
            menu.addAction(_("Not here after all"), lambda: self.take_back([one.visit_id]))
        menu.popup(at)

    # Arriving, and what takes it back

    def _check_in(self) -> None:
        found = self._chosen()
        if len(found) == 1:
            one = found[0]
            self.check_in.run(
                self._work, self, commands.check_in, visit_id=one.visit_id, then=lambda arrival: self.tell_arrived(one, arrival)
            )
        elif found:
            ids = [visit.visit_id for visit in found]
            self.check_in.run(self._work, self, commands.check_in_together, visit_ids=ids, then=self._all_arrived, failed=self._refused)

    def tell_arrived(self, visit: VisitRow, arrival: ArrivalRow) -> None:
        """Say with which token a patient waits; it can be taken back."""
        text = arrival_text(visit.patient_name, arrival)
        self._desk.toast(text, tone=Tone.GOOD, undo=lambda: self.take_back([visit.visit_id]))

    def _all_arrived(self, arrivals: list[ArrivalRow]) -> None:
        numbers = listed(str(one.queue_number) for one in arrivals)
        said = ngettext("{n} patient waits, token {numbers}.", "{n} patients wait, tokens {numbers}.", len(arrivals))
        ids = [one.visit_id for one in arrivals]
        self._desk.toast(said.format(n=len(arrivals), numbers=numbers), tone=Tone.GOOD, undo=lambda: self.take_back(ids))

    def take_back(self, visit_ids: list[UUID]) -> None:
        """Somebody is not here after all."""
        for visit_id in visit_ids:
            self._work.do(self, commands.take_back_arrival, visit_id=visit_id, failed=self._refused)

    def _call(self) -> None:
        one = self._one
        if one is not None and one.doctor_room:
            called = _("{name} is called to room {room}.").format(name=one.patient_name, room=one.doctor_room)
            toast, room = self._desk.toast, one.doctor_room
            self.call.run(
                self._work, self, commands.call, visit_id=one.visit_id, room=room, then=lambda _ticket: toast(called, tone=Tone.GOOD)
            )

    # Paper, money, other screens

    def _print(self) -> None:
        one = self._one
        if one is None:
            return
        if one.queue_number is None:
            self._print_slip(one)
        else:
            show_document(self._screen, _("Queue token"), QUEUE_TOKEN, visit_id=one.visit_id)

    def _print_slip(self, visit: VisitRow) -> None:
        show_document(self._screen, _("Appointment slip"), APPOINTMENT_SLIP, visit_id=visit.visit_id)

    def _pay(self) -> None:
        one = self._one
        found = None if one is None else self._owed(one)
        if found is not None:
            self._desk.open("cashier", invoice_id=found.invoice_id)

    def _book(self) -> None:
        one = self._one
        if one is not None:
            self._desk.open("booking", patient_id=one.patient_id, doctor_id=one.doctor_id)

    def _walk_in(self) -> None:
        one = self._one
        if one is not None:
            self.walk_in_wanted.emit(one)

    # Ends

    def _ask_no_show(self) -> None:
        visit = self._one
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
        visit = self._one
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
        visit = self._one
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

    def _refused(self, error: ClinicError) -> None:
        self._desk.toast(wording.sentence(error), tone=Tone.WARN)
        self._screen.refresh()
