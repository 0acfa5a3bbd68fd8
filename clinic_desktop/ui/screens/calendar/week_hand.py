"""What a hand holds over the week of the clinic: an appointment on its way to another day or doctor. No painting, no widget."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, DoctorDay, PlannedRow
from clinic_desktop.kernel.clock import local_instant
from clinic_desktop.ui.screens.calendar.carrying import Drop, Held, Lost
from clinic_desktop.ui.screens.calendar.judging import Verdict, judge
from clinic_desktop.ui.screens.calendar.words import clock_text, problem_text, span_text


class WeekHand:
    """Holds one appointment over a doctor's day: at its own time there, else at the nearest at which it fits."""

    def __init__(self, shown: CalendarRow, row: PlannedRow, *, now: Callable[[], datetime], may_override: bool) -> None:
        self.row, self.is_by_keys = row, False
        self._shown, self._now, self._may_override = shown, now, may_override
        self.doctor_id, self.day, self.start = row.doctor_id, row.day, row.start
        self.verdict = self._judged(row.start)

    @property
    def cell(self) -> DoctorDay:
        """The doctor's day over which it is held."""
        return self._shown.cells[self.doctor_id, self.day]

    @property
    def has_left(self) -> bool:
        """Whether letting go would change anything."""
        return (self.doctor_id, self.start) != (self.row.doctor_id, self.row.start)

    @property
    def lines(self) -> tuple[str, str]:
        """The new time, and whose it is or what is against it."""
        problem = self.verdict.problem
        when = span_text(self.start, self.verdict.end, self._shown.timezone)
        return when, self.row.patient_name if problem is None else problem_text(problem)

    @property
    def begins(self) -> str:
        """The new time without its end, where there is no room for both."""
        return clock_text(self.start, self._shown.timezone)

    def drop(self) -> Drop:
        """What letting go means."""
        return Drop(Held.APPOINTMENT, self.row, self.doctor_id, self.day, self.start, self.verdict.end, self.verdict)

    def place(self, doctor_id: UUID, day: date) -> None:
        """Hold it over another doctor's day."""
        self.doctor_id, self.day = doctor_id, day
        wanted = local_instant(day, self.row.start.astimezone(ZoneInfo(self._shown.timezone)).time(), self._shown.timezone)
        starts = [] if self._judged(wanted).problem is None else self._starts()
        self._stand(min(starts, key=lambda one: (abs(one - wanted), one), default=wanted))

    def go(self, *, doctors: int = 0, days: int = 0) -> None:
        """To the doctor or the day beside; at the edge it stays."""
        ids = [one.id for one in self._shown.doctors]
        row = min(max(ids.index(self.doctor_id) + doctors, 0), len(ids) - 1)
        column = min(max(self._shown.days.index(self.day) + days, 0), len(self._shown.days) - 1)
        if (ids[row], self._shown.days[column]) != (self.doctor_id, self.day):
            self.place(ids[row], self._shown.days[column])

    def later(self, by: int) -> None:
        """To the next (1) or the former (-1) time of this day at which it fits."""
        starts = self._starts()
        place = bisect_right(starts, self.start) if by > 0 else bisect_left(starts, self.start) - 1
        if 0 <= place < len(starts):
            self._stand(starts[place])

    def rest_on(self, shown: CalendarRow) -> Lost | None:
        """Go on over a week that was read again, perhaps another one; says why where that cannot be."""
        home = shown.cells.get((self.row.doctor_id, self.row.day))
        same = None if home is None else next((one for one in home.appointments if one.id == self.row.id), None)
        if home is not None and (same is None or same.row_version != self.row.row_version):
            return Lost.CHANGED
        if not shown.doctors:
            return Lost.AWAY
        ahead, self._shown = self._shown.days.index(self.day), shown
        if (self.doctor_id, self.day) in shown.cells:
            self._stand(self.start)
        else:
            ids = [one.id for one in shown.doctors]
            self.place(self.doctor_id if self.doctor_id in ids else ids[0], shown.days[ahead])
        return None

    def _stand(self, start: datetime) -> None:
        self.start, self.verdict = start, self._judged(start)

    def _starts(self) -> list[datetime]:
        return [slot.start for slot in self.cell.slots if self._judged(slot.start).problem is None]

    def _judged(self, start: datetime) -> Verdict:
        return judge(self.cell, start, self.row.minutes, self._now(), may_override=self._may_override, but=self.row.id)
