"""The patient at a glance: last vital signs, problems, last visits, running medicines."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from clinic_desktop.clinic.clinical.queries import PatientSummary, VitalsRow
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, isolated, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_12, GAP_16, GAP_24
from clinic_desktop.ui.widgets import ElidedLabel

_LINES = 2
_SHARES = (6, 4, 4, 5)


def joined(parts: Iterable[str | None]) -> str:
    """Parts beside each other; each keeps its own direction, so that ``76 /min`` stays whole between Arabic words."""
    return " · ".join(isolated(part) for part in parts if part)


def pressure_text(taken: VitalsRow) -> str:
    """Blood pressure as it is said."""
    return f"{taken.systolic}/{taken.diastolic}" if taken.systolic is not None else ""


def vitals_lines(taken: VitalsRow) -> list[str]:
    """A reading in two lines: what is looked at first, then the rest."""
    first = [pressure_text(taken)]
    first.append(f"{taken.pulse} /min" if taken.pulse is not None else "")
    first.append(f"{number_text(taken.temperature_c)} °C" if taken.temperature_c is not None else "")
    second = [f"SpO₂ {taken.spo2} %" if taken.spo2 is not None else ""]
    second.append(f"{number_text(taken.weight_kg)} kg" if taken.weight_kg is not None else "")
    second.append(_("BMI {index}").format(index=number_text(taken.bmi)) if taken.bmi is not None else "")
    return [joined(parts) for parts in (first, second)]


class Glance(QFrame):
    """Four columns of two lines; the rest stands in the tooltips."""

    def __init__(self, timezone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._timezone = timezone
        grid = QGridLayout(self)
        grid.setContentsMargins(GAP_16, GAP_12, GAP_16, GAP_12)
        grid.setHorizontalSpacing(GAP_24)
        grid.setVerticalSpacing(GAP_4)
        self._cells: list[list[ElidedLabel]] = []
        self._captions: list[ElidedLabel] = []
        titles = (_("Vital signs"), _("Problems"), _("Last visits"), _("Running medicines"))
        for column, title in enumerate(titles):
            grid.setColumnStretch(column, _SHARES[column])
            grid.setColumnMinimumWidth(column, 1)
            caption = ElidedLabel(title, tone="muted")
            grid.addWidget(caption, 0, column)
            self._captions.append(caption)
            cell = [ElidedLabel() for _line in range(_LINES)]
            for line, label in enumerate(cell, start=1):
                grid.addWidget(label, line, column)
            self._cells.append(cell)

    @property
    def texts(self) -> list[list[str]]:
        """What stands in each column."""
        return [[label.text() for label in cell if label.text()] for cell in self._cells]

    def show_summary(self, summary: PatientSummary | None) -> None:
        """Show this patient."""
        if summary is None:
            columns: list[list[str]] = [[], [], [], []]
        else:
            taken = vitals_lines(summary.vitals) if summary.vitals is not None else [_("Not taken")]
            visits = [joined((date_text(one.business_date), one.diagnosis or one.complaint)) for one in summary.visits[1:]]
            medicines = [joined((item.medicine, item.frequency.value)) for one in summary.prescriptions for item in one.items]
            problems = [one.text for one in summary.problems]
            columns = [taken, problems or [_("None known")], visits or [_("First visit")], medicines or [_("None")]]
        self._captions[0].setText(self._vitals_title(summary.vitals if summary is not None else None))
        for cell, lines in zip(self._cells, columns, strict=True):
            self._fill(cell, lines)

    def _vitals_title(self, taken: VitalsRow | None) -> str:
        if taken is None:
            return _("Vital signs")
        return _("Vital signs · {date}").format(date=date_text(business_date(taken.taken_at, self._timezone)))

    @staticmethod
    def _fill(cell: list[ElidedLabel], lines: list[str]) -> None:
        shown = lines[:_LINES]
        if len(lines) > _LINES:
            shown[-1] = _("{text} and {n} more").format(text=shown[-1], n=len(lines) - _LINES)
        for place, label in enumerate(cell):
            label.setText(shown[place] if place < len(shown) else "")
            label.setAccessibleDescription("\n".join(lines))
