"""The first tab of a patient's file: what is planned beside what was."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.kernel.formats import date_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.reception.words import visit_status, visit_tone
from clinic_desktop.ui.table import Column, TableView, put_title
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_16
from clinic_desktop.ui.widgets import Card


class FileVisits(QWidget):
    """Next appointments and last visits of one patient."""

    def __init__(self, timezone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        next_title, last_title = _("Next appointments"), _("Last visits")
        planned, past = _columns(timezone, timed=True), _columns(timezone, timed=False)
        ahead, behind = Card(parent=self), Card(parent=self)  # the lists are made where they stand: moved, each is styled anew
        list_in = partial(TableView, key=_visit_key, filterable=False)
        self.upcoming = list_in(next_title, planned, empty=_("Nothing is booked."), parent=ahead)
        self.past = list_in(last_title, past, empty=_("Not seen here yet."), parent=behind)
        cards = QHBoxLayout(self)
        cards.setContentsMargins(0, GAP_12, 0, 0)
        cards.setSpacing(GAP_16)
        for card, table, title in ((ahead, self.upcoming, next_title), (behind, self.past, last_title)):
            put_title(table, title)
            card.body.addWidget(table)
            cards.addWidget(card, 1)

    def show_visits(self, upcoming: Sequence[VisitRow], past: Sequence[VisitRow]) -> None:
        """Show these."""
        self.upcoming.set_rows(upcoming)
        self.past.set_rows(past)


def _columns(timezone: str, *, timed: bool) -> list[Column]:
    when = Column(_("Date"), lambda v: date_text(v.business_date), width=118, sort_key=lambda v: v.planned_at)
    at = [Column(_("Time"), lambda v: time_text(v.planned_at, timezone=timezone), width=86)] if timed else []
    return [
        when,
        *at,
        Column(_("Doctor"), lambda v: v.doctor_name, width=0, tooltip=lambda v: f"{v.doctor_name}, {v.service_name}"),
        Column(_("Status"), visit_status, chip=visit_tone, width=132),
    ]


def _visit_key(visit: VisitRow) -> UUID:
    return visit.visit_id
