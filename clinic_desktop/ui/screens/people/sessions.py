"""Who is logged in where: open sessions, and their end."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.access import commands, events
from clinic_desktop.clinic.access.computers import Invitation
from clinic_desktop.clinic.access.queries import SessionRow, open_sessions
from clinic_desktop.kernel.formats import datetime_text, isolated, time_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.late import late
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Page, ask

_INVITE = late("clinic_desktop.clinic.access.computers:invite")
_LOOK_AGAIN_MS = 15_000
_HERE_SECONDS = 150
"""A session that showed itself so lately is there: computers do once a minute."""


class SessionsScreen(Screen):
    """The list, and two buttons."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        page = Page(self, _("Sessions"))
        self.table = TableView(
            _("Sessions"),
            [
                Column(_("Name"), lambda one: one.full_name, width=0),
                Column(_("Where"), self._where, width=0, tooltip=lambda one: one.host or ""),
                Column(_("Since"), lambda one: self._time(one.issued_at), width=184, sort_key=lambda one: one.issued_at),
                Column(_("State"), self._state, chip=self._tone, width=150),
                Column(_("Came in by"), lambda one: _("PIN") if one.by_pin else _("Password"), width=110),
                Column(_("Ends"), lambda one: self._time(one.expires_at), width=184, hidden=True),
            ],
            empty=_("Nobody is logged in."),
            empty_icon="users",
            parent=self,
        )
        self.end = BusyButton(_("End this session"), icon_name="log-out", role=None)
        self.end_all = BusyButton(_("End all of this person"), icon_name="user-x", role=None)
        self.end.clicked.connect(self._end)
        self.end_all.clicked.connect(self._ask_all)
        self.invite = BusyButton(_("Invite a computer"), icon_name="wifi", role=None)
        self.invite.setToolTip(_("A code with which another computer joins the clinic"))
        self.invite.clicked.connect(self._invite)
        for button in (self.invite, self.end, self.end_all):
            self.table.tools.addWidget(button)
        if not self.work.db.seats.is_needed:
            self.invite.hide()
        self.table.selected.connect(lambda _row: self._tell())
        page.body.addWidget(self.table, 1)
        begin_at(self, self.table)
        self.watch(events.LoggedIn, events.LoggedOut, events.UserChanged)
        self._clock = QTimer(self, interval=_LOOK_AGAIN_MS)  # the minutes
        self._clock.timeout.connect(lambda: self.refresh() if self.isVisible() else None)
        self._clock.start()
        self._tell()

    def refresh(self) -> None:
        """Read the open sessions again."""
        self.work.read(self, open_sessions, now=self.desk.now(), latest="rows", then=self._show)

    def _show(self, rows: list[SessionRow]) -> None:
        self.table.set_rows(rows)
        self._tell()

    def _is_mine(self, one: SessionRow) -> bool:
        return one.id == self.desk.actor.session_id

    def _where(self, one: SessionRow) -> str:
        return one.workstation or one.host or _("Unknown computer")

    def _time(self, instant: object) -> str:
        return datetime_text(instant, timezone=self.desk.place.timezone)  # type: ignore[arg-type]

    def _minutes(self, one: SessionRow) -> int | None:
        return None if one.seen_at is None else max(0, int((self.desk.now() - one.seen_at).total_seconds()) // 60)

    def _is_here(self, one: SessionRow) -> bool:
        return one.seen_at is not None and (self.desk.now() - one.seen_at).total_seconds() < _HERE_SECONDS

    def _state(self, one: SessionRow) -> str:
        if self._is_mine(one):
            return _("This session")
        minutes = self._minutes(one)
        if self._is_here(one):
            return _("At work")
        return _("Not seen yet") if minutes is None else ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)

    def _tone(self, one: SessionRow) -> Tone:
        return Tone.INFO if self._is_mine(one) else Tone.GOOD if self._is_here(one) else Tone.NEUTRAL

    # Inviting

    def _invite(self) -> None:
        if self.invite.is_busy:
            return
        self.invite.set_busy(True)
        call, settled = self.work.call, partial(self.invite.set_busy, False)
        call(self, _INVITE, db=self.work.db, actor=self.desk.actor, then=self._show_code, settled=settled)

    def _show_code(self, made: Invitation) -> None:
        until = time_text(made.until, timezone=self.desk.place.timezone)
        text = _(
            "At the other computer, join a clinic on the network with the address {address} and this code. It works once, till {time}."
        )
        half = len(made.code) // 2
        code = f"{made.code[:half]}\n{made.code[half + 1 :]}"
        CodeDialog(self, _("Invite a computer"), text.format(address=isolated(made.address), time=until), code).open()

    # Ending

    def _tell(self) -> None:
        chosen = self.table.current
        for button in (self.end, self.end_all):
            button.setEnabled(chosen is not None and not self._is_mine(chosen))
            button.setToolTip(_("Your own session ends when you log out.") if chosen is not None and self._is_mine(chosen) else "")

    def _end(self) -> None:
        chosen: SessionRow | None = self.table.current
        if chosen is not None:
            said = _("The session of {name} has ended. What was typed there is kept.").format(name=isolated(chosen.full_name))
            self.end.run(self.work, self, commands.end_session, session_id=chosen.id, then=partial(self._done, said))

    def _ask_all(self) -> None:
        chosen: SessionRow | None = self.table.current
        if chosen is None:
            return
        name = isolated(chosen.full_name)
        text = _("{name} has to log in again at every computer. What was typed there is kept.").format(name=name)
        said = _("All sessions of {name} have ended.").format(name=name)
        ask(
            self,
            _("End all sessions?"),
            text,
            yes=_("End all"),
            role="danger",
            then=lambda: self.end_all.run(self.work, self, commands.end_sessions, user_id=chosen.user_id, then=partial(self._done, said)),
        )

    def _done(self, said: str, _nothing: object) -> None:
        self.desk.toast(said, tone=Tone.GOOD)
        self.refresh()
