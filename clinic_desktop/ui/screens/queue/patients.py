"""What is done with one waiting or called patient: vital signs, transfer, priority, left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands, queries
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import Priority, VisitStatus
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.queue.day_end import CloseQueueDialog
from clinic_desktop.ui.screens.queue.dialogs import HoldDialog, TransferDialog, why_not_from_inside
from clinic_desktop.ui.screens.queue.reading import Doctors
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.screens.reception.words import banner_of
from clinic_desktop.ui.widgets import ask, ask_reason, tell
from clinic_desktop.wording import status


class PatientActions(QObject):
    """The questions and commands about one visit of the board."""

    def __init__(self, screen: Screen, late: Callable[[ClinicError], object]) -> None:
        super().__init__(screen)
        self._screen, self._work, self._desk, self._late = screen, screen.work, screen.desk, late
        self.doctors = Doctors((), None)

    def take_vitals(self, visit: VisitRow) -> None:
        """Enter vital signs."""

        def show(found: tuple[patients.PatientRow, bool]) -> None:
            VitalsDialog(self._screen, visit.visit_id, banner_of(found[0], self._desk.today(), same_name=found[1])).open()

        self._work.read(self, _patient, latest="vitals", then=show, patient_id=visit.patient_id)

    def transfer(self, visit: VisitRow) -> None:
        """Choose another doctor, or a room without one; whoever is with a doctor stands in no queue."""
        if visit.status is VisitStatus.IN_PROGRESS:
            tell(self._screen, _("Transfer"), why_not_from_inside(visit))
        else:
            TransferDialog(self._screen, visit, self.doctors).open()

    def ask_left(self, visit: VisitRow) -> None:
        """The patient is gone: ask, because the visit ends with it."""
        text = _("{number} · {name} went away without being seen. Nothing is charged and the number is not given again.")
        ask(
            self._screen,
            _("Left without being seen?"),
            text.format(number=visit.queue_number, name=visit.patient_name),
            yes=_("Left"),
            role="danger",
            then=lambda: self._work.do(self, commands.leave_unseen, failed=self._late, visit_id=visit.visit_id),
        )

    def choose_priority(self, visit: VisitRow, below: QWidget) -> QMenu:
        """Offer the priorities."""
        menu = QMenu(below)
        for one in Priority:
            action = menu.addAction(status(one), partial(self._prioritise, visit, one))
            action.setCheckable(True)
            action.setChecked(one is visit.priority)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))
        return menu

    def _prioritise(self, visit: VisitRow, priority: Priority) -> None:
        ranks = list(Priority)
        if visit.priority is not None and ranks.index(priority) >= ranks.index(visit.priority):
            self._work.do(self, commands.prioritise, failed=self._late, visit_id=visit.visit_id, priority=priority)
            return
        text = _("{number} · {name} is called before others who came earlier. The reason stands in the log.")

        def raise_it(reason: str) -> None:
            self._work.do(self, commands.prioritise, failed=self._late, visit_id=visit.visit_id, priority=priority, reason=reason)

        title = _("{priority}: why?").format(priority=status(priority))
        told = text.format(number=visit.queue_number, name=visit.patient_name)
        ask_reason(self._screen, title, told, yes=_("Raise the priority"), role="primary", then=raise_it)

    def hold(self, visit: VisitRow) -> None:
        """The patient is out for a moment."""
        HoldDialog(self._screen, visit).open()

    def close_queue(self, *, only_earlier: bool = False) -> None:
        """Show who still stands in the queue, and offer to close it."""
        today = self._desk.today()
        day = today - timedelta(days=1) if only_earlier else today

        def show(rows: list[VisitRow]) -> None:
            if rows:
                CloseQueueDialog(self._screen, rows, today).open()
            else:
                self._desk.toast(_("Nobody stands in the queue any more."))

        self._work.read(self, queries.left_open, latest="close", then=show, clinic_id=self._desk.clinic_id, day=day)

    def fill_menu(self, visit: VisitRow, menu: QMenu) -> None:
        """What the card of a called patient, or of one with a doctor, offers besides its buttons."""
        for text, command, action, is_offered in (
            (_("Transfer…"), commands.transfer, self.transfer, True),
            (_("Vital signs…"), clinical.record_vitals, self.take_vitals, True),
            (_("Left without being seen…"), commands.leave_unseen, self.ask_left, visit.status is VisitStatus.CALLED),
        ):
            if self._desk.may(command) and is_offered:
                menu.addAction(text, partial(action, visit))


def _patient(session: object, *, patient_id: object) -> tuple[patients.PatientRow, bool]:
    return patients.patient(session, patient_id), patients.has_namesake(session, patient_id)  # type: ignore[arg-type]
