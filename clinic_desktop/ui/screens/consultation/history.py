"""Vital signs of the visit, and the earlier visits in full."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical.queries import PastVisitRow, VitalsRow
from clinic_desktop.kernel.formats import date_text, number_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consultation.glance import pressure_text
from clinic_desktop.ui.screens.consultation.lines import line_of
from clinic_desktop.ui.screens.consultation.reading import Case, PastVisit, history, past_visit
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_16
from clinic_desktop.ui.widgets import Button, Notes


def _optional(value: object) -> str:
    return "" if value is None else str(value)


class VitalsPanel(QWidget):
    """The readings of this visit."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        zone = screen.desk.place.timezone
        self.table = TableView(
            _("Vital signs of this visit"),
            [
                Column(_("Time"), lambda v: time_text(v.taken_at, timezone=zone), width=98),
                Column(_("Blood pressure"), pressure_text, align=END, width=100),
                Column(_("Pulse"), lambda v: _optional(v.pulse), align=END, width=72),
                Column("°C", lambda v: number_text(v.temperature_c) if v.temperature_c is not None else "", align=END, width=72),
                Column("SpO₂", lambda v: _optional(v.spo2), align=END, width=72),
                Column(_("Breaths"), lambda v: _optional(v.respiratory_rate), align=END, width=76),
                Column(_("Weight"), lambda v: number_text(v.weight_kg) if v.weight_kg is not None else "", align=END, width=76),
                Column(_("BMI"), lambda v: number_text(v.bmi) if v.bmi is not None else "", align=END, width=72),
                Column(_("Glucose"), lambda v: _optional(v.glucose_mg_dl), align=END, width=0),
            ],
            empty=_("No vital signs were taken at this visit."),
            empty_icon="heart-pulse",
            filterable=False,
        )
        self.take = Button(_("Vital signs"), icon_name="heart-pulse")
        self.take.setToolTip(f"{self.take.text()}  (F2)")
        self.table.tools.addWidget(self.take)
        self.take.setVisible(screen.desk.may(commands.record_vitals))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.addWidget(self.table)

    def show_vitals(self, rows: Iterable[VitalsRow]) -> None:
        """Show these readings."""
        self.table.set_rows(rows)


class HistoryPanel(QWidget):
    """The earlier visits; what was written at the chosen one stands beside the list."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._screen = screen
        self.table = TableView(
            _("Earlier visits"),
            [
                Column(_("Date"), lambda v: date_text(v.business_date), width=120, sort_key=lambda v: v.business_date),
                Column(_("Doctor"), lambda v: v.doctor_name, width=150),
                Column(_("Diagnosis"), lambda v: v.diagnosis or v.complaint or wording.status(v.status), width=0),
            ],
            key=lambda visit: visit.visit_id,
            empty=_("This is the patient's first visit."),
            empty_icon="history",
            filterable=False,
        )
        self.text = Notes(_("What was written"), lines=6)
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(0)
        self.text.setMaximumHeight(16_777_215)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, GAP_12, 0, 0)
        across.setSpacing(GAP_16)
        across.addWidget(self.table, 3)
        across.addWidget(self.text, 2)
        self.table.selected.connect(self._read)

    def _reader(self) -> dict[str, Any]:
        """Who reads, and when: a restricted record is not for everybody."""
        return {"actor": self._screen.desk.actor, "now": self._screen.desk.now()}

    def show_case(self, case: Case) -> None:
        """Read the patient's earlier visits."""
        self.text.clear()
        patient_id, besides = case.visit.patient_id, case.visit.visit_id
        self._screen.work.read(self, history, latest="history", then=self._show, patient_id=patient_id, besides=besides, **self._reader())

    def _show(self, rows: list[PastVisitRow]) -> None:
        self.table.set_rows(rows)
        self.text.setVisible(bool(rows))  # beside an empty list it would be an empty box
        self.table.select_first()

    def _read(self, visit: PastVisitRow | None) -> None:
        if visit is None:
            self.text.clear()
        else:
            self._screen.work.read(self, past_visit, latest="past", then=self._tell, visit_id=visit.visit_id, **self._reader())

    def _tell(self, past: PastVisit) -> None:
        parts: list[tuple[str, str | None]] = []
        if past.consultation is not None:
            found = past.consultation
            parts = [
                (_("Complaint"), found.complaint),
                (_("Findings"), found.findings),
                (_("Diagnosis"), "; ".join(one.text for one in found.diagnoses) or found.diagnosis),
                (_("Treatment"), found.treatment),
                (_("Notes"), found.notes),
                *((_("Addendum"), one.text) for one in found.addenda),
            ]
        for prescription in past.prescriptions:
            lines = [line_of(item) for item in prescription.items]
            parts.append((prescription.number, "\n".join(f"{one.drug.title} · {one.how()}" for one in lines if one is not None)))
        self.text.set_value("\n\n".join(f"{title}\n{text}" for title, text in parts if text) or _("Nothing was written."))
