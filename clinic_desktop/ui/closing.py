"""Closing the program at the end of the day: the backup that is due is offered first."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QProgressBar

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.housekeeping import Housekeeping
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.widgets.text import Label
from clinic_desktop.ui.window import Window


class CloseDialog(Dialog):
    """Back up and close, close without, or stay."""

    def __init__(self, window: Window, housekeeping: Housekeeping) -> None:
        text = _("The last backup is more than an hour old. A new one takes a moment.")
        super().__init__(window, _("Back up before closing?"), text)
        self._window, self._housekeeping = window, housekeeping
        self._progress: Progress | None = None
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Backup"))
        self.bar.hide()
        self.trouble = Label(tone="bad", wrap=True)
        self.trouble.hide()
        self.body.addWidget(self.bar)
        self.body.addWidget(self.trouble)
        self.stay = self.add_button(_("Cancel"), None, self.reject)
        self.leave_now = self.add_button(_("Close without"), None, self._close)
        self.back_up = self.add_button(_("Back up and close"), "primary", self._back_up, default=True)
        self.back_up.setFocus()
        self.rejected.connect(self._stop)

    def _back_up(self) -> None:
        if self._progress is not None:
            return
        self._progress = Progress(self)
        self._progress.advanced.connect(self._advance)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.trouble.hide()
        self.back_up.setEnabled(False)
        self._housekeeping.back_up_for_closing(self._backed_up, self._progress)

    def _advance(self, done: int, total: int, _label: str) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def _backed_up(self, error: ClinicError | None) -> None:
        self._progress = None
        if error is None:
            self._close()
            return
        self.bar.hide()
        self.trouble.setText(wording.sentence(error))
        self.trouble.show()
        self.back_up.setText(_("Try again"))
        self.back_up.setEnabled(True)

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.cancel()

    def _close(self) -> None:
        self._stop()
        self._window.may_close = None
        self.accept()
        self._window.close()


class Closing(QObject):
    """Asks once per closing, and never when the computer shuts down: there is no time then."""

    def __init__(self, window: Window, housekeeping: Housekeeping, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._housekeeping = window, housekeeping
        self._dialog: CloseDialog | None = None
        window.may_close = self.may_close

    def may_close(self) -> bool:
        """Whether the window may close now; else it is asked, and closes itself."""
        app = QApplication.instance()
        if not self._housekeeping.wants_backup or self._window.shell is None or (isinstance(app, QApplication) and app.isSavingSession()):
            return True
        if self._dialog is None:
            self._dialog = CloseDialog(self._window, self._housekeeping)
            self._dialog.finished.connect(self._forget)
            self._dialog.open()
        return False

    def _forget(self) -> None:
        self._dialog = None
