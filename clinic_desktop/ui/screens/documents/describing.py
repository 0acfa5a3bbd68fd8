"""Saying otherwise what a document is."""

from __future__ import annotations

from typing import Any

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import DocumentRow, PatientRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.documents.form import description_form, description_of, fill
from clinic_desktop.ui.screens.documents.moving import MoveDialog
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Dialog, Label, LineEdit, keyed


class DescribeDialog(Dialog):
    """The form of one document."""

    def __init__(self, screen: Screen, patient: PatientRow, row: DocumentRow) -> None:
        super().__init__(screen, _("Describe the document"), width=620)
        self._screen, self._row = screen, row
        self.form = description_form()
        self.form.add("file_name", _("File name"), LineEdit(limit=180), required=True, span=2)
        fill(self.form, row)
        self.form["file_name"].setText(row.name)
        self._clean = self.form.draft()
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.other = Button(_("Wrong patient…"), icon_name="arrow-right-left", role="quiet")
        self.other.clicked.connect(lambda: self._move(patient))
        self.buttons.insertWidget(0, self.other)
        self.add_button(_("Cancel"), None, self.leave)
        self.save = BusyButton(_("Save"))
        keyed(self.save, "Ctrl+S")
        self.save.setDefault(True)
        self.save.clicked.connect(self._save)
        self.buttons.addWidget(self.save)
        self.form["category"].setFocus()
        screen.keep_typing(f"describe {row.id}", self)

    def draft(self) -> dict[str, Any] | None:
        """What is typed and not saved."""
        typed = self.form.draft()
        return None if typed == self._clean else typed

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _move(self, patient: PatientRow) -> None:
        """Whose it is comes first; what is typed here stays meanwhile."""
        dialog = MoveDialog(self._screen, patient, self._row)
        dialog.setParent(self, dialog.windowFlags())
        dialog.accepted.connect(self.reject)
        dialog.open()

    def _save(self) -> None:
        values = self.form.values()
        if values is None:
            return
        self.problem.hide()
        self.save.run(
            self._screen.work,
            self,
            commands.describe_document,
            then=lambda _nothing: self._saved(),
            failed=self._refused,
            document_id=self._row.id,
            row_version=self._row.row_version,
            described=description_of(values),
            file_name=values["file_name"],
        )

    def _saved(self) -> None:
        self._screen.desk.toast(_("Saved."), tone=Tone.GOOD)
        self.accept()

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()
