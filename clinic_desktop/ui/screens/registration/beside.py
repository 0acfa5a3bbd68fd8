"""What stands beside the form: who was just registered, who may be registered already, and a search for relatives."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.clinic.patients import queries
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.hits import PatientHits
from clinic_desktop.ui.screens.registration.candidates import CandidateList
from clinic_desktop.ui.screens.registration.form import PatientForm
from clinic_desktop.ui.screens.registration.saved import SavedCard
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16


class Beside(QWidget):
    """The column at the trailing side; the search for relatives takes its place while something is in its box."""

    def __init__(self, screen: Screen, form: PatientForm) -> None:
        super().__init__(screen)
        self.saved = SavedCard(screen.desk)
        self.candidates = CandidateList(screen)
        self.relatives = PatientHits(screen, form.family, compact=True, may_register=False)
        pages = QStackedWidget()
        pages.addWidget(self.candidates)
        pages.addWidget(self.relatives)
        self.relatives.searching.connect(lambda is_on: pages.setCurrentIndex(int(is_on)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_16)
        column.addWidget(self.saved)
        column.addWidget(pages, 1)
        self.setFixedWidth(scaled(360))
        screen.work.read(self, queries.number_systems, then=form.more["number_system"].offer)
        screen.work.read(self, queries.phone_region, then=form.doubt_phones, clinic_id=screen.desk.clinic_id)
