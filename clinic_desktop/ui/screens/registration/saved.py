"""Who was just registered, with the number to tell the patient and what usually comes next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets import Button, Card, ElidedLabel, Label, keep_if


class SavedCard(Card):
    """The last registered patient; ``next_wanted(what, patient)``: walk_in, book, card or open."""

    next_wanted = Signal(str, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.patient: PatientRow | None = None
        self.number = Label(voice=Text.FIGURE, tone="good")
        self.name = ElidedLabel(voice=Text.STRONG)
        self.body.addWidget(Label(_("Registered"), tone="muted"))
        self.body.addWidget(self.number)
        self.body.addWidget(self.name)
        buttons = []
        for what, text, icon_name, command, keys in (
            ("walk_in", _("Walk-in"), "ticket", frontdesk.walk_in, "F6"),
            ("book", _("Book"), "calendar-plus", frontdesk.book, "F7"),
            ("card", _("ID card"), "id-card", patients.issue_id_card, "F8"),
            ("open", _("Open"), "user", None, ""),
        ):
            button = Button(text, icon_name=icon_name)
            # The keys are those of the form, which mean this patient until somebody else is typed.
            button.setToolTip(f"{text}  ({keys})" if keys else "")
            keep_if(button, command is None or desk.may(command))
            button.clicked.connect(lambda _checked=False, chosen=what: self.next_wanted.emit(chosen, self.patient))
            buttons.append(button)
        grid = QGridLayout()
        grid.setSpacing(GAP_8)
        for place, button in enumerate(buttons):
            grid.addWidget(button, place // 2, place % 2)
        self.body.addSpacing(GAP_4)
        self.body.addLayout(grid)
        self.hide()

    def show_patient(self, patient: PatientRow) -> None:
        """Show who was registered."""
        self.patient = patient
        self.number.setText(patient.patient_number)
        self.name.setText(patient.full_name)
        self.show()
