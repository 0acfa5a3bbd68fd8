"""What every step of the set-up has in common with the page around it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.theme.tokens import GAP_16
from clinic_desktop.ui.widgets.form import Form


class Step(QWidget):
    """One step: a form, or what else it needs, and how it is read, kept and refused. Enter in a line goes on."""

    entered = Signal()
    typed = Signal()

    def __init__(self, parent: QWidget, *, columns: int = 2) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GAP_16)
        self.form = Form(columns=columns, starred=False, parent=self)
        self.column.addWidget(self.form)

    def settle(self) -> None:
        """Called once the form is complete: Enter goes on, and what is typed is kept."""
        for field in self.form.fields.values():
            if isinstance(field.editor, QLineEdit):
                field.editor.returnPressed.connect(self.entered)

    def start(self) -> None:
        """Called each time the step is shown."""
        first = next(iter(self.form.fields.values()), None)
        if first is not None:
            first.editor.setFocus()

    def read(self) -> dict[str, Any] | None:
        """What was entered; None when something is wrong, which then stands at its field."""
        return self.form.values()

    def refuse(self, error: ClinicError) -> bool:
        """Show a refusal at its field; False when it names none of ours."""
        return self.form.refuse(error)

    def draft(self) -> dict[str, Any]:
        """What stands in the step, for JSON; never a secret."""
        return self.form.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back; it raises on what it cannot read."""
        self.form.restore(draft)
