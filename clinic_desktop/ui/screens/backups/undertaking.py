"""One long act on the whole database: nobody is at work meanwhile, and a page waits for it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work
from clinic_desktop.wording.backups import step


class Undertaking(QObject):
    """Whoever derives from it says what is done and what it came to; ``left(title, text)`` with the present database in use as it was."""

    left = Signal(str, str)

    def __init__(self, window: Window, work: Work, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._work, self._title = window, work, title
        self._is_told = self._is_cancelled = False
        self._task: Task | None = None
        self._show()
        # What was asked of the database thread, drafts last, is written before anything is copied: nothing comes after it.
        work.call(self, _nothing, then=lambda _none: self._begin())

    def _asked(self) -> Task:
        """What is done."""
        raise NotImplementedError

    def _tell(self, result: Any) -> None:
        """What it came to; the database of before is closed."""
        raise NotImplementedError

    def _refuse(self, error: ClinicError) -> None:
        """Why it was not done."""
        raise NotImplementedError

    def _show(self) -> None:
        self.page = WaitPage(self._title, cancel=self._cancel)
        self._window.show_page(self.page)

    def _begin(self) -> None:
        page = self.page
        self._is_told = False
        self._task = self._asked()
        self._task.advanced.connect(lambda done, total, label: page.advance(done, total, step(label)))
        self._task.succeeded.connect(self._succeeded)
        self._task.failed.connect(self._failed)
        self._task.ended.connect(self._ended)
        if self._is_cancelled:
            self._task.cancel()

    def _cancel(self) -> None:
        self._is_cancelled = True
        if self._task is not None:
            self._task.cancel()

    def _succeeded(self, result: Any) -> None:
        self._is_told = True
        self._work.db.close()
        self._work.detach()
        self._tell(result)
        self.deleteLater()

    def _failed(self, error: ClinicError) -> None:
        self._is_told = True
        self._refuse(error)

    def _leave(self, title: str, text: str) -> None:
        self.left.emit(title, text)
        self.deleteLater()

    def _ended(self) -> None:
        if not self._is_told:  # something nobody expected, which has its own dialog
            self._leave("", "")


def _nothing() -> None:
    """Only its place in the line matters."""
