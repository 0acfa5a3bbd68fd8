"""A retention run: progress, cancel, and what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QProgressBar

from clinic_desktop.clinic.privacy.retention.running import RetentionPlan, RetentionRun
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.reading import archived
from clinic_desktop.ui.screens.privacy.words import step_text
from clinic_desktop.ui.widgets import BusyButton, Dialog, Label
from clinic_desktop.wording import sentence


class ArchivingDialog(Dialog):
    """Asks once more, then runs; closing it stops between two archives, and nothing is lost."""

    def __init__(self, screen: Screen, folder: Path, plan: RetentionPlan) -> None:
        told = _(
            "{n} records and {entries} entries of the audit trail go into encrypted archives in {folder}. "
            "They leave the database once the archive was read again and found whole."
        )
        told = told.format(n=number_text(plan.rows.total), entries=number_text(plan.journal.change_sets), folder=folder.name or str(folder))
        super().__init__(screen, _("Archive old records"), told, width=520)
        self._screen, self._folder = screen, folder
        self.progress = Progress(self)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.hide()
        self.said = Label(_("Keep the archives, and a copy of them, as long as the law asks."), tone="muted", wrap=True)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.said)
        self.close_button = self.add_button(_("Cancel"), None, self.reject)
        self.start = BusyButton(_("Archive"))
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        self.buttons.addWidget(self.start)
        self.progress.advanced.connect(self._advance)

    def _start(self) -> None:
        self.start.hide()
        self.bar.setRange(0, 0)
        self.bar.show()
        self._screen.work.background(
            self,
            archived,
            progress=self.progress,
            then=self._finish,
            failed=self._refuse,
            db=self._screen.work.db,
            actor=self._screen.desk.actor,
            folder=self._folder,
            today=self._screen.desk.today(),
        )

    def reject(self) -> None:
        """Close, and stop before the next archive."""
        self.progress.cancel()
        super().reject()

    def _advance(self, done: int, total: int, label: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.said.setText(step_text(label))

    def _finish(self, done: RetentionRun) -> None:
        self.bar.hide()
        text = _("{n} records and {entries} entries of the audit trail left into {files} archives.")
        self.said.setText(text.format(n=number_text(done.rows), entries=number_text(done.change_sets), files=number_text(len(done.files))))
        self.said.set_tone("good")
        self.close_button.setText(_("Close"))

    def _refuse(self, error: ClinicError) -> None:
        self.bar.hide()
        self.said.setText(sentence(error))
        self.said.set_tone("bad")
        self.close_button.setText(_("Close"))
