"""One day's sheet: its figures, money by method and cashier, tills, and what still blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.billing.queries.rows import OpenTillRow
from clinic_desktop.clinic.billing.rules import TillStatus
from clinic_desktop.clinic.billing.tallies.days import TillOfDayRow
from clinic_desktop.kernel.formats import date_text, datetime_text, isolated, money_text, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.settlement.reading import Sheet
from clinic_desktop.ui.table import END, Column, TableView, put_title
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16, GAP_24, Tone
from clinic_desktop.ui.widgets import Button, Card, Chip, Label, Stat, directed, row


class SheetView(QWidget):
    """The sheet; ``count_wanted(OpenTillRow)`` asks to count a till that blocks the day."""

    count_wanted = Signal(object)

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._desk = screen.desk
        self.sheet: Sheet | None = None
        self._day: date | None = None
        self.status = Chip(_("Not settled yet"), Tone.WARN)
        self.taken, self.given_back = Stat(_("Taken")), Stat(_("Given back"))
        self.net, self.difference = Stat(_("Net")), Stat(_("Till difference"))
        self.credited = Stat(_("Credit notes"))
        self.said = Label(tone="muted", wrap=True)
        self.blocked = Label(tone="bad", wrap=True)
        self.count = Button(_("Count this till…"), icon_name="calculator")
        self.lines = TableView(
            _("By method and cashier"),
            _line_columns(),
            key=lambda one: (one.method, one.cashier_id),
            empty=_("No money was taken or given back on this day."),
            empty_icon="banknote",
            filterable=False,
        )
        self.tills = TableView(
            _("Tills"),
            _till_columns(lambda: self._day),
            key=lambda one: one.till_session_id,
            empty=_("No till was opened on this day."),
            empty_icon="wallet",
            filterable=False,
        )
        self._lay_out()
        self.count.clicked.connect(self._ask_count)

    def _lay_out(self) -> None:
        put_title(self.lines, _("By method and cashier"))
        put_title(self.tills, _("Tills"))
        figures = Card()
        figures.body.addLayout(row(self.status, self.said, fill=True, gap=GAP_16))
        stats = row(self.taken, self.given_back, self.net, self.credited, self.difference, fill=True, gap=GAP_24)
        figures.body.addLayout(stats)
        self.block = Card()
        self.block.body.addLayout(row(self.blocked, self.count, fill=True, gap=GAP_16))
        self.block.hide()
        self.count.setFixedWidth(scaled(180))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_16)
        column.addWidget(figures)
        column.addWidget(self.block)
        column.addWidget(self.lines, 3)
        column.addWidget(self.tills, 2)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a day."""
        self.sheet = sheet
        for stat, amount in ((self.taken, sheet.taken), (self.given_back, sheet.given_back), (self.net, sheet.net)):
            stat.show_figure(money_text(amount))
        self.credited.show_figure(money_text(sheet.credited))
        self.difference.show_figure(money_text(sheet.difference), tone="bad" if sheet.difference else None)
        self.lines.set_rows(sheet.lines)
        self._day = sheet.day
        self.tills.set_rows(sheet.tills)
        is_settled = sheet.settled is not None
        self.status.show_status(_("Settled") if is_settled else _("Not settled yet"), Tone.GOOD if is_settled else Tone.WARN)
        self.said.setText(directed(f"{_late_text(sheet)} {self._said_text(sheet)}".strip()))
        self.blocked.setText(directed(_block_text(sheet)))
        self.block.setVisible(bool(sheet.open_tills))

    def may_count(self, own_id: UUID | None, any_till: bool) -> None:
        """Offer to count the first till that blocks, where the person may."""
        first = self._first()
        self.count.setVisible(first is not None and (any_till or first.cashier_id == own_id))

    def _first(self) -> OpenTillRow | None:
        return self.sheet.open_tills[0] if self.sheet is not None and self.sheet.open_tills else None

    def _ask_count(self) -> None:
        first = self._first()
        if first is not None:
            self.count_wanted.emit(first)

    def _said_text(self, sheet: Sheet) -> str:
        if sheet.settled is not None:
            signed = _("Signed off by {name} on {time}.").format(
                name=sheet.settled.signed_off_by or "–",
                time=datetime_text(sheet.settled.settled_at, timezone=self._desk.place.timezone),
            )
            note = _("Note: {note}").format(note=sheet.settled.note) if sheet.settled.note else ""
            return f"{signed} {note}".strip()
        if not sheet.unpaid:
            return _("All bills of the day are paid.")
        # Worth knowing before the cash goes to the safe, but no reason to wait: the money belongs to the day it comes in.
        return ngettext("{n} bill of the day is not paid yet.", "{n} bills of the day are not paid yet.", sheet.unpaid).format(
            n=number_text(sheet.unpaid)
        )


def _block_text(sheet: Sheet) -> str:
    if not sheet.open_tills:
        return ""
    names = ", ".join(_till_name(one, date_text(one.business_date)) for one in sheet.open_tills)
    return _("The day cannot be settled before these tills are counted: {tills}.").format(tills=names)


def _late_text(sheet: Sheet) -> str:
    if not sheet.late:
        return ""
    # It stands in the sums of this day, because its own was settled before it came.
    return _("{amount} of it came in late, from computers that were away from the clinic's server.").format(amount=money_text(sheet.late))


def _till_name(till: OpenTillRow | TillOfDayRow, day: str = "") -> str:
    """Whose till it is, with the code of the computer whose copy it was opened on, and its day where that is to be said."""
    told = ", ".join(isolated(one) for one in (till.series or "", day) if one)
    return f"{isolated(till.cashier_name)} ({told})" if told else till.cashier_name


def _optional(amount: Money | None) -> str:
    return "" if amount is None else money_text(amount)


def _line_columns() -> list[Column]:
    return [
        Column(_("Method"), lambda one: wording.status(one.method), width=130),
        Column(_("Cashier"), lambda one: one.cashier_name, width=0),
        Column(_("Payments"), lambda one: number_text(one.payment_count), align=END, width=92, sort_key=lambda one: one.payment_count),
        Column(_("Taken"), lambda one: money_text(one.payments_total), align=END, width=116, sort_key=lambda one: one.payments_total.minor),
        Column(_("Refunds"), lambda one: number_text(one.refund_count), align=END, width=86, sort_key=lambda one: one.refund_count),
        Column(
            _("Given back"), lambda one: money_text(one.refunds_total), align=END, width=116, sort_key=lambda one: one.refunds_total.minor
        ),
    ]


def _till_columns(shown: Callable[[], date | None]) -> list[Column]:
    def day_of(till: TillOfDayRow) -> str:
        return "" if till.business_date == shown() else date_text(till.business_date)

    return [
        Column(_("Cashier"), lambda one: _till_name(one, day_of(one)), width=0),
        Column(
            _("Status"),
            lambda one: _("Not counted") if one.status is TillStatus.OPEN else _("Counted"),
            chip=lambda one: Tone.WARN if one.status is TillStatus.OPEN else Tone.GOOD,
            width=144,
        ),
        Column(_("Opened with"), lambda one: money_text(one.opening_float), align=END, width=108),
        Column(_("Expected"), lambda one: _optional(one.expected), align=END, width=92),
        Column(_("Counted"), lambda one: _optional(one.counted), align=END, width=92),
        Column(
            _("Difference"),
            lambda one: _optional(one.difference),
            chip=lambda one: Tone.BAD if one.difference else None,
            align=END,
            width=98,
        ),
    ]
