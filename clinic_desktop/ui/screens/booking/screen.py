"""Booking: who, what, with whom and when; arrows move through the places, Enter books."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk.commands import BookingRow
from clinic_desktop.clinic.frontdesk.commands.places import OVERRIDE
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind
from clinic_desktop.clinic.patients.events import PatientChanged
from clinic_desktop.clinic.patients.queries import PatientHit
from clinic_desktop.clinic.staff.events import LeaveDecided, LeaveTakenBack, ScheduleChanged
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.calendar import DoctorCalendar
from clinic_desktop.ui.screens.booking.moving import MoveNotice
from clinic_desktop.ui.screens.booking.other_time import ask_time
from clinic_desktop.ui.screens.booking.planned import PlannedList
from clinic_desktop.ui.screens.booking.posting import Poster
from clinic_desktop.ui.screens.booking.reading import Plan, plan
from clinic_desktop.ui.screens.booking.side import Side
from clinic_desktop.ui.screens.booking.tools import BookingTools
from clinic_desktop.ui.screens.reception.hits import PatientHits
from clinic_desktop.ui.screens.reception.patient_screen import VISIT_EVENTS
from clinic_desktop.ui.screens.reception.reading import PatientFile, on_offer, patient_file
from clinic_desktop.ui.screens.reception.words import banner_of
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_16
from clinic_desktop.ui.widgets import Button, Card, Page, PatientBanner, SearchBox


class BookingScreen(Screen):
    """A patient above, the wish at the side, the doctor's week and day in the middle, what is booked below."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.file: PatientFile | None = None
        self._draft: dict[str, Any] | None = None
        self.moving: VisitRow | None = None
        self.search = SearchBox(_("Find a patient"), placeholder=_("Name, phone, number or birth date"))
        self.search.setMinimumWidth(scaled(360))
        self.banner, self.pages = PatientBanner(self), QStackedWidget(self)
        self._plan = QWidget(self.pages)
        self._middle = Card(parent=self._plan)
        self.hits = PatientHits(self, self.search, self.pages)
        self.side = Side(self, self._plan)
        self.wish, self.note, self.problem, self.book = self.side.wish, self.side.note, self.side.problem, self.side.book
        self.calendar = DoctorCalendar(desk, self._middle)
        self.planned, self.notice = PlannedList(self, self._plan), MoveNotice(desk, self._middle)
        self.poster, self.other = Poster(self, self.book), Button(_("Another time…"), icon_name="clock", role="quiet")
        self.tools = BookingTools(self)
        self._lay_out()
        self._wire()
        begin_at(self, self.search)
        self._show_state()

    def _lay_out(self) -> None:
        page = Page(self, _("Appointments"), actions=[self.tools.alerts, self.search])
        for above in (self.tools.alerts.late, self.notice):
            self._middle.body.addWidget(above)
        self._middle.body.addWidget(self.calendar, 1)
        self.calendar.week.tools.insertWidget(0, self.other)
        column = QVBoxLayout()
        column.setSpacing(GAP_12)
        column.addWidget(self._middle, 1)
        column.addWidget(self.planned)
        across = QHBoxLayout(self._plan)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_16)
        across.addWidget(self.side)
        across.addLayout(column, 1)
        self.pages.addWidget(self._plan)
        self.pages.addWidget(self.hits)
        page.body.addWidget(self.banner)
        page.body.addWidget(self.pages, 1)

    def _wire(self) -> None:
        self.hits.key_register("F2")
        self.hits.searching.connect(lambda is_on: self.pages.setCurrentIndex(int(is_on)))
        self.hits.chosen.connect(self._choose_hit)
        self.hits.register_wanted.connect(self._register)
        self.wish.changed.connect(self._read_plan)
        self.calendar.day_changed.connect(self._read_plan)
        self.calendar.picked.connect(self._show_state)
        self.calendar.entered.connect(self._book_chosen)
        self.book.clicked.connect(self._book_chosen)
        self.poster.booked.connect(self._booked)
        self.poster.refused.connect(self._refused)
        self.other.clicked.connect(lambda: ask_time(self, self.file, self.calendar.day, self.poster, self._book_at))
        self.planned.move_wanted.connect(self._begin_move)
        self.notice.given_up.connect(self._end_move)
        self.watch(*VISIT_EVENTS, PatientChanged, LeaveDecided, LeaveTakenBack, ScheduleChanged)

    # What the shell does with it

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.calendar.want_focus()

    def refresh(self) -> None:
        """Read doctors, places and the patient's appointments again."""
        self.tools.read()
        self.work.read(self, on_offer, latest="offer", then=self.wish.offer, clinic_id=self.desk.clinic_id, day=self.desk.today())
        if self.file is not None:
            self._read_patient(self.file.patient.id)

    def open(
        self,
        *,
        patient_id: UUID | None = None,
        doctor_id: UUID | None = None,
        service_id: UUID | None = None,
        day: date | None = None,
        start: datetime | None = None,
        minutes: int | None = None,
        kind: AppointmentKind | None = None,
        work_through: str = "",
        **_what: Any,
    ) -> None:
        """Book for a patient, perhaps with all or some of the wish; or open one of the clinic's lists to be worked through."""
        self.wish.want(**{name: one for name, one in (("doctor", doctor_id), ("service", service_id)) if one is not None})
        self.wish.want_place(start, minutes)
        self.calendar.want(day, start)
        if patient_id is not None:
            self._choose_patient(patient_id)
        if kind is not None:
            self.wish.choose_kind(kind)
        if work_through:
            self.tools.actions[work_through].trigger()

    def draft(self) -> dict[str, Any] | None:
        """For whom and why, once a reason is typed."""
        kept = self.whereabouts()
        return kept if kept is not None and kept["reason"] else None

    def whereabouts(self) -> dict[str, Any] | None:
        """For whom, with whom and when."""
        if self.file is None:
            return self._draft
        return {"patient": str(self.file.patient.id), "day": self.calendar.day.isoformat(), **self.wish.draft()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.wish.restore(draft)
        day, kind = max(date.fromisoformat(draft["day"]), self.desk.today()), AppointmentKind(draft["kind"])
        self.open(patient_id=UUID(draft["patient"]), day=day, kind=kind)
        self.wish.restore_words(draft)
        self._draft = draft

    # Who

    def _choose_hit(self, hit: PatientHit) -> None:
        self.search.clear()
        self._choose_patient(hit.id)

    def _choose_patient(self, patient_id: UUID) -> None:
        self._end_move()  # whoever asks for a new appointment does not mean the one that was about to be moved
        if self.file is None or self.file.patient.id != patient_id:
            self.file = None
            self.note.forget()
            self.banner.show_patient(None)
            self.planned.show_visits([])
            self.wish.begin()
        self.calendar.want_focus()
        self._read_patient(patient_id)

    def _read_patient(self, patient_id: UUID) -> None:
        self.work.read(self, patient_file, latest="patient", then=self._show_patient, patient_id=patient_id, today=self.desk.today())

    def _show_patient(self, file: PatientFile) -> None:
        self.file, self._draft = file, None
        self.banner.show_patient(banner_of(file.patient, self.desk.today(), same_name=file.same_name))
        self.planned.show_visits(file.upcoming)
        self._read_plan()

    def _register(self, text: str) -> None:
        self.search.clear()
        self.desk.open("registration", text=text)

    # When

    def _read_plan(self) -> None:
        self._show_state()
        wish = self.wish.wish(self.file.patient.id if self.file else None, self.calendar.day, self.moving)
        if wish is not None:
            self.work.read(self, plan, latest="plan", then=self._show_plan, wish=wish, clinic_id=self.desk.clinic_id, now=self.desk.now())

    def _show_plan(self, found: Plan) -> None:
        self.calendar.show_days(found.days, may_focus=self.file is not None)
        self.wish.show_plan(found, self.calendar.day)
        self._show_state()

    # Booking and moving

    def _show_state(self) -> None:
        self.poster.show_place(self.calendar.start, is_move=self.moving is not None)
        self.notice.show_visit(self.moving)
        self.other.setVisible(self.desk.actor.may(OVERRIDE) and self.file is not None)

    def _begin_move(self, visit: VisitRow) -> None:
        self.moving = visit
        self.wish.want(doctor=visit.doctor_id, service=visit.service_id)
        self.side.say("")
        self.calendar.want_focus()
        self.calendar.choose_day(visit.business_date)

    def _end_move(self) -> None:
        self.moving = None
        self.side.say("")
        self._read_plan()

    def _book_chosen(self) -> None:
        if self.calendar.start is None:
            self.side.say(_("Choose a time first."))
        else:
            self._book_at(self.calendar.start)

    def _book_at(self, start: datetime, override_reason: str | None = None) -> None:
        wish = self.wish.wish(None, self.calendar.day)
        if self.file is None or wish is None:
            self.side.say(_("Choose a patient first."))
            self.search.setFocus()
            return
        self.side.say("")
        if self.moving is not None:
            self.poster.move(self.moving, wish, start, override_reason, following=self.notice.following.isChecked())
        else:
            details = {name: self.wish.form[name].value() for name in ("source", "reason")}
            self.poster.book(self.file.patient.id, wish, start, override_reason, **details)

    def _booked(self, booking: BookingRow) -> None:
        self.moving = None
        self.note.show_booking(booking, self.file.patient.full_name if self.file else "")
        self.wish.forget()
        self.calendar.slots.forget()
        # A further Enter must not book again: it stands on the next thing to do.
        (self.note.token if self.note.token.isVisible() else self.search).setFocus()

    def _refused(self, error: ClinicError) -> None:
        if not self.wish.form.refuse(error):
            self.side.say(wording.sentence(error))
        self._read_plan()
