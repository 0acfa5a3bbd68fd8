"""The calendar: a day of all doctors, the week of one, or the week of the clinic; everything in it is moved by hand or by keys."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.queries import PlannedRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.calendar.acting import Acts
from clinic_desktop.ui.screens.calendar.bar import Bar, View
from clinic_desktop.ui.screens.calendar.carrying import Drop, Held, Lost
from clinic_desktop.ui.screens.calendar.choosing import DoctorsDialog, Filters, GoToDialog
from clinic_desktop.ui.screens.calendar.likes import keep_likes, read_likes
from clinic_desktop.ui.screens.calendar.posting import Poster
from clinic_desktop.ui.screens.calendar.reading import CHANGED_BY, Span, span
from clinic_desktop.ui.screens.calendar.seeking import Seeker
from clinic_desktop.ui.screens.calendar.shortcuts import wire_keys
from clinic_desktop.ui.screens.calendar.showing import first_day, title_of
from clinic_desktop.ui.screens.calendar.stage import Stage
from clinic_desktop.ui.screens.calendar.steering import Cursor
from clinic_desktop.ui.screens.calendar.words import problem_text, status_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import Button, Card, Page, SearchBox, keep_if


class CalendarScreen(Screen):
    """One bar above three views of the same appointments."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.likes, self.filters = read_likes(desk), Filters()
        self.filters.hidden = self.likes.hidden
        self.day: date = desk.today()
        self.found: Span | None = None
        self.search = SearchBox(_("Find in the calendar"), placeholder=_("Find in the calendar"))
        self.search.setMinimumWidth(scaled(220))
        self.next_free = Button(_("Next free"), icon_name="calendar-check")
        self.book = Button(_("Book"), icon_name="calendar-plus", role="primary")
        self.bar, self.pages = Bar(self), Stage(self)
        self.grid, self.matrix = self.pages.grid, self.pages.matrix
        self.acts, self.poster, self.seeker = Acts(self, self.grid.taking), Poster(self, self.grid), Seeker(self)
        self.grid.set_step(self.likes.step)
        self._lay_out()
        self._wire()
        wire_keys(self)
        begin_at(self, self.pages)
        self.watch(*CHANGED_BY)

    def _lay_out(self) -> None:
        page = Page(self, _("Calendar"), actions=[self.search, self.next_free, self.book])
        card = Card(parent=self)
        card.body.addWidget(self.pages, 1)
        page.body.setSpacing(GAP_12)
        page.body.addWidget(self.bar)
        page.body.addWidget(card, 1)
        keep_if(self.book, self.desk.may(commands.book))
        keep_if(self.next_free, self.desk.may(commands.book))

    def _wire(self) -> None:
        bar, grid = self.bar, self.grid
        bar.moved.connect(self.step)
        bar.today.clicked.connect(lambda: self.go_to(self.desk.today()))
        bar.view_chosen.connect(self.choose_view)
        bar.doctor.activated.connect(lambda _place: self._choose_doctor(bar.doctor.value()))
        bar.doctors.clicked.connect(self._ask_doctors)
        bar.kind.currentIndexChanged.connect(lambda _place: self._filter())
        bar.nearer.clicked.connect(lambda: grid.zoom(1))
        bar.further.clicked.connect(lambda: grid.zoom(-1))
        grid.zoomed.connect(self._keep_step)
        grid.opened.connect(self.acts.open_file)
        grid.book_wanted.connect(self._book)
        grid.head_chosen.connect(self._head_chosen)
        for view in (grid, self.matrix):
            view.dropped.connect(self._dropped)
            view.menu_wanted.connect(
                lambda at: self.acts.menu(self.pages.current or self.pages.walk_in, at, may_pull=self.view is not View.CLINIC)
            )
            view.fixed.connect(self._say_fixed)
            view.lost.connect(self._say_lost)
        self.matrix.entered.connect(self._enter_day)
        self.acts.wants_move.connect(self.pages.pick_up)
        self.acts.wants_length.connect(grid.pick_up_edge)
        self.acts.wants_place.connect(lambda: self._book(grid.cursor_at))
        self.book.clicked.connect(lambda: self._book(grid.cursor_at))
        self.next_free.clicked.connect(self.seeker.next_free)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.chosen.connect(self.seeker.next_match)
        self.search.down.connect(self.pages.take_focus)
        self.pages.empty.acted.connect(self._ask_doctors)

    # What the shell does with it

    @property
    def view(self) -> View:
        """Which of the three is shown."""
        return self.likes.view

    def open(self, *, day: date | None = None, doctor_id: UUID | None = None, appointment_id: UUID | None = None, **_what: Any) -> None:
        """Show a day, the week of a doctor, or an appointment."""
        self.seeker.appointment_id = appointment_id
        if doctor_id is not None:
            self.likes.view, self.likes.doctor_id = View.WEEK, doctor_id
        self.go_to(day or self.day)

    def whereabouts(self) -> dict[str, Any] | None:
        """Which day is looked at."""
        return {"day": self.day.isoformat()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Look at it again."""
        self.go_to(date.fromisoformat(draft["day"]))

    def refresh(self) -> None:
        """Read the days shown again."""
        is_week = self.view is View.WEEK
        self.work.read(
            self,
            span,
            latest="span",
            then=self._show,
            clinic_id=self.desk.clinic_id,
            first=first_day(self.view, self.day),
            count=1 if self.view is View.DAY else 7,
            now=self.desk.now(),
            one=self.likes.doctor_id,
            hidden=None if is_week else frozenset(self.filters.hidden),
        )

    # Where to look

    def go_to(self, day: date) -> None:
        """Show another day."""
        self.day = day
        self.refresh()

    def step(self, by: int) -> None:
        """On or back by a day, or by a week where weeks are shown."""
        self.go_to(self.day + timedelta(days=by if self.view is View.DAY else 7 * by))

    def choose_view(self, view: View) -> None:
        """Show another view; the doctor at whom the cursor stands is the one whose week it is."""
        cursor = self.grid.cursor_at
        if view is View.WEEK and self.view is View.DAY and cursor is not None:
            self.likes.doctor_id = cursor.doctor_id
        elif view is View.WEEK and self.matrix.chosen is not None and self.view is View.CLINIC:
            self.likes.doctor_id, self.day = self.matrix.chosen
        elif view is View.DAY and self.view is View.WEEK and cursor is not None:
            self.day = cursor.day
        self.likes.view = view
        keep_likes(self.desk, self.likes)
        self.refresh()

    def _choose_doctor(self, doctor_id: UUID | None) -> None:
        self.likes.doctor_id = doctor_id
        keep_likes(self.desk, self.likes)
        self.refresh()

    def _head_chosen(self, column: int) -> None:
        """From a doctor of the day to his week, from a day of the week to all of its doctors."""
        assert self.grid.board is not None
        cell = self.grid.board.columns[column]
        self.likes.doctor_id, self.day = cell.doctor_id, cell.day
        self.likes.view = View.WEEK if self.view is View.DAY else View.DAY
        self.refresh()

    def _enter_day(self, doctor_id: UUID, day: date) -> None:
        self.seeker.appointment_id = None if self.matrix.picked is None else self.matrix.picked.id
        self.likes.doctor_id, self.day, self.likes.view = doctor_id, day, View.WEEK
        self.refresh()

    def _keep_step(self, step: int) -> None:
        self.likes.step = step
        keep_likes(self.desk, self.likes)

    def ask_day(self) -> None:
        """Go to a day that is typed."""
        GoToDialog(self, self.desk, self.day, self.go_to).open()

    def _ask_doctors(self) -> None:
        if self.found is not None:
            DoctorsDialog(self, self.found.doctors, self.filters.hidden, self._hide).open()

    def _hide(self, hidden: set[UUID]) -> None:
        self.filters.hidden = self.likes.hidden = hidden
        keep_likes(self.desk, self.likes)
        self.refresh()

    # What is there

    def _show(self, found: Span) -> None:
        self.found = found
        shown, view = found.shown, self.view
        self.day = self.day if self.day in shown.days else shown.days[0]
        self.bar.show_view(view, title_of(view, self.day))
        if view is View.WEEK and shown.doctors:
            self.likes.doctor_id = shown.doctors[0].id
        self.bar.offer_doctors(found.doctors, self.likes.doctor_id, self.filters.hidden)
        self.pages.show_span(view, found, self.filters)
        self.seeker.show_wanted()

    def _filter(self) -> None:
        self.filters.kind, self.filters.text = self.bar.kind.value(), self.search.text().strip()
        if self.found is not None:
            self.pages.show_span(self.view, self.found, self.filters)

    # What is done there

    def _book(self, cursor: Cursor | None, *, minutes: int | None = None) -> None:
        if not self.desk.may(commands.book):
            return
        if self.view is View.CLINIC and self.matrix.chosen is not None:
            doctor_id, day = self.matrix.chosen
            self.desk.open("booking", doctor_id=doctor_id, day=day)
        elif cursor is None or not cursor.is_empty:
            self.desk.open("booking", doctor_id=None if cursor is None else cursor.doctor_id, day=self.day)
        else:
            self.desk.open("booking", doctor_id=cursor.doctor_id, start=cursor.start, minutes=minutes)

    def _dropped(self, drop: Drop) -> None:
        if drop.held is not Held.STRETCH:
            self.poster.post(drop)
        elif drop.verdict.is_refused:
            reason = problem_text(drop.verdict.problem or "full")
            self.desk.toast(_("Nothing can be booked there: {reason}.").format(reason=reason), tone=Tone.WARN)
        else:
            self._book(Cursor(drop.doctor_id, drop.day, drop.start, drop.end), minutes=drop.minutes)

    def _say_lost(self, why: Lost) -> None:
        text = _("What you held is no longer in view. Nothing was changed.")
        if why is Lost.CHANGED:
            text = _("Another desk has just changed the appointment that you held.")
        self.desk.toast(text, tone=Tone.WARN)

    def _say_fixed(self, row: PlannedRow) -> None:
        text = _("The appointment of {name} cannot be moved any more: {status}.").format(name=row.patient_name, status=status_text(row))
        self.desk.toast(text, tone=Tone.WARN)
