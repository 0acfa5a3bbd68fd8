"""What to think about before medicines go out, and the reason that answers it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from clinic_desktop.clinic.clinical.rules import PrescriptionWarning
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.pharmacy.words import warning_text
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_4
from clinic_desktop.ui.widgets import FormField, Label, LineEdit


class Warnings(QFrame):
    """Allergies and doubled ingredients in red, with a line for the reason to hand out all the same."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = Label(tone="bad", voice=Text.STRONG, wrap=True)
        self.reason = LineEdit(limit=500, placeholder=_("For example: the doctor was asked and confirmed it"))
        self.field = FormField("override_reason", _("Reason to dispense all the same"), self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GAP_4)
        column.setSpacing(GAP_4)
        column.addWidget(self.text)
        column.addWidget(self.field)
        self.hide()

    def show_warnings(self, warnings: Iterable[PrescriptionWarning]) -> None:
        """Show these, or nothing when there are none."""
        texts = [warning_text(one) for one in warnings]
        self.text.setText("\n".join(texts))
        self.field.set_error(None)
        self.setVisible(bool(texts))

    def ask(self) -> None:
        """The reason is missing: say so at its line."""
        self.field.set_error(_("Read the warnings and give a reason to go on."))
        self.reason.setFocus()
