"""A restore over the open database: nobody is at work meanwhile, and it opens again at the login."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from clinic_desktop import wording
from clinic_desktop.kernel.backup.restoring import Restored
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.backups.reading import Wanted, brought_back
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work
from clinic_desktop.wording.backups import step


class Bringing(QObject):
    """``finished(title, text)`` with the restored database in its place, ``left(title, text)`` with the present one as it was."""

    finished = Signal(str, str)
    left = Signal(str, str)

    def __init__(self, window: Window, work: Work, wanted: Wanted, by: str, zone: str, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._wanted, self._by, self._zone = work, wanted, by, zone
        self._is_server = work.db.address.file is None
        self._is_told = self._is_cancelled = False
        self._task: Task | None = None
        self.page = WaitPage(_("Restoring…"), cancel=self._cancel)
        window.show_page(self.page)
        # What was asked of the database thread, drafts last, is written before the copy is made: nothing comes after it.
        work.call(self, _nothing, then=lambda _none: self._begin())

    def _begin(self) -> None:
        self._task = Task(self._work, "", brought_back, wanted=self._wanted, by=self._by)
        self._task.advanced.connect(lambda done, total, label: self.page.advance(done, total, step(label)))
        self._task.succeeded.connect(self._restored)
        self._task.failed.connect(self._refused)
        self._task.ended.connect(self._ended)
        if self._is_cancelled:
            self._task.cancel()

    def _cancel(self) -> None:
        self._is_cancelled = True
        if self._task is not None:
            self._task.cancel()

    def _restored(self, done: Restored) -> None:
        self._is_told = True
        self._work.db.close()
        self._work.detach()
        at = done.rebuilt.at
        said = [_("The clinic is as it was on {when}.").format(when=datetime_text(at, timezone=self._zone))] if at is not None else []
        said.append(_("Log in with the password that you had then."))
        if done.kept_at is not None:
            kept = _("What was on the server before is kept there in the schema {name}.")
            beside = _("The database of before is kept beside it as {name}.")
            said.append((kept if self._is_server else beside).format(name=isolated(done.kept_at)))
        self.finished.emit(_("The clinic is restored"), "\n\n".join(said))

    def _refused(self, error: ClinicError) -> None:
        self._is_told = True
        self.left.emit(_("Nothing was restored"), wording.sentence(error))

    def _ended(self) -> None:
        if not self._is_told:  # something nobody expected, which has its own dialog
            self.left.emit("", "")
        self.deleteLater()


def _nothing() -> None:
    """Only its place in the line matters."""
