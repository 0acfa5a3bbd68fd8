"""All tills that are open, for whoever answers for the cash: the server's own, and those left open on computers' copies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop.clinic.billing import events, queries
from clinic_desktop.clinic.billing.queries.rows import StandingTillRow, TillRow
from clinic_desktop.kernel.formats import datetime_text, isolated, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.away_words import at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Dialog, directed

_MONEY = (events.TillOpened, events.TillClosed, events.PaymentTaken, events.PaymentRefunded)


class OpenTillsDialog(Dialog):
    """Follows what is done while it is open; one of them can be counted from here."""

    def __init__(self, screen: Screen) -> None:
        text = _("A till on a copy stands here as that computer last told it. It is counted once the computer has handed over.")
        super().__init__(screen, _("Open tills"), text, width=820)
        self._screen, self._desk = screen, screen.desk
        self.table = TableView(
            _("Open tills"),
            self._columns(),
            key=lambda one: one.till_session_id,
            empty=_("No till is open."),
            empty_icon="wallet",
            filterable=False,
            parent=self,
        )
        self.table.setMinimumHeight(240)
        self.body.addWidget(self.table, 1)
        self.count = Button(_("Count this till…"), icon_name="calculator", parent=self)
        self.count.clicked.connect(self._ask)
        self.count.setEnabled(False)
        self.buttons.addWidget(self.count)
        self.add_button(_("Close"), None, self.accept)
        self.table.selected.connect(lambda chosen: self.count.setEnabled(chosen is not None))
        self._desk.work.on(self, *_MONEY, then=lambda _events: self._read())
        self._read()
        self.table.setFocus()

    def _read(self) -> None:
        self._desk.work.read(self, _standing, latest="tills", then=self._show, clinic_id=self._desk.clinic_id)

    def _show(self, rows: list[StandingTillRow]) -> None:
        waits, at_now = not self.table.rows, self.focusWidget()
        self.table.set_rows(rows)
        if waits and rows and at_now is not None and self.table.isAncestorOf(at_now):
            self.table.setFocus()  # while there was no list, only its menu could be reached

    def _columns(self) -> list[Column]:
        zone = self._desk.place.timezone
        return [
            Column(_("Cashier"), lambda one: one.cashier_name, width=0),
            Column(_("Where"), self._where, chip=lambda one: Tone.WARN if one.series else None, width=290, tooltip=self._where),
            Column(_("Open since"), lambda one: datetime_text(one.opened_at, timezone=zone), width=170, sort_key=lambda one: one.opened_at),
            Column(
                _("Should be there"), lambda one: money_text(one.expected), align=END, width=130, sort_key=lambda one: one.expected.minor
            ),
        ]

    def _where(self, one: StandingTillRow) -> str:
        if one.series is None:
            return _("Here")
        if one.as_of is None:
            return directed(_("On copy {code}").format(code=isolated(_name(one))))
        when = at(one.as_of, self._desk.place.timezone, now=self._desk.now())
        return directed(_("On copy {code}, as of {time}").format(code=isolated(_name(one)), time=isolated(when)))

    def _ask(self) -> None:
        chosen: StandingTillRow | None = self.table.current
        if chosen is not None:
            self._desk.work.read(self, _to_count, then=lambda till: self._count(chosen, till), till_session_id=chosen.till_session_id)

    def _count(self, chosen: StandingTillRow, till: TillRow | None) -> None:
        if till is None:  # it was counted meanwhile
            self._read()
            return
        owner = "" if chosen.cashier_id == self._desk.actor.user_id else chosen.cashier_name
        self.accept()
        CloseTill(self._screen, till, owner=owner).open()


def _name(one: StandingTillRow) -> str:
    """The computer as people know it, behind what stands in its numbers."""
    return f"{one.series} ({one.computer})" if one.computer else str(one.series)


def _standing(session: Any, *, clinic_id: UUID) -> list[StandingTillRow]:
    return queries.standing_tills(session, clinic_id)


def _to_count(session: Any, *, till_session_id: UUID) -> TillRow | None:
    return queries.till_to_count(session, till_session_id)
