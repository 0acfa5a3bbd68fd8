"""What is done with an appointment of the calendar: its menu, and each act through its command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.frontdesk.queries import PlannedRow, WalkInRow
from clinic_desktop.clinic.frontdesk.rules import FREED, AppointmentKind, AppointmentStatus, VisitStatus
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.calendar.taking import Taking
from clinic_desktop.ui.screens.reception.acts import arrival_text
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import ask, ask_reason

Act = tuple[str, str, str, Callable[[], object]]
"""Text, icon, key and what it does."""


class Acts(QObject):
    """The acts of the calendar; those that take the selected appointment up, or book a place, are wishes."""

    wants_move = Signal()
    wants_length = Signal()
    wants_place = Signal()

    def __init__(self, screen: Screen, taking: Taking) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._taking = screen, screen.desk, taking

    def menu(self, row: PlannedRow | WalkInRow | None, at: QPoint, *, may_pull: bool = True) -> QMenu | None:
        """Open the menu of an appointment, or of an empty place; None where there is nothing that the person may do.

        ``may_pull``: whether the view shows lengths, so that one can be changed there.
        """
        acts = (
            self._of_place() if row is None else self._of(row, may_pull=may_pull) if isinstance(row, PlannedRow) else self._of_walk_in(row)
        )
        if not acts:
            return None
        menu = QMenu(self._screen)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, icon_name, keys, does in acts:
            action = menu.addAction(icon(icon_name), f"{text}\t{keys}" if keys else text)
            action.triggered.connect(lambda _checked=False, does=does: does())
        menu.popup(at)
        menu.setActiveAction(menu.actions()[0])
        return menu

    def _of_place(self) -> list[Act]:
        return [(_("Book here"), "calendar-plus", _("Enter"), self.wants_place.emit)] if self._desk.may(commands.book) else []

    def _of_walk_in(self, row: WalkInRow) -> list[Act]:
        return [(_("Patient's file"), "user", _("Enter"), lambda: self.open_file(row))]

    def _of(self, row: PlannedRow, *, may_pull: bool = True) -> list[Act]:
        """What the person may do and the status allows."""
        may, is_planned = self._desk.may, row.visit_status is VisitStatus.SCHEDULED and row.status not in FREED
        is_pending = is_planned and row.status is AppointmentStatus.PENDING
        is_today, has_begun = row.day == self._desk.today(), row.start <= self._desk.now()
        can_cancel = row.visit_status in (VisitStatus.SCHEDULED, VisitStatus.WAITING) and row.status not in FREED
        offered: list[tuple[bool, Act]] = [
            (True, (_("Patient's file"), "user", _("Enter"), lambda: self.open_file(row))),
            (is_planned and is_today and may(commands.check_in), (_("Check in"), "user-check", "F4", lambda: self.check_in(row))),
            (is_pending and may(commands.confirm), (_("Confirm"), "check", "C", lambda: self.confirm(row))),
            (self._taking.can_move(row), (_("Move…"), "calendar-days", "M", self.wants_move.emit)),
            (may_pull and self._taking.can_resize(row), (_("Change the length…"), "clock", "L", self.wants_length.emit)),
            (may(commands.book), (_("Book follow-up…"), "calendar-plus", "", lambda: self.follow_up(row))),
            (is_planned and has_begun and may(commands.mark_no_show), (_("Did not come"), "user-x", "F9", lambda: self.no_show(row))),
            (can_cancel and may(commands.cancel), (_("Cancel…"), "x", "F10", lambda: self.cancel(row))),
        ]
        return [act for is_offered, act in offered if is_offered]

    def by_key(self, row: PlannedRow | None, name: str) -> None:
        """Do what a key says, where the menu would offer it."""
        if row is not None:
            for _text, _icon, keys, does in self._of(row):
                if keys == name:
                    does()

    # The acts

    def open_file(self, row: PlannedRow | WalkInRow) -> None:
        """Show the patient."""
        self._desk.open("patient", patient_id=row.patient_id, visit_id=row.visit_id)

    def follow_up(self, row: PlannedRow) -> None:
        """Book a further visit of the same patient with the same doctor."""
        self._desk.open("booking", patient_id=row.patient_id, doctor_id=row.doctor_id, kind=AppointmentKind.FOLLOW_UP)

    def confirm(self, row: PlannedRow) -> None:
        """The patient said that they will come."""
        done = _("{booking} is confirmed.").format(booking=row.booking_id)
        self._run(commands.confirm, lambda _answer: self._desk.toast(done, tone=Tone.GOOD), appointment_id=row.id)

    def check_in(self, row: PlannedRow) -> None:
        """The patient is here."""

        def arrived(arrival: ArrivalRow) -> None:
            self._desk.toast(arrival_text(row.patient_name, arrival), tone=Tone.GOOD)

        self._run(commands.check_in, arrived, visit_id=row.visit_id)

    def no_show(self, row: PlannedRow) -> None:
        """The patient did not come: asked once."""
        text = _("{name} did not come. The appointment ends and its place is free again.").format(name=row.patient_name)

        def act() -> None:
            self._run(commands.mark_no_show, None, appointment_id=row.id)

        ask(self._screen, _("Did not come?"), text, yes=_("Did not come"), then=act)

    def cancel(self, row: PlannedRow) -> None:
        """Give it up, with a reason."""
        when = datetime_text(row.start, timezone=self._desk.place.timezone)
        text = _("{name}, {time}, {doctor}. The place is free again and nothing is charged.").format(
            name=row.patient_name, time=when, doctor=row.doctor_name
        )

        def act(reason: str) -> None:
            self._run(commands.cancel, None, appointment_id=row.id, reason=reason)

        ask_reason(self._screen, _("Cancel this visit?"), text, yes=_("Cancel the appointment"), no=_("Keep it"), then=act)

    def _run(self, command: Callable[..., Any], then: Callable[[Any], object] | None, **params: Any) -> None:
        self._screen.work.do(self, command, then=then, **params)
