"""Checking a backup again: every page, every record counted, the end of its journal followed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from clinic_desktop.clinic.backups.looking import FoundBackup
from clinic_desktop.kernel.backup.verifying import Verified
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.backups.reading import verified
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Chip, Dialog, Label, row
from clinic_desktop.wording import sentence
from clinic_desktop.wording.backups import step


class CheckDialog(Dialog):
    """Checks at once; closing it cancels. ``told(path, error or None)`` once it is known."""

    told = Signal(object, object)

    def __init__(self, screen: Screen, backup: FoundBackup) -> None:
        super().__init__(screen, _("Check a backup"), isolated(backup.path.name), width=480)
        self._path = backup.path
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(_("Progress"))
        self.outcome = Chip("", Tone.NEUTRAL, self)
        self.said = Label(tone="muted", wrap=True)
        self.body.addWidget(self.bar)
        self.body.addLayout(row(self.outcome))
        self.body.addWidget(self.said)
        self.outcome.hide()
        self.close_button = self.add_button(_("Cancel"), None, self.reject)
        self._task = Task(screen.work, "", verified, path=backup.path)
        self._task.advanced.connect(self._advance)
        self._task.succeeded.connect(self._show)
        self._task.failed.connect(self._refuse)
        self._task.ended.connect(self._end)
        self.rejected.connect(self._task.cancel)

    def _advance(self, done: int, total: int, label: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.said.setText(step(label))

    def _show(self, found: Verified) -> None:
        self.outcome.show_status(_("Whole"), Tone.GOOD)
        self.outcome.show()
        text = _("It opens, all {n} records are there, and nobody has changed it since it was made.")
        self.said.setText(text.format(n=number_text(found.rows)))
        self.said.set_tone(None)
        self.told.emit(self._path, None)

    def _refuse(self, error: ClinicError) -> None:
        self.outcome.show_status(_("Damaged") if error.code == "bad_backup" else _("Not checked"), Tone.BAD)
        self.outcome.show()
        self.said.setText(sentence(error))
        self.said.set_tone("bad")
        if error.code == "bad_backup":
            self.told.emit(self._path, error)

    def _end(self) -> None:
        self.bar.hide()
        self.rejected.disconnect(self._task.cancel)
        self.close_button.setText(_("Close"))
        self.close_button.setFocus()
