"""Handing out all of a patient's data: in which form, where to, and the password that is shown once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar

from clinic_desktop.clinic.privacy.queries import RequestRow
from clinic_desktop.clinic.privacy.rules import ExportWay
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _, active
from clinic_desktop.ui.files import ask_place, pdf_files
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.reading import exported
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.widgets import Button, Choice, Dialog, FormField, Label
from clinic_desktop.wording import sentence

if TYPE_CHECKING:
    from clinic_desktop.documents.compose.exporting import Written


class ExportDialog(Dialog):
    """Asks for the form and the place, writes, and tells the password."""

    def __init__(self, screen: Screen, request: RequestRow) -> None:
        told = f"{request.patient_name} · {request.patient_number}"
        super().__init__(screen, _("Hand out all data"), told, width=520)
        self._screen, self._request = screen, request
        self.progress = Progress(self)
        ways = [(_("Paper with a password (PDF)"), ExportWay.SEALED_PDF), (_("Everything, also for other programs (ZIP)"), ExportWay.ZIP)]
        self.way = Choice(_("Form"), ways)
        self.field = FormField("way", _("Form"), self.way)
        self.warning = Label(tone="warn", wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.setRange(0, 0)
        self.said = Label(wrap=True)
        self.password = Label(voice=Text.TITLE)
        self.password.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        for part in (self.field, self.warning, self.bar, self.said, self.password):
            self.body.addWidget(part)
        for part in (self.bar, self.said, self.password):
            part.hide()
        self.close_button = self.add_button(_("Cancel"), None, self.reject)
        self.write = Button(_("Save as…"), role="primary")
        self.write.setDefault(True)
        self.write.clicked.connect(self._ask_where)
        self.buttons.addWidget(self.write)
        self.way.currentIndexChanged.connect(self._warn)
        self._warn()

    def _warn(self, *_change: object) -> None:
        is_open = self.way.value() is ExportWay.ZIP
        text = _("Whoever has this file can read it. Give it to the patient in person, and delete it here.")
        self.warning.setText(
            text if is_open else _("The password is shown once and kept nowhere. Give it to the patient apart from the file.")
        )

    def _ask_where(self) -> None:
        way: ExportWay = self.way.value()
        kinds = {_("ZIP files (*.zip)"): ".zip"} if way is ExportWay.ZIP else pdf_files()
        (suffix,) = kinds.values()
        ask_place(self, _("Hand out all data"), kinds, partial(self._write, way), name=f"{self._request.number}{suffix}")

    def _write(self, way: ExportWay, path: Path) -> None:
        self.field.setEnabled(False)
        self.write.hide()
        self.bar.show()
        self._screen.work.background(
            self,
            exported,
            progress=self.progress,
            then=self._written,
            failed=self._failed,
            db=self._screen.work.db,
            actor=self._screen.desk.actor,
            request_id=self._request.id,
            path=path,
            way=way,
            language=active(),
        )

    def reject(self) -> None:
        """Close, and write nothing more."""
        self.progress.cancel()
        super().reject()

    def _written(self, done: Written) -> None:
        self.bar.hide()
        text = _("{n} records are in {file}.").format(n=number_text(done.rows), file=done.path.name)
        if done.missing:
            text += " " + _("These files are missing from the store: {names}.").format(names=", ".join(done.missing))
        self.said.setText(text if done.password is None else text + " " + _("Password:"))
        self.said.show()
        if done.password is not None:
            self.password.setText(done.password)
            self.password.show()
        self.close_button.setText(_("Close"))
        self._screen.refresh()

    def _failed(self, error: ClinicError) -> None:
        self.bar.hide()
        self.said.setText(sentence(error))
        self.said.set_tone("bad")
        self.said.show()
        self.close_button.setText(_("Close"))
