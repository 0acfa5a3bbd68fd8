"""The parts of a consultation, one behind the other."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QTabWidget, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consultation.history import HistoryPanel, VitalsPanel
from clinic_desktop.ui.screens.consultation.notes import NotesPanel
from clinic_desktop.ui.screens.consultation.prescription import PrescriptionPanel


class CaseTabs(QTabWidget):
    """Notes, prescription, vital signs, earlier visits."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        page = QScrollArea(self)  # large letters need more room than a small screen has
        page.setWidgetResizable(True)
        page.setFrameShape(QScrollArea.Shape.NoFrame)
        self.addTab(page, _("Consultation"))
        self.notes = NotesPanel(screen.desk, page.viewport())
        self.notes.resize(page.viewport().size())  # or the area would ask for the size of what is not to be seen yet
        page.setWidget(self.notes)
        self.prescription, self.vitals, self.history = PrescriptionPanel(self), VitalsPanel(screen, self), HistoryPanel(screen, self)
        for panel, title in (
            (self.prescription, _("Prescription")),
            (self.vitals, _("Vital signs")),
            (self.history, _("Earlier visits")),
        ):
            self.addTab(panel, title)
        self.currentChanged.connect(self._focus)

    def attend(self, panel: QWidget) -> None:
        """Show the part that needs attention."""
        self.setCurrentIndex(1 if panel is self.prescription else 0)

    def _focus(self, place: int) -> None:
        complaint = self.notes.text("complaint")
        if place in (0, 1) and not complaint.isReadOnly():
            (complaint, self.prescription.entry.medicine)[place].setFocus()
