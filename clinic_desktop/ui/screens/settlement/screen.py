"""The settlement: days on one side, the sheet of one day on the other."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.billing import commands, events
from clinic_desktop.clinic.billing.queries.rows import OpenTillRow, TillRow
from clinic_desktop.clinic.billing.rights import CLOSE_ANY_TILL
from clinic_desktop.kernel.formats import date_text, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.screens.settlement.reading import DayLine, Sheet, days, sheet, till_of
from clinic_desktop.ui.screens.settlement.sheet import SheetView
from clinic_desktop.ui.screens.settlement.sign_off import SignOff
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_24, Tone
from clinic_desktop.ui.widgets import Button, Page, keep_if, keyed, row

SETTLEMENT = late("clinic_desktop.documents.compose:settlement")
_EVENTS = (
    events.PaymentTaken,
    events.PaymentRefunded,
    events.CreditNoteIssued,
    events.InvoiceIssued,
    events.InvoiceDrafted,
    events.InvoiceCancelled,
    events.TillOpened,
    events.TillClosed,
    events.DaySettled,
)


class SettlementScreen(Screen):
    """Shows today first; settled days are read-only."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._day: date = desk.today()
        self._is_marking = False
        self.print = Button(_("Print"), icon_name="printer")
        self.settle = Button(_("Settle the day…"), icon_name="lock", role="primary")
        self.table = TableView(_("Days"), _columns(), key=lambda one: one.day, empty_icon="calendar-days", filterable=False)
        self.view = SheetView(self)
        self._lay_out()
        self._wire()
        self.watch(*_EVENTS)

    def _lay_out(self) -> None:
        self.page = Page(self, _("Daily settlement"), actions=[self.print, self.settle])
        self.table.setFixedWidth(scaled(396))
        sides = row(self.table, self.view, fill=True, gap=GAP_24)
        sides.setStretch(1, 1)
        self.page.body.addLayout(sides, 1)
        self.print.setEnabled(False)
        self.settle.setEnabled(False)

    def _wire(self) -> None:
        keyed(self.print, "F8")
        keyed(self.settle, "F10")
        keep_if(self.settle, self.desk.may(commands.settle_day))
        self.print.clicked.connect(self._print)
        self.settle.clicked.connect(self._ask)
        self.table.selected.connect(self._choose)
        self.view.count_wanted.connect(self._ask_count)
        begin_at(self, self.table)

    # What the shell does with it

    def refresh(self) -> None:
        """Read the days and the open sheet again."""
        desk = self.desk
        self.work.read(self, days, latest="days", then=self._show_days, clinic_id=desk.clinic_id, today=desk.today())
        self.work.read(self, sheet, latest="sheet", then=self._show_sheet, clinic_id=desk.clinic_id, day=self._day)

    def open(self, *, day: date | None = None, **_what: Any) -> None:
        """Show the sheet of a day."""
        if day is not None:
            self._day = day
            self.refresh()

    # How it behaves

    def _show_days(self, found: list[DayLine]) -> None:
        self._is_marking = True
        self.table.set_rows(found)
        self.table.select(self._day)
        self._is_marking = False

    def _choose(self, chosen: DayLine | None) -> None:
        if chosen is not None and not self._is_marking and chosen.day != self._day:
            self._day = chosen.day
            self.settle.setEnabled(False)
            self.print.setEnabled(False)
            self.work.read(self, sheet, latest="sheet", then=self._show_sheet, clinic_id=self.desk.clinic_id, day=self._day)

    def _show_sheet(self, found: Sheet) -> None:
        self.view.show_sheet(found)
        self.view.may_count(self.desk.actor.user_id, self.desk.actor.may(CLOSE_ANY_TILL))
        self.page.subtitle.setText(date_text(found.day, weekday=True))
        self.settle.setEnabled(found.settled is None and not found.open_tills)
        self.print.setEnabled(found.settled is not None)

    # What the keys do

    def _ask(self) -> None:
        if self.view.sheet is not None:
            dialog = SignOff(self, self.view.sheet)
            dialog.settled.connect(self._settled)
            dialog.open()

    def _settled(self, settlement_id: UUID) -> None:
        self.desk.toast(_("{day} is settled.").format(day=date_text(self._day)), tone=Tone.GOOD)
        self.refresh()
        self._show_document(settlement_id)

    def _print(self) -> None:
        if self.view.sheet is not None and self.view.sheet.settled is not None:
            self._show_document(self.view.sheet.settled.id)

    def _show_document(self, settlement_id: UUID) -> None:
        show_document(self, _("Daily settlement"), SETTLEMENT, settlement_id=settlement_id)

    def _ask_count(self, blocking: OpenTillRow) -> None:
        def ask(till: TillRow | None) -> None:
            if till is None:
                self.refresh()
                return
            owner = "" if blocking.cashier_id == self.desk.actor.user_id else blocking.cashier_name
            CloseTill(self, till, owner=owner).open()

        self.work.read(self, till_of, then=ask, till_session_id=blocking.till_session_id)


def _columns() -> list[Column]:
    return [
        Column(_("Day"), lambda one: date_text(one.day), width=0, sort_key=lambda one: one.day),
        Column(
            _("Status"),
            lambda one: _("Settled") if one.settled else _("Not settled"),
            chip=lambda one: Tone.GOOD if one.settled else Tone.WARN,
            width=142,
        ),
        Column(
            _("Net"),
            lambda one: money_text(one.settled.net_total) if one.settled else "",
            align=END,
            width=110,
            sort_key=lambda one: one.settled.net_total.minor if one.settled else 0,
        ),
    ]
