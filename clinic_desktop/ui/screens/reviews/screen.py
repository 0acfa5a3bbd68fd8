"""Reviews, the latest first; whoever wished to be anonymous is named to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk import events, queries
from clinic_desktop.clinic.frontdesk.queries import RatingRow
from clinic_desktop.clinic.frontdesk.reviewing import READ_ALL
from clinic_desktop.kernel.formats import date_text, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Choice, Page

_TONES = {1: Tone.BAD, 2: Tone.WARN, 3: Tone.NEUTRAL, 4: Tone.GOOD, 5: Tone.GOOD}
_UNHAPPY = (1, 2)


def words_of(rating: int) -> str:
    """A rating as patients gave it, with its figure."""
    words = {1: _("Very bad"), 2: _("Bad"), 3: _("All right"), 4: _("Good"), 5: _("Very good")}
    return f"{rating} · {words[rating]}"


def _columns() -> list[Column]:
    return [
        Column(_("Day"), lambda row: date_text(row.day), width=120, sort_key=lambda row: row.day),
        Column(_("Doctor"), lambda row: row.doctor_name, width=170),
        Column(
            _("Rating"), lambda row: words_of(row.rating), chip=lambda row: _TONES[row.rating], width=150, sort_key=lambda row: row.rating
        ),
        Column(_("Comment"), lambda row: row.comment or "", width=0, tooltip=lambda row: row.comment or ""),
        Column(
            _("Patient"),
            lambda row: _("Anonymous") if row.is_anonymous else f"{row.patient_name} · {row.patient_number}",
            width=230,
        ),
    ]


class ReviewsScreen(Screen):
    """The list with its filters, and each doctor's average."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sees_all = desk.actor.may(READ_ALL)
        self.table = TableView(
            _("Reviews"),
            _columns(),
            empty=_("Nobody has rated a visit yet. Patients do it at a kiosk, after their visit."),
            empty_icon="smile",
        )
        self.doctor = Choice(_("Doctor"), placeholder=_("All doctors"))
        self.doctor.setMinimumWidth(scaled(250))
        self.doctor.setVisible(False)
        ratings = [(words_of(one), (one,)) for one in range(5, 0, -1)]
        self.rating = Choice(_("Rating"), [*ratings, (_("1 and 2: unhappy"), _UNHAPPY)], placeholder=_("Every rating"))
        self.page = Page(self, _("Reviews"), actions=[self.doctor, self.rating])
        self.doctor.setVisible(self._sees_all)
        self.page.body.addWidget(self.table, 1)
        begin_at(self, self.table)
        for choice in (self.doctor, self.rating):
            choice.currentIndexChanged.connect(lambda _place: self._read())
        self.watch(events.VisitRated)

    def refresh(self) -> None:
        self.work.read(self, queries.doctor_ratings, latest="ratings", then=self._show_ratings, actor=self.desk.actor)
        self._read()

    def _read(self) -> None:
        self.work.read(
            self,
            queries.reviews,
            latest="reviews",
            then=self.table.set_rows,
            actor=self.desk.actor,
            doctor_id=self.doctor.value() if self._sees_all else None,
            ratings=self.rating.value() or (),
        )

    def _show_ratings(self, rows: list[RatingRow]) -> None:
        with QSignalBlocker(self.doctor):
            self.doctor.set_options([(f"{row.doctor_name} · {number_text(round(row.average, 1))}", row.doctor_id) for row in rows])
        self.page.subtitle.setText(_summary(rows))

    def whereabouts(self) -> dict[str, Any] | None:
        """The rating that is looked for."""
        return {"rating": self.rating.currentIndex()} if self.rating.currentIndex() > 0 else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Look for it again."""
        self.rating.setCurrentIndex(int(draft["rating"]))


def _summary(rows: Iterable[RatingRow]) -> str:
    found = list(rows)
    count = sum(row.total_reviews for row in found)
    if not count:
        return ""
    average = sum((row.average * row.total_reviews for row in found), Decimal()) / count
    said = ngettext("{average} of 5 on average, {n} review", "{average} of 5 on average, {n} reviews", count)
    return said.format(average=number_text(round(average, 1)), n=count)
