"""The parts of a consultation, one behind the other."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QTabWidget, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.consultation.history import HistoryPanel, VitalsPanel
from clinic_desktop.ui.screens.consultation.notes import NotesPanel
from clinic_desktop.ui.screens.consultation.prescription import PrescriptionPanel


class CaseTabs(QTabWidget):
    """Notes, prescription, vital signs, earlier visits."""

    def __init__(self, notes: NotesPanel, prescription: PrescriptionPanel, vitals: VitalsPanel, history: HistoryPanel) -> None:
        super().__init__()
        self._notes, self._prescription = notes, prescription
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        page = QScrollArea()  # large letters need more room than a small screen has
        page.setWidgetResizable(True)
        page.setFrameShape(QScrollArea.Shape.NoFrame)
        page.setWidget(notes)
        for panel, title in (
            (page, _("Consultation")),
            (prescription, _("Prescription")),
            (vitals, _("Vital signs")),
            (history, _("Earlier visits")),
        ):
            self.addTab(panel, title)
        self.currentChanged.connect(self._focus)

    def attend(self, panel: QWidget) -> None:
        """Show the part that needs attention."""
        self.setCurrentIndex(1 if panel is self._prescription else 0)

    def _focus(self, place: int) -> None:
        complaint = self._notes.text("complaint")
        if place in (0, 1) and not complaint.isReadOnly():
            (complaint, self._prescription.entry.medicine)[place].setFocus()
