"""The lower half of a patient's file: the visits, and behind them what other screens' folders add."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.part import Part
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens import file_parts
from clinic_desktop.ui.spec import PartSpec
from clinic_desktop.ui.theme.tokens import GAP_12


class FileTabs(QTabWidget):
    """The visits first; each other tab is made when it is first looked at, and reads only while it is."""

    def __init__(self, screen: Screen, visits: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent or screen)
        self._screen = screen
        self._patient: PatientRow | None = None
        self._tabs: list[tuple[PartSpec, QWidget]] = []
        self.parts: dict[str, Part] = {}
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.setTabBarAutoHide(True)
        self.addTab(visits, _("Visits"))
        for spec in file_parts():
            if spec.is_for(screen.desk.actor):
                self._tabs.append((spec, QWidget(self)))
                self.addTab(self._tabs[-1][1], _(spec.title))
        if not self._tabs:
            self.setFocusProxy(None)  # type: ignore[arg-type]  # the bar is hidden, and Tab would stop for good before it
        self.currentChanged.connect(lambda _place: self._show())

    def show_patient(self, patient: PatientRow | None) -> None:
        """Show somebody in the tab that is looked at; the others learn of it when they are."""
        self._patient = patient
        if patient is None:
            for part in self.parts.values():
                part.show_patient(None)
        else:
            self._show()

    def open_part(self, code: str) -> None:
        """Look at one tab."""
        for spec, page in self._tabs:
            if spec.code == code:
                self.setCurrentWidget(page)

    def _show(self) -> None:
        for spec, page in self._tabs:
            if page is self.currentWidget():
                self._made(spec, page).show_patient(self._patient)

    def _made(self, spec: PartSpec, page: QWidget) -> Part:
        if spec.code not in self.parts:
            inside = QVBoxLayout(page)
            inside.setContentsMargins(0, GAP_12, 0, 0)
            part = self.parts[spec.code] = spec.build(self._screen, page)
            part.counted.connect(lambda count: self._count(spec, page, count))
            inside.addWidget(part)
        return self.parts[spec.code]

    def _count(self, spec: PartSpec, page: QWidget, count: int) -> None:
        title = _(spec.title)
        self.setTabText(self.indexOf(page), f"{title} ({number_text(count)})" if count else title)
