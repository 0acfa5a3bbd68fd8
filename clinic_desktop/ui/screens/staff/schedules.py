"""Weekly hours: the week of one doctor at one clinic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.organisation.hours import WORKING_HOURS, WeekHours, overlaps, week_hours
from clinic_desktop.clinic.organisation.queries import clinics, setting_value
from clinic_desktop.clinic.staff import commands, events
from clinic_desktop.clinic.staff.queries import DoctorRow, ScheduleRow, doctors, schedules
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.elsewhere import Elsewhere, elsewhere, why_closed
from clinic_desktop.ui.screens.staff.hours_dialogs import ChangeHours, CopyDay, EndHours, NewHours, has_ended
from clinic_desktop.ui.screens.staff.week import WeekView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import Button, Choice, EmptyState, Label, Page, beside, keyed, row


@dataclass(frozen=True, slots=True)
class Weeks:
    """The doctors, the clinics with their opening hours, every doctor's weekly hours, and the clinics of other sites."""

    doctors: Sequence[DoctorRow]
    clinics: Sequence[tuple[str, UUID]]
    hours: Sequence[ScheduleRow]
    opening: Mapping[UUID, WeekHours]
    elsewhere: Elsewhere


def weeks(session: Any) -> Weeks:
    """All that the screen shows: there are few doctors, and choosing another shall not wait."""
    places = [(one.name, one.id) for one in clinics(session)]
    opening = {key: week_hours(setting_value(session, WORKING_HOURS, clinic_id=key)) for _name, key in places}
    return Weeks(doctors(session), places, schedules(session), opening, elsewhere(session))


class SchedulesScreen(Screen):
    """Choose a doctor and see the week."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._found = Weeks((), (), (), {}, {})
        self._wanted: str | None = None
        self.doctor, self.clinic = Choice(_("Doctor")), Choice(_("Clinic"))
        self.new = Button(_("New hours"), icon_name="plus", role="primary")
        self.leave = Button(_("Leave…"), icon_name="calendar-off")
        page = Page(self, _("Weekly hours"), actions=[self.leave, self.new])
        self.elsewhere = Label(tone="muted")
        self.closed = Label(tone="warn", wrap=True)
        self.week = WeekView(self)
        self.none = EmptyState(_("No doctors yet. Weekly hours belong to a doctor: add one first."), icon_name="stethoscope")
        for choice, width in ((self.doctor, 320), (self.clinic, 220)):
            choice.setFixedWidth(scaled(width))
        page.body.addLayout(row(self.doctor, self.clinic, self.elsewhere))
        page.body.addWidget(self.closed)
        page.body.addWidget(self.week, 1)
        page.body.addWidget(self.none, 1)
        self.none.hide()
        self._wire()
        self.watch(events.ScheduleChanged, events.DoctorRegistered, events.DoctorChanged, events.DoctorDeactivated)

    def _wire(self) -> None:
        keyed(self.new, "F2")
        self.new.clicked.connect(lambda: self._ask_new(0))
        self.leave.clicked.connect(lambda: self.desk.open("leaves", doctor_id=self.doctor.value()))
        self.doctor.currentIndexChanged.connect(lambda _place: self._show_week())
        self.clinic.currentIndexChanged.connect(lambda _place: self._show_week())
        self.week.add_wanted.connect(self._ask_new)
        self.week.copy_wanted.connect(self._ask_copy)
        self.week.change_wanted.connect(self._ask_change)
        self.week.end_wanted.connect(lambda one: EndHours(self, one).open())
        begin_at(self, self.doctor)

    # What the shell does with it

    def refresh(self) -> None:
        """Read doctors and hours again."""
        self.work.read(self, weeks, latest="weeks", then=self._show)

    def open(self, *, doctor_id: UUID | None = None, **_what: Any) -> None:
        """Show the week of a doctor."""
        if doctor_id is not None:
            self._wanted = str(doctor_id)
            self.refresh()

    def whereabouts(self) -> dict[str, Any] | None:
        """The doctor whose week is looked at."""
        return {"doctor": self.doctor.code(), "clinic": self.clinic.code()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Back to that doctor, once the doctors are there."""
        self._wanted = draft["doctor"]

    # How it behaves

    def _show(self, found: Weeks) -> None:
        self._found = found
        self.doctor.set_options((f"{one.full_name} · {one.specialty}", one.id) for one in found.doctors)
        is_first = self.clinic.value() is None
        self.clinic.set_options(found.clinics)
        if is_first:
            self.clinic.set_value(self.desk.clinic_id)
        if self._wanted is not None:
            self.doctor.choose_code(self._wanted)
            self._wanted = None
        self.clinic.setVisible(len(found.clinics) > 1)
        for widget in (self.week, self.doctor, self.new):
            widget.setVisible(bool(found.doctors))
        self.none.setVisible(not found.doctors)
        self._show_week()

    def _show_week(self) -> None:
        today, doctor_id, clinic_id = self.desk.today(), self.doctor.value(), self.clinic.value()
        own = [one for one in self._found.hours if one.doctor_id == doctor_id and not has_ended(one, today)]
        self.week.show_rows([one for one in own if one.clinic_id == clinic_id], today)
        why = why_closed(self._found.elsewhere, clinic_id)
        self.closed.setText(why)
        self.closed.setVisible(bool(why))
        for widget in (self.week, self.new):
            widget.setEnabled(not why)
        others = {one.clinic_id for one in own} - {clinic_id}
        names = [name for name, key in self._found.clinics if key in others]
        self.elsewhere.setText(_("Also works at {clinics}").format(clinics=beside(*names)) if names else "")

    def _room(self) -> str:
        found = next((one for one in self._found.doctors if one.id == self.doctor.value()), None)
        return (found.room if found else None) or ""

    def _ask_new(self, weekday: int) -> None:
        if self.desk.may(commands.add_schedule) and self.doctor.value() is not None:
            NewHours(self, self.doctor.value(), self.clinic.value(), weekday, self._room(), self._not_there()).open()

    def _not_there(self) -> WeekHours:
        """When the clinic is open and the doctor has no hours yet."""
        spans = self._found.opening.get(self.clinic.value(), {})
        own = [[(one.start, one.end) for one in day.spans] for day in self.week.days]
        return {day: [span for span in spans[day] if not any(overlaps(span, taken) for taken in own[day])] for day in spans}

    def _ask_copy(self, weekday: int) -> None:
        CopyDay(self, self.doctor.value(), self.clinic.value(), weekday).open()

    def _ask_change(self, one: ScheduleRow) -> None:
        dialog = ChangeHours(self, one, self._room())
        end = Button(_("End…"), icon_name="calendar-off", parent=dialog)
        dialog.buttons.insertWidget(0, end)
        end.clicked.connect(dialog.reject)
        end.clicked.connect(lambda: EndHours(self, one).open())
        dialog.open()
