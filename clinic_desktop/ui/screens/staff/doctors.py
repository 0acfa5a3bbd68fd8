"""Doctors: who they are, what they charge by visit type, and when they work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QTabBar, QWidget

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access.queries import users
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.clinic.staff import commands, events
from clinic_desktop.clinic.staff.queries import DoctorRow, doctors, specialties
from clinic_desktop.kernel.formats import money_text, percent_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.fees import FeesPanel
from clinic_desktop.ui.screens.staff.words import active_first, add_ends
from clinic_desktop.ui.screens.staff.working import HoursPanel
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, LineEdit, MoneyEdit, Notes, Page, keep_if
from clinic_desktop.ui.widgets.numbers import NumberEdit
from clinic_desktop.ui.widgets.percent import PercentEdit


@dataclass(frozen=True, slots=True)
class Team:
    """The doctors, and what they may be given."""

    rows: Sequence[DoctorRow]
    people: Sequence[tuple[str, UUID]]
    specialties: Sequence[tuple[str, UUID]]
    departments: Sequence[tuple[str, UUID]]


def team(session: Any) -> Team:
    """Every doctor, the accounts that are or may become one, specialties and departments."""
    rows = doctors(session, with_inactive=True)
    specialised, placed = {one.specialty_id for one in rows}, {one.department_id for one in rows}
    kinds = [(one.name, one.id) for one in specialties(session, with_inactive=True) if one.is_active or one.id in specialised]
    places = [(one.name, one.id) for one in departments(session, with_inactive=True) if one.is_active or one.id in placed]
    known = {one.user_id for one in rows}
    free = [(f"{one.full_name} · {one.username}", one.id) for one in users(session, with_disabled=False) if one.id not in known]
    return Team(active_first(rows), [*((one.full_name, one.user_id) for one in rows), *free], kinds, places)


class DoctorsScreen(Screen):
    """List and form of the doctors."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._team = Team((), (), (), ())
        self._wanted: UUID | None = None
        self.account = Button(_("New account…"), icon_name="user-plus")
        keep_if(self.account, desk.may(access.create_user))
        self.account.clicked.connect(lambda: desk.open("users"))
        page = Page(self, _("Doctors"), actions=[self.account])
        self.records = RecordList(
            self,
            _("Doctors"),
            _columns(),
            fill=self._fill,
            save=self._save,
            new=_("New doctor"),
            empty=_("No doctors yet. A doctor needs an account first; then press F2."),
            form_width=488,
        )
        self._add_fields()
        self._add_actions()
        may = desk.may(commands.change_doctor)
        self.records.begin(may_change=may)
        self.fees, self.hours = FeesPanel(self, may), HoursPanel(self)
        self.tabs = QTabBar(self.records.panel)
        self._lay_out_tabs()
        self.records.shown.connect(self._show_more)
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.DoctorRegistered, events.DoctorChanged, events.DoctorDeactivated, events.FeeSet, events.ScheduleChanged)

    def _add_fields(self) -> None:
        form = self.records.form
        form.add("user_id", _("Person"), Choice(_("Person"), placeholder=_("Choose an account")), required=True, span=2)
        form.add("license_number", _("Licence number"), LineEdit(limit=60), required=True)
        form.add("specialty_id", _("Specialty"), Choice(_("Specialty"), placeholder=_("Choose")), required=True)
        form.add("department_id", _("Department"), Choice(_("Department"), placeholder=_("None")))
        form.add("room", _("Usual room"), LineEdit(limit=40))
        form.add("default_fee", _("Fee where none is set"), MoneyEdit(_("Fee"), self.desk.place.currency))
        form.add("share_basis_points", _("Share in percent"), PercentEdit(_("Share in percent")))
        form.add("qualification", _("Qualification"), LineEdit())
        form.add("experience_years", _("Years of experience"), NumberEdit(_("Years of experience")), required=True)
        form.add("bio", _("About"), Notes(_("About"), lines=2), span=2)

    def _lay_out_tabs(self) -> None:
        """The form is one of three pages; fees and hours are those of a doctor who is saved."""
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(_("Parts of a doctor"))
        for title in (_("Details"), _("Fees"), _("Weekly hours")):
            self.tabs.addTab(title)
        self.records.panel.body.insertWidget(0, self.tabs)
        self.records.below.addWidget(self.fees)
        self.records.below.addWidget(self.hours)
        self.tabs.currentChanged.connect(self._turn_to)
        self.records.panel.save.clicked.connect(lambda: self.tabs.setCurrentIndex(0))
        self._turn_to(0)

    def _turn_to(self, place: int) -> None:
        for number, part in enumerate((self.records.form, self.fees, self.hours)):
            part.setVisible(number == place)

    def _add_actions(self) -> None:
        for words, icon, wanted in ((_("Stop bookings"), "calendar-off", False), (_("Take bookings"), "calendar-check", True)):
            button = BusyButton(words, icon_name=icon, role=None)
            button.clicked.connect(partial(self._set_available, button, wanted))
            self.records.add_action(button, shown=partial(_differs, wanted))
        add_ends(
            self.records,
            (_("Deactivate"), commands.deactivate_doctor),
            (_("Activate"), commands.restore_doctor),
            lambda row: {"doctor_id": row.id},
        )

    def refresh(self) -> None:
        """Read the doctors again."""
        self.work.read(self, team, latest="rows", then=self._show)

    def open(self, *, doctor_id: UUID | None = None, **_what: Any) -> None:
        """Show one."""
        if doctor_id is not None and not self.records.choose(doctor_id):
            self._wanted = doctor_id

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _show(self, found: Team) -> None:
        form = self.records.form
        self._team = found
        for name, options in (("user_id", found.people), ("specialty_id", found.specialties), ("department_id", found.departments)):
            form[name].set_options(options)
        self.records.set_rows(found.rows)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.records.choose(wanted)
        elif self.records.record is not None:
            self._show_more(self.records.record)

    def _fill(self, row: DoctorRow | None) -> None:
        form = self.records.form
        form["user_id"].set_value(row.user_id if row else None)
        form["user_id"].setEnabled(row is None)
        form["license_number"].setText(row.license_number if row else "")
        form["specialty_id"].set_value(row.specialty_id if row else None)
        form["department_id"].set_value(row.department_id if row else None)
        form["room"].setText((row.room if row else None) or "")
        form["default_fee"].set_value(row.default_fee if row else None)
        form["share_basis_points"].set_value(row.share_basis_points if row else None)
        form["qualification"].setText((row.qualification if row else None) or "")
        form["experience_years"].set_value(row.experience_years if row else 0)
        form["bio"].set_value(row.bio if row else None)

    def _save(self, values: dict[str, Any], row: DoctorRow | None) -> Act:
        told = {**values, "share_basis_points": values["share_basis_points"] or 0}
        if row is None:
            return commands.register_doctor, told
        del told["user_id"]
        return commands.change_doctor, {"doctor_id": row.id, "row_version": row.row_version, **told}

    def _show_more(self, row: DoctorRow | None) -> None:
        for place in (1, 2):
            self.tabs.setTabEnabled(place, row is not None)
        if row is None:
            self.tabs.setCurrentIndex(0)
        self.fees.show_doctor(row)
        self.hours.show_doctor(row)

    def _set_available(self, button: BusyButton, wanted: bool, _checked: bool = False) -> None:
        row = self.records.record
        if row is not None:
            done = _("Can be booked again.") if wanted else _("Takes no new bookings. What is booked stays.")
            self.records.run(button, commands.set_availability, done=done, doctor_id=row.id, is_available=wanted)


def _differs(wanted: bool, row: DoctorRow) -> bool:
    return row.is_active and row.is_available is not wanted


def _standing(row: DoctorRow) -> tuple[str, Tone]:
    if not row.is_active:
        return _("Not active"), Tone.NEUTRAL
    return (_("Active"), Tone.GOOD) if row.is_available else (_("No bookings"), Tone.WARN)


def _share(row: DoctorRow) -> int:
    return row.share_basis_points


def _columns() -> list[Column]:
    return [
        Column(_("Name"), lambda one: one.full_name, width=0),
        Column(_("Specialty"), lambda one: one.specialty, width=0),
        Column(_("Status"), lambda one: _standing(one)[0], chip=lambda one: _standing(one)[1], width=116),
        Column(_("Licence"), lambda one: one.license_number, width=110, hidden=True),
        Column(_("Room"), lambda one: one.room or "", width=70, hidden=True),
        Column(_("Share"), lambda one: percent_text(one.share_basis_points), align=END, width=76, sort_key=_share, hidden=True),
        Column(_("Department"), lambda one: one.department or "", width=140, hidden=True),
        Column(_("Fee"), lambda one: money_text(one.default_fee) if one.default_fee else "", align=END, width=100, hidden=True),
    ]
