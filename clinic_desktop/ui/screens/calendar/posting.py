"""From what was let go to what is saved: asks where a reason or another fee needs it, says what happened, and takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.clinic.frontdesk.queries import MoveFee, PlannedRow, fee_after_move
from clinic_desktop.kernel.errors import ClinicError, StaleRecord
from clinic_desktop.kernel.formats import datetime_text, isolated, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.calendar.carrying import Drop, Held
from clinic_desktop.ui.screens.calendar.grid import CalendarGrid
from clinic_desktop.ui.screens.calendar.words import problem_text, span_text
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import ask, ask_reason, beside

Params = dict[str, Any]


class Poster(QObject):
    """Saves moves and lengths, one at a time of each appointment."""

    def __init__(self, screen: Screen, grid: CalendarGrid) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._grid = screen, screen.desk, grid

    def post(self, drop: Drop) -> None:
        """Save what was let go; nothing of it where it cannot stand there."""
        row, problem = drop.row, drop.verdict.problem
        if row is None:
            return
        if drop.verdict.is_refused:
            self._desk.toast(_("Not moved: {reason}.").format(reason=problem_text(problem or "full")), tone=Tone.WARN)
            return
        if problem is None:
            self._price(drop, row, None)
            return
        text = _("{problem}. The reason is kept with the appointment.").format(problem=problem_text(problem))
        ask_reason(
            self._screen,
            _("Move it there all the same?"),
            text,
            yes=_("Move it"),
            role="primary",
            then=lambda reason: self._price(drop, row, reason),
        )

    def _price(self, drop: Drop, row: PlannedRow, reason: str | None) -> None:
        """Another doctor or day may cost something else: then it is said before."""
        if drop.held is Held.EDGE:
            self._resize(row, drop, reason)
            return

        def priced(fees: MoveFee) -> None:
            if fees.before == fees.after:
                self._move(row, drop, reason)
                return
            text = _("With this doctor or on this day the visit costs {after} instead of {before}.").format(
                after=isolated(money_text(fees.after)), before=isolated(money_text(fees.before))
            )
            ask(self._screen, _("Move it at another fee?"), text, yes=_("Move it"), then=lambda: self._move(row, drop, reason))

        self._screen.work.read(
            self, fee_after_move, latest="fee", then=priced, appointment_id=row.id, doctor_id=drop.doctor_id, day=drop.day
        )

    def _move(self, row: PlannedRow, drop: Drop, reason: str | None) -> None:
        def moved(booking: BookingRow) -> None:
            when = datetime_text(booking.start, timezone=self._desk.place.timezone)
            said = beside(_("Moved: {name}").format(name=row.patient_name), when)
            back = {"appointment_id": row.id, "start": row.start, "doctor_id": row.doctor_id}
            self._desk.toast(said, tone=Tone.GOOD, undo=lambda: self._take_back(commands.move, back))

        to = {"start": drop.start, "doctor_id": drop.doctor_id, "override_reason": reason}
        self._run(row, commands.move, moved, appointment_id=row.id, row_version=row.row_version, **to)

    def _resize(self, row: PlannedRow, drop: Drop, reason: str | None) -> None:
        def resized(booking: BookingRow) -> None:
            said = beside(row.patient_name, span_text(booking.start, booking.end, self._desk.place.timezone))
            back = {"appointment_id": row.id, "end": row.end}
            self._desk.toast(said, tone=Tone.GOOD, undo=lambda: self._take_back(commands.resize_appointment, back))

        to = {"end": drop.end, "override_reason": reason}
        self._run(row, commands.resize_appointment, resized, appointment_id=row.id, row_version=row.row_version, **to)

    def _take_back(self, command: Callable[..., Any], params: Params) -> None:
        self._screen.work.do(self, command, failed=self._refused, settled=self._screen.refresh, **params)

    def _run(self, row: PlannedRow, command: Callable[..., Any], then: Callable[[BookingRow], None], **params: Any) -> None:
        taking = self._grid.taking
        taking.posting = row.id

        def settled() -> None:
            taking.posting = None
            self._screen.refresh()

        self._screen.work.do(self, command, then=then, failed=self._refused, settled=settled, **params)

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, StaleRecord):
            text = _("Another desk has just changed this appointment. The calendar shows it as it is now.")
        else:
            text = wording.sentence(error)
        self._desk.toast(text, tone=Tone.BAD)
