"""Writing what was found to a file: asked for where, with progress, and it can be cancelled."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QProgressBar

from clinic_desktop import wording
from clinic_desktop.clinic.audit.queries import AuditFilter
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _, active, ngettext
from clinic_desktop.ui.files import ask_place
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.audit.reading import exported
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Dialog, Label


def ask_where(screen: Screen, wanted: AuditFilter, asked: str) -> None:
    """Ask for the file, then write it."""
    kinds = {_("Table for a spreadsheet (*.csv)"): ".csv", _("Document for paper (*.pdf)"): ".pdf"}

    def write(path: Path) -> None:
        ExportDialog(screen, wanted, asked, path).open()

    ask_place(screen, _("Export the audit trail"), kinds, write, name=f"audit-{screen.desk.today():%Y-%m-%d}.csv")


class ExportDialog(Dialog):
    """Writes at once; closing it cancels."""

    def __init__(self, screen: Screen, wanted: AuditFilter, asked: str, path: Path) -> None:
        super().__init__(screen, _("Export the audit trail"), _("The export itself stands in the audit trail, too."), width=460)
        self._screen, self._path = screen, path
        self.progress = Progress(self)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(_("Progress"))
        self.said = Label(asked, tone="muted", wrap=True)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.said)
        self.add_button(_("Cancel"), None, self.reject)
        self.progress.advanced.connect(self._advance)
        screen.work.background(
            self,
            exported,
            progress=self.progress,
            db=screen.work.db,
            actor=screen.desk.actor,
            wanted=wanted,
            path=path,
            clinic_id=screen.desk.clinic_id,
            asked=asked,
            language=active(),
            then=self._finish,
            failed=self._refuse,
        )

    def reject(self) -> None:
        """Close, and write nothing more."""
        self.progress.cancel()
        super().reject()

    def _advance(self, done: int, _most: int, _label: str) -> None:
        self.said.setText(ngettext("{n} entry read", "{n} entries read", done).format(n=done))

    def _finish(self, outcome: tuple[int, bool]) -> None:
        count, is_all = outcome
        text = ngettext("{n} entry exported to {file}.", "{n} entries exported to {file}.", count).format(n=count, file=self._path.name)
        if not is_all:
            text = _("{done} There are more: ask for fewer days at a time.").format(done=text)
        self._screen.desk.toast(text, tone=Tone.GOOD if is_all else Tone.WARN)
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        self._screen.desk.toast(wording.sentence(error), tone=Tone.BAD)
        self.accept()
