"""Leave of doctors: what is asked for first, with the appointments that it would hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import events as frontdesk
from clinic_desktop.clinic.staff import commands, events
from clinic_desktop.clinic.staff.queries import LeaveRow, doctor_of_user, doctors, leaves
from clinic_desktop.clinic.staff.rules import LeaveStatus
from clinic_desktop.kernel.formats import days_text, isolated, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.deciding import DecideLeave
from clinic_desktop.ui.screens.staff.hits import HitsPanel
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, DateField, Label, LineEdit, Page
from clinic_desktop.ui.widgets.times import TimeField

_BACK = timedelta(days=365)
_TONES = {
    LeaveStatus.REQUESTED: Tone.WARN,
    LeaveStatus.APPROVED: Tone.GOOD,
    LeaveStatus.REJECTED: Tone.NEUTRAL,
    LeaveStatus.WITHDRAWN: Tone.NEUTRAL,
}
_ORDER = {LeaveStatus.REQUESTED: 0, LeaveStatus.APPROVED: 1, LeaveStatus.REJECTED: 2, LeaveStatus.WITHDRAWN: 2}


@dataclass(frozen=True, slots=True)
class Away:
    """Leaves, those that wait for an answer first; the doctors; and which of them the person at the desk is."""

    rows: Sequence[LeaveRow]
    doctors: Sequence[tuple[str, UUID]]
    own_id: UUID | None


def away(session: Any, *, since: date, user_id: UUID | None) -> Away:
    """All that the screen shows."""
    rows = sorted(leaves(session, first=since), key=lambda one: (_ORDER[one.status], _nearness(one)))
    own = None if user_id is None else doctor_of_user(session, user_id)
    return Away(rows, [(one.full_name, one.id) for one in doctors(session)], own.id if own else None)


def _nearness(row: LeaveRow) -> tuple[int, UUID]:
    """What waits: the earliest first; what is decided: the latest first."""
    days = row.first_day.toordinal()
    return (days if row.status is LeaveStatus.REQUESTED else -days), row.id


class LeavesScreen(Screen):
    """List of leaves, the form of a new one, and what one hits."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._own: UUID | None = None
        self._wanted: UUID | None = None
        page = Page(self, _("Doctors' leave"))
        self.records = RecordList(
            self,
            _("Doctors' leave"),
            _columns(),
            fill=self._fill,
            save=self._save,
            new=_("Ask for leave"),
            empty=_("No leave in the last year. Press F2 to ask for some."),
            form_width=460,
        )
        form, today = self.records.form, desk.today()
        form.add("doctor_id", _("Doctor"), Choice(_("Doctor"), placeholder=_("Choose")), required=True, span=2)
        form.add("first_day", _("First day"), DateField(_("First day"), today=today), required=True)
        form.add("last_day", _("Last day"), DateField(_("Last day"), today=today))
        form.add("start", _("From, for a part of one day"), TimeField(_("From")))
        form.add("end", _("Until"), TimeField(_("Until")))
        form.add("reason", _("Reason"), LineEdit(limit=500), span=2)
        self.told = Label(wrap=True)
        self.hits = HitsPanel(self)
        self.records.below.addWidget(self.told)
        self.records.below.addWidget(self.hits)
        self.approve = BusyButton(_("Approve…"), icon_name="check", role="primary")
        self.reject = BusyButton(_("Reject…"), icon_name="x", role=None)
        self.take_back = BusyButton(_("Take back…"), icon_name="undo-2", role=None)
        if desk.may(commands.approve_leave):
            for button in (self.approve, self.reject):
                self.records.add_action(button, shown=lambda row: row.status is LeaveStatus.REQUESTED)
            self.records.add_action(self.take_back, shown=lambda row: row.status is LeaveStatus.APPROVED and row.last_day >= desk.today())
        self.records.begin(may_change=desk.may(commands.request_leave) or desk.may(commands.approve_leave))
        self._wire()
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)

    def _wire(self) -> None:
        self.approve.clicked.connect(lambda: self._ask(LeaveStatus.APPROVED))
        self.reject.clicked.connect(lambda: self._ask(LeaveStatus.REJECTED))
        self.take_back.clicked.connect(lambda: self._ask(LeaveStatus.WITHDRAWN))
        self.records.shown.connect(self._show_more)
        self.watch(events.LeaveRequested, events.LeaveDecided, events.LeaveTakenBack, events.DoctorRegistered, events.DoctorDeactivated)
        self.watch(frontdesk.AppointmentBooked, frontdesk.AppointmentMoved, frontdesk.AppointmentCancelled)

    # What the shell does with it

    def refresh(self) -> None:
        """Read the leaves again."""
        since, user_id = self.desk.today() - _BACK, self.desk.actor.user_id
        self.work.read(self, away, latest="rows", then=self._show, since=since, user_id=user_id)

    def open(self, *, doctor_id: UUID | None = None, leave_id: UUID | None = None, **_what: Any) -> None:
        """Ask for leave of a doctor, or show one that was asked for."""
        if leave_id is not None:
            self.records.choose(leave_id)
        elif doctor_id is not None:
            self._wanted = doctor_id
            self.refresh()

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    # How it behaves

    def _show(self, found: Away) -> None:
        self._own = found.own_id
        names = dict.fromkeys(((one.doctor_name, one.doctor_id) for one in found.rows), None)
        self.records.form["doctor_id"].set_options(dict.fromkeys([*found.doctors, *names]))
        self.records.set_rows(found.rows)
        self.desk.badge("leaves", sum(1 for one in found.rows if one.status is LeaveStatus.REQUESTED))
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.records.start_new()
            if self.records.is_new:
                self.records.form["doctor_id"].set_value(wanted)
                self.records.form["first_day"].setFocus()
        elif self.records.record is not None:
            self._show_more(self.records.record)

    def _fill(self, row: LeaveRow | None) -> None:
        form = self.records.form
        form["doctor_id"].set_value(row.doctor_id if row else self._own)
        form["first_day"].set_value(row.first_day if row else None)
        form["last_day"].set_value(row.last_day if row else None)
        form["start"].set_value(row.start if row else None)
        form["end"].set_value(row.end if row else None)
        form["reason"].setText((row.reason if row else None) or "")
        form.setVisible(row is None)  # what was asked for does not change: it is told, not typed

    def _save(self, values: dict[str, Any], row: LeaveRow | None) -> Act | None:
        if row is not None:
            return None
        return commands.request_leave, {**values, "last_day": values["last_day"] or values["first_day"]}

    def _show_more(self, row: LeaveRow | None) -> None:
        self.told.setText("" if row is None else _history(row))
        self.told.setVisible(row is not None)
        self.hits.show_leave(row)

    def _ask(self, wanted: LeaveStatus) -> None:
        row = self.records.record
        if row is not None:
            DecideLeave(self, row, len(self.hits.table.rows), wanted).open()


def span_text(first: date, last: date, start: time | None, end: time | None) -> str:
    """The days, or the part of one day, in one line."""
    days = days_text(first, last)
    return days if start is None or end is None else f"{days}, {time_text(start)} – {time_text(end)}"


def _history(row: LeaveRow) -> str:
    lines = [_days(row), *([row.reason] if row.reason else [])]
    if row.requested_by:
        lines.append(_("Asked for by {name}.").format(name=isolated(row.requested_by)))
    if row.decided_by:
        lines.append(
            _("{status} by {name}.").format(status=wording.status(row.status), name=isolated(row.decided_by))
            + (f" {row.decision_note}" if row.decision_note else "")
        )
    return "\n".join(lines)


def _days(row: LeaveRow) -> str:
    return span_text(row.first_day, row.last_day, row.start, row.end)


def _first_day(row: LeaveRow) -> date:
    return row.first_day


def _columns() -> list[Column]:
    return [
        Column(_("Doctor"), lambda one: one.doctor_name, width=116, tooltip=lambda one: one.doctor_name),
        Column(_("Days"), _days, width=0, tooltip=_days, sort_key=_first_day),
        Column(_("Status"), lambda one: wording.status(one.status), chip=lambda one: _TONES[one.status], width=128),
        Column(_("Reason"), lambda one: one.reason or "", width=160, hidden=True),
    ]
