"""The one top-level window: the pages before the shell, then the shell; and the two ways in which work reports trouble."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.executor import Trouble
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets.dialogs import Dialog, tell
from clinic_desktop.ui.widgets.strip import Strip
from clinic_desktop.ui.widgets.toast import ToastArea
from clinic_desktop.ui.work import Work


class Window(QMainWindow):
    """Shows one page at a time."""

    closed = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.setWindowTitle(_("Clinic Desktop"))
        self.setWindowIcon(icon("heart-pulse", "accent"))
        self.resize(1366, 768)
        self.strip = Strip()
        self.setMenuWidget(self.strip)  # above whatever page is shown
        self._trouble: Dialog | None = None
        self.may_close: Callable[[], bool] | None = None
        """Asked before the window closes."""
        self.on_trouble: Callable[[Trouble], bool] | None = None
        """Told of troubles first; True when it has said what is to be said."""
        work.refused.connect(self.say_refusal)
        work.failed.connect(self.say_trouble)

    @property
    def shell(self) -> Shell | None:
        """The shell, while someone is logged in."""
        page = self.centralWidget()
        return page if isinstance(page, Shell) else None

    def show_page(self, page: QWidget) -> None:
        """Show a page in place of the former one, which is deleted."""
        # Qt hides the former page, so that its keys mean nothing any more. Taken out of the window it would be styled anew, for nothing.
        self.setCentralWidget(page)
        page.setFocus()

    def say_refusal(self, error: ClinicError) -> None:
        """A refusal that the asking screen does not handle itself."""
        self.say(wording.sentence(error), Tone.WARN)

    def say(self, text: str, tone: Tone) -> None:
        """Say something that needs no answer, whatever page is shown."""
        shell = self.shell
        area = shell.toasts if shell is not None else ToastArea(self)
        area.show_toast(text, tone)

    def say_trouble(self, trouble: Trouble) -> None:
        """The one dialog for what nobody expected; further troubles wait for the first to be read."""
        if self._trouble is not None or (self.on_trouble is not None and self.on_trouble(trouble)):
            return
        text = _(
            "Something went wrong that the program did not expect. Nothing of this action was saved; what you typed is still there.\n\n"
            "Report {number}: {summary}"
        ).format(number=trouble.report, summary=trouble.summary)
        self._trouble = tell(self, _("Unexpected problem"), text)
        self._trouble.finished.connect(self._forget_trouble)

    def _forget_trouble(self) -> None:
        self._trouble = None

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self.may_close is not None and not self.may_close():
            event.ignore()
            return
        super().closeEvent(event)
        if event.isAccepted():
            self.closed.emit()
