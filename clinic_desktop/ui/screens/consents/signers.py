"""Who has signed a version of a text."""

from __future__ import annotations

from clinic_desktop.clinic.patients.queries import Signer, TemplateRow, signers
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consents.words import version_text
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Dialog
from clinic_desktop.wording import told_zone


class SignersDialog(Dialog):
    """A list of patients; Enter opens one."""

    def __init__(self, screen: Screen, text: TemplateRow) -> None:
        super().__init__(screen, text.title, version_text(text), width=620)
        self._screen = screen
        self.table = TableView(_("Who signed"), _columns(), key=lambda one: (one.patient_id, one.signed_at))
        self.table.setMinimumHeight(scaled(300))
        self.table.activated.connect(self._open)
        self.body.addWidget(self.table)
        self.add_button(_("Close"), None, self.reject, default=True)
        screen.work.read(self, signers, then=self.table.set_rows, template_id=text.id)

    def _open(self, one: Signer) -> None:
        self.accept()
        self._screen.desk.open("patient", patient_id=one.patient_id)


def _columns() -> list[Column]:
    return [
        Column(_("Name"), lambda one: one.full_name, width=0),
        Column(_("Number"), lambda one: one.patient_number, width=150),
        Column(
            _("Signed"), lambda one: date_text(business_date(one.signed_at, told_zone())), width=110, sort_key=lambda one: one.signed_at
        ),
        Column(
            _("Status"),
            lambda one: _("In force") if one.withdrawn_at is None else _("Withdrawn"),
            chip=lambda one: Tone.GOOD if one.withdrawn_at is None else Tone.BAD,
            width=120,
        ),
    ]
