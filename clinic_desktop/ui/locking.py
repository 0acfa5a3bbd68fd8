"""Coming and going at an open desk: the lock, the way back by PIN, a session that ended elsewhere, a password asked for in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.idle import Idle
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.pending import Question
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.window import Window
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.ui.entering import Entered
    from clinic_desktop.ui.screens.login.confirm import ConfirmPassword
    from clinic_desktop.ui.screens.login.lock import LockPage

_ENTERING = "clinic_desktop.ui.entering:"
_STAYS_OPEN = "DisplayWindow"
"""The waiting room's display: it shows what is meant for everybody, locked or not."""


class Lock(QObject):
    """``wanted`` when nobody has touched the desk for its minutes; ``switched`` when somebody came in by PIN."""

    wanted = Signal()
    switched = Signal(str, object)
    """(username, Entered)"""
    login_wanted = Signal(str, str)
    """(username, sentence): only a password helps, and why."""
    ended = Signal(str)
    """The session ended elsewhere: the sentence that says so."""

    def __init__(self, app: QApplication, window: Window, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._work = window, work
        self.idle = Idle(app, self)
        self.idle.passed.connect(self.wanted)
        work.ended.connect(self._ended)
        work.password_wanted.connect(self._ask_password)
        self._dialog: ConfirmPassword | None = None
        self._questions: list[Question] = []

    def open_desk(self, minutes: int) -> None:
        """Somebody is at work."""
        self.idle.start(minutes * 60)

    def close_desk(self) -> None:
        """Nobody is at work: no window of the desk stays, neither here nor on another monitor."""
        self.idle.stop()
        self._give_up()
        for one in QApplication.topLevelWidgets():
            if one is not self._window and one.isVisible() and type(one).__name__ != _STAYS_OPEN:
                one.hide()
                if isinstance(one, QDialog):  # not rejected: whoever waits for its answer is on the way out, too
                    one.deleteLater()

    # The way back

    def show(self, username: str, *, clinic_id: Any, workstation_id: Any) -> None:
        """Show the locked page: with those whom a PIN opens here, or else the login."""
        self._window.show_page(WaitPage(_("Locked")))
        self._work.call(
            self,
            late(_ENTERING + "people_by_pin"),
            db=self._work.db,
            workstation_id=workstation_id,
            then=lambda people: self._offer(people, username, clinic_id, workstation_id),
            failed=lambda _error: self.login_wanted.emit(username, ""),
        )

    def _offer(self, people: list[tuple[str, str]], username: str, clinic_id: Any, workstation_id: Any) -> None:
        if self._work.actor is not None or not isinstance(self._window.centralWidget(), WaitPage):
            return
        if not people:
            self.login_wanted.emit(username, "")
            return
        page: LockPage = load("clinic_desktop.ui.screens.login.lock:LockPage")(people, username=username)
        page.password_wanted.connect(lambda chosen: self.login_wanted.emit(chosen, ""))
        page.entered.connect(lambda chosen, pin: self._switch(page, chosen, pin, clinic_id, workstation_id))
        self._window.show_page(page)

    def _switch(self, page: LockPage, username: str, pin: str, clinic_id: Any, workstation_id: Any) -> None:
        def refuse(error: ClinicError) -> None:
            if error.code == "pin_off":
                self.login_wanted.emit(username, wording.sentence(error))
            else:
                page.refuse(error)

        def let_in(entered: Entered) -> None:
            self.switched.emit(username, entered)

        self._work.call(
            page,
            late(_ENTERING + "switch_user"),
            db=self._work.db,
            username=username,
            pin=pin,
            clinic_id=clinic_id,
            workstation_id=workstation_id,
            then=let_in,
            failed=refuse,
            settled=lambda: page.wait(False),
        )

    def _ended(self, error: ClinicError) -> None:
        self.ended.emit(wording.sentence(error))

    # The password, in between

    def _ask_password(self, question: Question) -> None:
        self._questions.append(question)
        actor = self._work.actor
        if self._dialog is not None:
            return
        if actor is None:
            self._give_up()
            return
        above: QWidget = QApplication.activeModalWidget() or self._window
        dialog = self._dialog = load("clinic_desktop.ui.screens.login.confirm:ConfirmPassword")(above, actor.name)
        dialog.entered.connect(lambda password: self._confirm(dialog, password))
        dialog.rejected.connect(self._give_up)
        dialog.open()

    def _confirm(self, dialog: ConfirmPassword, password: str) -> None:
        def go_on(_actor: object) -> None:
            self._dialog = None
            questions, self._questions = self._questions, []
            dialog.accept()
            for question in questions:
                question.ask_again()

        self._work.call(
            dialog,
            late("clinic_desktop.clinic.access.login:confirm_password"),
            db=self._work.db,
            actor=self._work.actor,
            password=password,
            then=go_on,
            failed=dialog.refuse,
        )

    def _give_up(self) -> None:
        self._dialog = None
        questions, self._questions = self._questions, []
        for question in questions:
            question.give_up()
