"""The clinic moves: nobody is at work meanwhile, and it opens at the login, at the server or here as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.screens.backups.undertaking import Undertaking
from clinic_desktop.ui.widgets import ask, directed
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.kernel.security import Actor
    from clinic_desktop.ui.moving import Arrived, Wanted

_MOVED = late("clinic_desktop.ui.moving:moved")
_IS_MOVING = late("clinic_desktop.ui.moving:is_moving")


class Moving(Undertaking):
    """``finished(arrived)`` with the file closed."""

    finished = Signal(object)

    def __init__(self, window: Window, work: Work, wanted: Wanted, by: Actor, parent: QObject) -> None:
        super().__init__(window, work, _("The clinic moves to the server…"), parent)
        self._wanted, self._by = wanted, by

    @staticmethod
    def words(found: Arrived) -> tuple[str, str]:
        """What whoever moved the clinic has to know and to do next: a title and a text."""
        said = [
            _("Log in with the password that you have. Give everybody else a new one under Users."),
            _("Make a joining code for each other computer under Sessions, and enter it there with the address {address}.").format(
                address=isolated(found.place)
            ),
            _("The old file is kept, and nothing more is written to it: {path}").format(path=isolated(found.file)),
        ]
        if found.trouble is not None:
            text = _("The computers can join and work. But none keeps a copy, and backups are made only while the program is open here.")
            said.append(f"{text} {isolated(found.trouble.params['said'])}")
        return _("The clinic is on the server now"), directed("\n\n".join(said))

    def _asked(self) -> Task:
        return Task(self._work, "", _MOVED, actor=self._by, wanted=self._wanted)

    def _tell(self, result: Arrived) -> None:
        self.finished.emit(result)

    def _refuse(self, error: ClinicError) -> None:
        self._work.call(self, _IS_MOVING, db=self._work.db, then=lambda is_moving: self._stay(error, is_moving=is_moving))

    def _stay(self, error: ClinicError, *, is_moving: bool) -> None:
        if is_moving:
            text = _("The move has begun and is not complete. The file takes nothing more until it is.") + "\n\n" + wording.sentence(error)
            again = ask(self._window, _("The clinic has not arrived yet"), text, yes=_("Try again"), no=_("Later"), then=self._again)
            again.rejected.connect(lambda: self._leave("", ""))
        else:
            self._leave(_("The clinic has not moved"), wording.sentence(error))

    def _again(self) -> None:
        self._is_cancelled = False
        self._show()
        self._begin()
