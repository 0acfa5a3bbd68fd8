"""What the doctor writes: complaint, findings, diagnosis, treatment, notes, when to come again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.clinical.queries import ConsultationRow, DiagnosisRow
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.consultation.diagnoses import DiagnosisField
from clinic_desktop.ui.screens.consultation.kept import KeptNotes
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, GAP_16
from clinic_desktop.ui.widgets import Button, DateField, FormField, Label, Notes, row

_NO_LIMIT = 16_777_215
TEXTS = ("complaint", "findings", "treatment", "notes")


class NotesPanel(QWidget):
    """The consultation's text; ``changed`` with every letter."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        titles = {"complaint": _("Complaint"), "findings": _("Findings"), "treatment": _("Treatment"), "notes": _("Notes")}
        self.fields = {name: FormField(name, title, Notes("", lines=3 if name != "notes" else 2)) for name, title in titles.items()}
        self.diagnosis = DiagnosisField()
        self.follow_up = DateField(_("Come again on"), today=desk.today())
        self.fields["diagnoses"] = FormField("diagnoses", _("Diagnosis"), self.diagnosis)
        self.fields["follow_up_date"] = FormField("follow_up_date", _("Come again on"), self.follow_up)
        self.diagnosis.setAccessibleName("")
        self._addenda = Label(wrap=True)
        self._weeks = QWidget()
        self._is_showing = False
        self._lay_out()
        for name in TEXTS:
            self.text(name).textChanged.connect(self._told)
        self.diagnosis.changed.connect(self._told)
        self.follow_up.textChanged.connect(lambda _text: self._told())
        self.setFocusProxy(self.text("complaint"))

    def _lay_out(self) -> None:
        weeks = row(*(self._in_days(text, days) for text, days in ((_("1 week"), 7), (_("2 weeks"), 14), (_("1 month"), 30))))
        weeks.setContentsMargins(0, 0, 0, 0)
        self._weeks.setLayout(weeks)
        again = row(self.fields["follow_up_date"], self._weeks, fill=True)
        again.setStretch(0, 1)
        again.setAlignment(self._weeks, Qt.AlignmentFlag.AlignBottom)
        columns = QHBoxLayout()
        columns.setSpacing(GAP_16)
        for names in (("complaint", "findings", "notes"), ("diagnoses", "treatment")):
            column = QVBoxLayout()
            column.setSpacing(GAP_8)
            for name in names:
                column.addWidget(self.fields[name], 1 if name in TEXTS else 0)
            if names[0] == "diagnoses":
                column.addLayout(again)
            columns.addLayout(column, 1)
        for name in TEXTS:  # a low screen leaves two lines, a high one as many as there is room for
            self.text(name).setMinimumHeight(scaled(22) * 2 + 14)
            self.text(name).setMaximumHeight(_NO_LIMIT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, GAP_12, 0, 0)
        whole.addLayout(columns, 1)
        whole.addWidget(self._addenda)
        self._order_tabs()

    def _order_tabs(self) -> None:
        order: list[QWidget] = [
            self.text("complaint"),
            self.text("findings"),
            self.diagnosis.line,
            self.text("treatment"),
            self.text("notes"),
            self.follow_up,
        ]
        for first, second in pairwise(order):
            self.setTabOrder(first, second)

    def _in_days(self, text: str, days: int) -> Button:
        button = Button(text)
        button.setAccessibleName(_("Come again in {time}").format(time=text))
        button.clicked.connect(lambda: self.follow_up.set_value(self._desk.today() + timedelta(days=days)))
        return button

    def text(self, name: str) -> Notes:
        """The editor of one of the texts."""
        editor = self.fields[name].editor
        assert isinstance(editor, Notes)
        return editor

    def show_consultation(self, found: ConsultationRow | None, problems: Iterable[DiagnosisRow], *, read_only: bool) -> None:
        """Show what is written."""
        self._is_showing = True
        for name in TEXTS:
            self.text(name).set_value(getattr(found, name) if found is not None else None)
            self.text(name).setReadOnly(read_only)
        self.diagnosis.show_diagnoses(found.diagnoses if found is not None else (), problems, read_only=read_only)
        self.follow_up.set_value(found.follow_up_date if found is not None else None)
        self.follow_up.setReadOnly(read_only)
        self._weeks.setVisible(not read_only)
        self._show_addenda(found)
        for field in self.fields.values():
            field.set_error(None)
        self._is_showing = False

    def _show_addenda(self, found: ConsultationRow | None) -> None:
        zone = self._desk.place.timezone
        said = _("Addendum of {name}, {time}: {text}")
        addenda = found.addenda if found is not None else ()
        texts = (said.format(name=one.author, time=datetime_text(one.written_at, timezone=zone), text=one.text) for one in addenda)
        self._addenda.setText("\n\n".join(texts))
        self._addenda.setVisible(bool(addenda))

    def values(self) -> dict[str, Any]:
        """Everything as ``save_consultation`` takes it; raises InvalidInput when the date cannot be read."""
        diagnoses = self.diagnosis.values()
        return {
            **{name: self.text(name).value() for name in TEXTS},
            "diagnosis": "; ".join(one.text for one in diagnoses) or None,
            "diagnoses": diagnoses,
            "follow_up_date": self.follow_up.value(),
        }

    @property
    def wanted_day(self) -> date | None:
        """When the patient shall come again, as far as it can be read."""
        try:
            return self.follow_up.value()
        except InvalidInput:
            return None

    def refuse(self, error: ClinicError) -> bool:
        """Show a refusal at its field."""
        field = self.fields.get("diagnoses" if error.field == "diagnosis" else error.field or "")
        if field is None:
            return False
        field.set_error(wording.sentence(error))
        field.editor.setFocus()
        return True

    def draft(self) -> KeptNotes:
        """What would be lost."""
        texts = {name: self.text(name).toPlainText() for name in TEXTS}
        return KeptNotes(**texts, diagnoses=self.diagnosis.values(), follow_up=self.follow_up.text())

    def restore(self, kept: KeptNotes) -> None:
        """Put a draft back."""
        for name in TEXTS:
            self.text(name).setPlainText(getattr(kept, name))
        self.diagnosis.restore(kept.diagnoses)
        self.follow_up.setText(kept.follow_up)

    def _told(self) -> None:
        if not self._is_showing:
            self.changed.emit()
