"""The cashier's desk: the till, who has to pay, and the open bill."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.clinic.billing import commands, events
from clinic_desktop.clinic.billing.queries.rows import InvoiceHeadRow, TillRow
from clinic_desktop.clinic.billing.rights import CLOSE_ANY_TILL
from clinic_desktop.clinic.frontdesk.events import VisitCancelled, VisitCompleted, VisitReadyToPay
from clinic_desktop.kernel.formats import date_text, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.card_warning import heeded
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.numbers import is_card, is_of
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cashier.bill import BillView
from clinic_desktop.ui.screens.cashier.open_tills import OpenTillsDialog
from clinic_desktop.ui.screens.cashier.reading import AtDesk, Owner, Shown, at_desk, find_invoices, owner_of
from clinic_desktop.ui.screens.cashier.till import CloseTill, OpenTill
from clinic_desktop.ui.screens.cashier.words import shown_text, waiting_status, waiting_tone
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16, GAP_24, Tone
from clinic_desktop.ui.widgets import Button, Choice, Label, Page, keep_if, keyed, row

_BILLS = (events.InvoiceDrafted, events.InvoiceIssued, events.InvoicePaid, events.InvoiceCancelled, events.CreditNoteIssued)
_MONEY = (events.PaymentTaken, events.PaymentRefunded, events.TillOpened, events.TillClosed)
_VISITS = (VisitReadyToPay, VisitCompleted, VisitCancelled)


class CashierScreen(Screen):
    """Asks for the till first; then the list of who has to pay, and the open bill."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.till: TillRow | None = None
        self._wanted: UUID | None = None
        self._is_marking = False
        self.till_text = Label(tone="muted")
        self.open_tills = Button(_("Open tills…"), icon_name="wallet")
        self.close_till = Button(_("Close the till…"), icon_name="lock")
        lists = (Shown.TO_PAY, Shown.EXPECTED, Shown.PAID, Shown.EARLIER)
        self.shown = Choice(_("Bills"), [(shown_text(one), one) for one in lists])
        self._today: list[InvoiceHeadRow] = []
        self.table = TableView(
            _("Patients who pay"),
            _columns(),
            empty=_("Nobody has to pay now. Bills appear here as patients arrive."),
            empty_icon="banknote",
        )
        self.bill = BillView(self)
        self.opening = OpenTill(self)
        self.desk_page = QWidget()
        self.pages = QStackedWidget()
        self._lay_out()
        self._wire()
        self.watch(*_BILLS, *_MONEY, *_VISITS)

    def _lay_out(self) -> None:
        actions = [self.till_text, self.open_tills, self.close_till]
        page = Page(self, _("Cashier"), actions=actions, subtitle=date_text(self.desk.today(), weekday=True))
        self.shown.setMinimumWidth(scaled(184))
        self.table.tools.addWidget(self.shown)
        sides = row(self.table, self.bill, fill=True, gap=GAP_24)
        sides.setStretch(0, 11)
        sides.setStretch(1, 15)
        column = QVBoxLayout(self.desk_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_16)
        column.addWidget(self.bill.banner)
        column.addLayout(sides, 1)
        self.pages.addWidget(self.desk_page)
        self.pages.addWidget(self.opening)
        page.body.addWidget(self.pages, 1)
        keep_if(self.open_tills, self.desk.actor.may(CLOSE_ANY_TILL))
        keep_if(self.close_till, self.desk.may(commands.close_till))
        self.close_till.setEnabled(False)

    def _wire(self) -> None:
        keyed(self.close_till, "F12")
        self.open_tills.clicked.connect(lambda: OpenTillsDialog(self).open())
        self.close_till.clicked.connect(self._ask_close)
        self.table.selected.connect(self._choose)
        self.table.activated.connect(self._pay)
        self.shown.currentIndexChanged.connect(lambda _place: self.refresh())
        self.bill.paid.connect(self.table.grid.setFocus)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setWhatsThis(_("Find in the list"))
        find.activated.connect(self.table.filter.setFocus)
        begin_at(self, self.table)

    # What the shell does with it

    def refresh(self) -> None:
        """Read the till, the list and the open bill again."""
        self.work.read(
            self,
            at_desk,
            latest="desk",
            then=self._show,
            clinic_id=self.desk.clinic_id,
            day=self.desk.today(),
            user_id=self.desk.actor.user_id,
            shown=self.shown.value(),
        )
        self.bill.reload()

    def open(self, *, invoice_id: UUID | None = None, **_what: Any) -> None:
        """Open a bill."""
        if invoice_id is not None:
            self.bill.load(invoice_id, then=lambda: self._mark(invoice_id))
            self.table.grid.setFocus()

    def scanned(self, code: str) -> bool:
        """An invoice or a receipt opens its bill, a patient's card, booking or queue token the bill of that patient."""
        if is_of(code, "invoice", "receipt"):
            self.work.read(
                self,
                find_invoices,
                latest="scan",
                then=lambda hits: self._found(code, hits),
                text=code,
                clinic_id=self.desk.clinic_id,
                limit=1,
            )
            return True
        if is_card(code) or is_of(code, "appointment", "queue"):
            self.work.read(
                self,
                owner_of,
                latest="scan",
                then=lambda found: self._take_card(code, found),
                code=code,
                clinic_id=self.desk.clinic_id,
                today=self.desk.today(),
            )
            return True
        return False

    def draft(self) -> dict[str, Any] | None:
        """The cash that was counted for opening the till."""
        return {"opening": self.opening.form.draft()} if self.opening.amount.text() else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back; the till is opened by hand."""
        self.opening.form.restore(draft["opening"])

    # How it behaves

    def _show(self, now: AtDesk) -> None:
        self.till = now.till
        needs_till = now.till is None and self.desk.may(commands.open_till)
        self.close_till.setEnabled(now.till is not None)
        self.till_text.setText("" if now.till is None else self._till_text(now.till))
        self._is_marking = True
        self._today = now.today
        for place, one in enumerate((Shown.TO_PAY, Shown.EXPECTED)):
            self.shown.setItemText(place, shown_text(one, now.count(one)))
        self.table.set_rows(now.bills)
        self._mark(self.bill.invoice_id)
        self.desk.badge("cashier", now.to_pay)
        if needs_till and self.pages.currentWidget() is not self.opening:
            self.pages.setCurrentWidget(self.opening)
            begin_at(self, self.opening.amount)
            self.opening.amount.setFocus()
        elif not needs_till and self.pages.currentWidget() is self.opening:
            self.pages.setCurrentWidget(self.desk_page)
            begin_at(self, self.table)
            self.table.grid.setFocus()

    def _till_text(self, till: TillRow) -> str:
        amount = money_text(till.expected)
        if till.business_date == self.desk.today():
            return _("In your till: {amount}").format(amount=amount)
        return _("In your till, open since {day}: {amount}").format(amount=amount, day=date_text(till.business_date))

    def _mark(self, invoice_id: UUID | None) -> None:
        """Select the row of the open bill; none when it is not in the list: the next one must not open by itself."""
        self._is_marking = True
        if invoice_id is None or not self.table.select(invoice_id):
            self.table.grid.setCurrentIndex(QModelIndex())
        self._is_marking = False

    def _choose(self, chosen: InvoiceHeadRow | None) -> None:
        if chosen is not None and not self._is_marking and chosen.id != self.bill.invoice_id:
            self.bill.load(chosen.id)

    def _pay(self, chosen: InvoiceHeadRow) -> None:
        self._choose(chosen)
        self.bill.start_payment()

    def _found(self, code: str, hits: list[Hit]) -> None:
        if hits:
            self.open(**hits[0].open)
        else:
            self.desk.toast(_("Nothing belongs to {code}.").format(code=code), tone=Tone.WARN)

    def _take_card(self, code: str, owner: Owner | None) -> None:
        if owner is None:
            self.desk.toast(_("Nothing belongs to {code}.").format(code=code), tone=Tone.WARN)
        else:
            heeded(self, owner.warning, lambda: self._open_owner(owner))

    def _open_owner(self, owner: Owner) -> None:
        """Of a scanned card: the bill in the list, or else what is owed, here or in another clinic."""
        mine = next((one for one in (*self.table.rows, *self._today, *owner.owed) if one.patient_id == owner.patient_id), None)
        if mine is None:
            self.desk.toast(_("This patient has no bill to pay."), tone=Tone.WARN)
        else:
            self.open(invoice_id=mine.id)

    def _ask_close(self) -> None:
        if self.till is not None:
            CloseTill(self, self.till).open()


def _columns() -> list[Column]:
    return [
        Column(_("Patient"), lambda one: one.patient_name, width=0, tooltip=lambda one: f"{one.patient_name}\n{one.patient_number}"),
        Column(_("Status"), waiting_status, chip=waiting_tone, width=158),
        Column(_("To pay"), lambda one: money_text(one.balance), align=END, width=96, sort_key=lambda one: one.balance.minor),
        Column(_("Total"), lambda one: money_text(one.total), align=END, width=104, sort_key=lambda one: one.total.minor, hidden=True),
        Column(_("Invoice"), lambda one: one.number or "", width=150, hidden=True),
        Column(_("Date"), lambda one: date_text(one.business_date), width=120, hidden=True),
    ]
