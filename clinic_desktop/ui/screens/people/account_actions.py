"""What can be done to an account besides correcting it: a code, a first password, an end of sessions, shutting out and letting in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.queries import UserRow
from clinic_desktop.clinic.access.resets import ResetCode
from clinic_desktop.clinic.access.rules import UserStatus
from clinic_desktop.kernel.formats import isolated, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.record_list import RecordList
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.screens.people.first_password import FirstPasswordDialog
from clinic_desktop.ui.screens.people.why import WhyDialog
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, ask

_ISSUE = late("clinic_desktop.clinic.access.resets:issue_reset_code")
_DISABLE = late("clinic_desktop.clinic.access.accounts:disable")


class AccountActions(QObject):
    """The buttons at the foot of an account's form."""

    def __init__(self, screen: Screen, records: RecordList) -> None:
        super().__init__(screen)
        self._screen, self._records = screen, records
        self.code = BusyButton(_("Reset code"), icon_name="key-round", role=None)
        self.code.setToolTip(_("A code with which this person chooses a new password"))
        self.why = Button(_("Rights"), icon_name="shield-check")
        self.why.setToolTip(_("What this person may do, and why"))
        self.more = Button(_("More"), icon_name="chevron-down")
        self.menu = QMenu(self.more)
        self.code.clicked.connect(lambda: self.issue_code(self._person()))
        self.why.clicked.connect(lambda: WhyDialog(screen, self._person()).open())
        self.more.clicked.connect(self._show_menu)
        for button in (self.code, self.why, self.more):
            records.add_action(button)
        self.actions = {
            "unlock": self._action("lock", _("End the lock"), self._unlock),
            "password": self._action("key-round", _("Set a first password…"), self._set_password),
            "pin": self._action("hash", _("Take the PIN away"), self._clear_pin),
            "sessions": self._action("log-out", _("End all sessions"), self._end_sessions),
            "disable": self._action("user-x", _("Disable the account…"), self._ask_disable),
            "enable": self._action("user-check", _("Enable the account"), self._enable),
        }

    def _action(self, icon_name: str, text: str, act: Callable[[UserRow], object]) -> QAction:
        made = self.menu.addAction(icon(icon_name), text)
        made.triggered.connect(lambda: act(self._person()))
        return made

    def _person(self) -> UserRow:
        row = self._records.record
        assert isinstance(row, UserRow)
        return row

    def _show_menu(self) -> None:
        person = self._person()
        is_active = person.status is UserStatus.ACTIVE
        self.actions["unlock"].setVisible(person.locked_until is not None)
        self.actions["pin"].setVisible(person.has_pin)
        self.actions["disable"].setVisible(is_active)
        self.actions["enable"].setVisible(not is_active)
        self.menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()) - QPoint(0, self.menu.sizeHint().height()))

    # The acts

    def issue_code(self, person: UserRow) -> None:
        """Make a reset code and show it once."""
        if self.code.is_busy:
            return
        self.code.set_busy(True)
        self._call(_ISSUE, person, then=lambda made: self._show_code(person, made), settled=lambda: self.code.set_busy(False))

    def _show_code(self, person: UserRow, made: ResetCode) -> None:
        until = time_text(made.expires_at, timezone=self._screen.desk.place.timezone)
        text = _("{name} chooses “Forgotten password” on the log-in page, types “{username}” and this code. It works once, until {time}.")
        said = text.format(name=isolated(person.full_name), username=isolated(person.username), time=until)
        CodeDialog(self._screen, _("Code for a new password"), said, made.text).open()

    def _set_password(self, person: UserRow) -> None:
        dialog = FirstPasswordDialog(self._screen, person)
        dialog.done_for.connect(lambda one: self._say(_("{name} has a first password now."), one))
        dialog.open()

    def _unlock(self, person: UserRow) -> None:
        self._run(commands.unlock_user, person, _("{name} may try again now."))

    def _clear_pin(self, person: UserRow) -> None:
        self._run(commands.clear_pin, person, _("The PIN of {name} is gone."))

    def _end_sessions(self, person: UserRow) -> None:
        self._run(commands.end_sessions, person, _("All sessions of {name} have ended."))

    def _enable(self, person: UserRow) -> None:
        self._run(commands.enable_user, person, _("{name} may log in again."))

    def _ask_disable(self, person: UserRow) -> None:
        text = _("{name} is logged out at every computer at once and cannot log in any more. What was done under this name stays.")
        ask(
            self._screen,
            _("Disable the account?"),
            text.format(name=isolated(person.full_name)),
            yes=_("Disable"),
            role="danger",
            then=lambda: self._call(_DISABLE, person, then=lambda _nothing: self._say(_("{name} is disabled."), person)),
        )

    def _run(self, command: Any, person: UserRow, said: str) -> None:
        self._screen.work.do(self, command, user_id=person.id, then=lambda _nothing: self._say(said, person), failed=self._records.refuse)

    def _call(self, function: Any, person: UserRow, **hooks: Any) -> None:
        work = self._screen.work
        work.call(self, function, db=work.db, actor=work.actor, user_id=person.id, failed=self._records.refuse, **hooks)

    def _say(self, text: str, person: UserRow) -> None:
        self._screen.desk.toast(text.format(name=isolated(person.full_name)), tone=Tone.GOOD)
        self._screen.refresh()
