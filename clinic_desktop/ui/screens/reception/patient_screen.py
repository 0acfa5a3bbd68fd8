"""A patient's file as a screen of its own: where search and scans lead from everywhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.frontdesk import events
from clinic_desktop.clinic.patients.events import MergeUndone, PatientChanged, PatientsMerged
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.patient_file import PatientFileView
from clinic_desktop.ui.widgets import Page

VISIT_EVENTS = (
    events.AppointmentBooked,
    events.AppointmentConfirmed,
    events.AppointmentMoved,
    events.AppointmentResized,
    events.AppointmentCancelled,
    events.PatientMissed,
    events.ServicesChanged,
    events.PatientCheckedIn,
    events.ArrivalTakenBack,
    events.VisitCancelled,
    events.TicketCalled,
    events.TicketSkipped,
    events.TicketTransferred,
    events.TicketSent,
    events.ConsultationStarted,
    events.VisitReadyToPay,
    events.VisitCompleted,
    events.PatientLeft,
)


class PatientScreen(Screen):
    """Shows one patient; opened with ``patient_id`` and perhaps the ``visit_id`` of a booking."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.file = PatientFileView(self, closable=False)
        Page(self, _("Patient")).body.addWidget(self.file, 1)
        self.watch(*VISIT_EVENTS, PatientChanged, PatientsMerged, MergeUndone)

    def open(self, *, patient_id: UUID | None = None, visit_id: UUID | None = None, part: str = "", **_what: Any) -> None:
        """Show a patient, ready for Enter; or one tab of the file."""
        if patient_id is not None:
            self.file.load(patient_id, visit_id, offering=not part)
        if part:
            self.file.tabs.open_part(part)

    def refresh(self) -> None:
        """Read again."""
        self.file.reload()

    def whereabouts(self) -> dict[str, Any] | None:
        """The patient who is shown: whoever comes back after a lock goes on with the same one."""
        return None if self.file.shown is None else {"patient_id": str(self.file.shown)}

    def restore(self, draft: dict[str, Any]) -> None:
        """Show that patient again."""
        self.file.load(UUID(draft["patient_id"]))
