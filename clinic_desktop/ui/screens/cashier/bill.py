"""One bill: its lines and sums, and what a cashier does with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.billing import commands
from clinic_desktop.clinic.billing.commands.payments import TakenRow
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.kernel.formats import date_text, isolated, money_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cashier.corrections import DiscountDialog, RefundDialog
from clinic_desktop.ui.screens.cashier.payment import PaymentDialog
from clinic_desktop.ui.screens.cashier.reading import Bill, bill
from clinic_desktop.ui.screens.cashier.sums import Sums
from clinic_desktop.ui.screens.cashier.words import TONES, bill_status
from clinic_desktop.ui.screens.reception.words import banner_of
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import (
    BusyButton,
    Button,
    Card,
    Chip,
    ElidedLabel,
    Label,
    PatientBanner,
    Stat,
    beside,
    directed,
    keep_if,
    keyed,
    row,
)

RECEIPT = late("clinic_desktop.documents.compose:receipt")
INVOICE = late("clinic_desktop.documents.compose:invoice")
_DISCOUNT = 3


class BillView(QWidget):
    """The bill that is open; ``paid()`` once money was taken for it."""

    paid = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self.bill: Bill | None = None
        self._coming: UUID | None = None
        self._pays_next = False
        self._then: Callable[[], object] | None = None
        self.banner = PatientBanner()
        self.number = ElidedLabel(voice=Text.STRONG)
        self.status = Chip("–", Tone.NEUTRAL)
        self.lines = TableView(
            _("Lines of the bill"), _columns(), empty=_("Choose a patient from the list, or scan an invoice."), filterable=False
        )
        self.of_clinic = Label(tone="warn", wrap=True)
        self.sums = Sums()
        self.balance = Stat(_("To pay"))
        self.discount = Button(_("Discount…"))
        self.refund = Button(_("Give back…"), icon_name="undo-2")
        self.invoice = Button(_("Invoice"), icon_name="file-text")
        self.receipt = Button(_("Receipt"), icon_name="receipt")
        self.issue = BusyButton(_("Issue"), icon_name="check", role=None)
        self.pay = Button(_("Take payment"), icon_name="banknote", role="primary")
        self._lay_out()
        self._wire()
        self.clear()

    def _lay_out(self) -> None:
        self.lines.lead(self.status, self.number)
        for button in (self.discount, self.refund):
            self.lines.tools.addWidget(button)
        card = Card()
        card.body.addWidget(self.of_clinic)
        card.body.addWidget(self.lines, 1)
        card.body.addWidget(self.sums)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(card, 1)
        column.addLayout(row(self.balance, self.invoice, self.receipt, self.issue, self.pay, stretch_at=1))

    def _wire(self) -> None:
        for button, keys, action, command in (
            (self.issue, "F6", self._issue, commands.issue_invoice),
            (self.discount, "F7", self._ask_discount, commands.change_discount),
            (self.invoice, "F8", self._print_invoice, None),
            (self.receipt, "F9", self._print_receipt, None),
            (self.pay, "F10", self.start_payment, commands.take_payment),
            (self.refund, "F11", self._ask_refund, commands.refund),
        ):
            keyed(button, keys)
            button.clicked.connect(lambda _checked=False, act=action: act())
            keep_if(button, command is None or self._desk.may(command))
        self.lines.selected.connect(lambda _row: self._offer())
        self.lines.activated.connect(lambda _row: self._ask_discount() if self.discount.isEnabled() else None)

    # What the screen does with it

    @property
    def invoice_id(self) -> UUID | None:
        """The invoice that is open, or about to be."""
        return self._coming if self.bill is None else self.bill.invoice.id

    def clear(self) -> None:
        """No bill is open."""
        self.bill, self._coming = None, None
        self.banner.show_patient(None)
        self.number.setText("")
        self.status.hide()
        self.of_clinic.hide()
        self.lines.set_rows([])
        self.sums.show_invoice(None, self._desk.place.timezone)
        self.balance.show_figure("", caption=_("To pay"))
        self._offer()

    def load(self, invoice_id: UUID, *, then: Callable[[], object] | None = None) -> None:
        """Open a bill."""
        if invoice_id != self.invoice_id:
            # A key pressed meanwhile is about this bill, not about the one that is still on screen.
            self.bill, self._coming, self._pays_next, self._then = None, invoice_id, False, None
            self._offer()
        self._then = then or self._then  # what is heard meanwhile reads once more, for the same purpose

        def show(found: Bill) -> None:
            pays, self._coming, self._pays_next = self._pays_next, None, False
            after, self._then = self._then, None
            self._show(found)
            if after is not None:
                after()
            if pays:
                self.start_payment()

        self._work.read(self, bill, latest="bill", then=show, invoice_id=invoice_id)

    def reload(self) -> None:
        """Read the open bill again."""
        if self.invoice_id is not None:
            self.load(self.invoice_id)

    def _show(self, found: Bill) -> None:
        self.bill, invoice = found, found.invoice
        self.banner.show_patient(banner_of(found.patient, self._desk.today(), same_name=found.same_name))
        self.number.setText(beside(invoice.number, date_text(invoice.business_date)))
        is_overpaid = invoice.balance.minor < 0
        tone = Tone.BAD if is_overpaid else TONES[invoice.status]
        self.status.show_status(_("To give back") if is_overpaid else bill_status(invoice.status), tone)
        self.status.show()
        self._show_clinic(found)
        self.lines.set_rows(invoice.lines)
        self.lines.show_column(_DISCOUNT, any(one.discount for one in invoice.lines))
        self.sums.show_invoice(invoice, self._desk.place.timezone)
        alarms = is_overpaid or invoice.status is InvoiceStatus.OVERDUE
        caption = _("To give back") if is_overpaid else _("To pay")
        self.balance.show_figure(money_text(abs(invoice.balance)), tone="bad" if alarms else None, caption=caption)
        self._offer()

    def _show_clinic(self, found: Bill) -> None:
        """Whose bill it is, where that is another clinic, and what cannot be done here."""
        told = _of_clinic(found, self._desk.clinic_id)
        self.of_clinic.setText(directed(told))
        self.of_clinic.setVisible(bool(told))

    def _offer(self) -> None:
        found, invoice = self.bill, None if self.bill is None else self.bill.invoice
        is_draft = invoice is not None and invoice.status is InvoiceStatus.DRAFT
        may_change = is_draft and found is not None and not found.is_elsewhere
        self.issue.setEnabled(may_change and invoice is not None and bool(invoice.lines))
        self.discount.setEnabled(may_change and self.lines.current is not None)
        self.invoice.setEnabled(invoice is not None and not is_draft)
        self.receipt.setEnabled(bool(invoice is not None and invoice.payments))
        self.refund.setEnabled(bool(found is not None and found.refundable))
        self.pay.setEnabled(self._coming is not None or bool(found is not None and found.is_payable))

    # What the keys do

    def start_payment(self) -> None:
        """Ask for the money; a bill of nothing is issued instead, which settles it."""
        self._pays_next = self._coming is not None
        if self.bill is None or not self.pay.isEnabled() or not self._desk.may(commands.take_payment):
            return
        invoice = self.bill.invoice
        if not invoice.balance:
            self._issue()
            return
        dialog = PaymentDialog(self._screen, invoice)
        dialog.taken.connect(lambda taken: self._paid(invoice, taken))
        dialog.open()

    def _paid(self, invoice: InvoiceRow, taken: TakenRow) -> None:
        change = money_text(taken.change)
        title = _("Give back {change}").format(change=change) if taken.change else _("Receipt {number}").format(number=taken.receipt_number)
        self._desk.toast(_("{amount} taken from {name}.").format(amount=money_text(taken.paid), name=invoice.patient_name), tone=Tone.GOOD)
        self.load(invoice.id)
        self.paid.emit()
        show_document(self._screen, title, RECEIPT, receipt_number=taken.receipt_number)

    def _issue(self) -> None:
        if self.bill is None:
            return
        invoice = self.bill.invoice

        def issued(number: str) -> None:
            self._desk.toast(_("Issued as {number}.").format(number=number), tone=Tone.GOOD)
            self.load(invoice.id)

        self.issue.run(self._work, self, commands.issue_invoice, then=issued, invoice_id=invoice.id)

    def _ask_discount(self) -> None:
        if self.lines.current is not None:
            dialog = DiscountDialog(self._screen, self.lines.current)
            dialog.accepted.connect(self.reload)
            dialog.open()

    def _ask_refund(self) -> None:
        if self.bill is not None:
            dialog = RefundDialog(self._screen, self.bill)
            dialog.refunded.connect(lambda _row: self.reload())
            dialog.open()

    def _print_invoice(self) -> None:
        if self.bill is not None:
            show_document(self._screen, _("Invoice"), INVOICE, invoice_id=self.bill.invoice.id)

    def _print_receipt(self) -> None:
        if self.bill is not None and self.bill.invoice.payments:
            number = self.bill.invoice.payments[-1].receipt_number
            show_document(self._screen, _("Receipt {number}").format(number=number), RECEIPT, receipt_number=number)


def _of_clinic(found: Bill, clinic_id: UUID) -> str:
    invoice = found.invoice
    told = []
    if invoice.clinic_id != clinic_id:
        told.append(_("This is a bill of {clinic}.").format(clinic=isolated(invoice.clinic_name)))
        if found.is_elsewhere and invoice.status is InvoiceStatus.DRAFT:
            told.append(_("It is not issued yet. That is done there, and then it can be paid here."))
        elif found.is_payable:
            told.append(_("Money taken here goes into the till here, with a receipt of this clinic."))
    others = dict.fromkeys(isolated(one.clinic_name) for one in invoice.payments if one.clinic_id in found.elsewhere)
    if others:
        told.append(_("What {clinics} took is given back there.").format(clinics=beside(*others)))
    return " ".join(told)


def _columns() -> list[Column]:
    return [
        Column(_("Description"), lambda one: one.description, width=0, tooltip=lambda one: one.doctor_name or one.description),
        Column(_("Qty"), lambda one: number_text(one.quantity), align=END, width=60, sort_key=lambda one: one.quantity),
        Column(_("Price"), lambda one: money_text(one.unit_price), align=END, width=90, sort_key=lambda one: one.unit_price.minor),
        Column(
            _("Discount"),
            lambda one: money_text(one.discount) if one.discount else "",
            align=END,
            width=88,
            sort_key=lambda one: one.discount.minor,
        ),
        Column(_("Tax"), lambda one: money_text(one.tax) if one.tax else "", align=END, width=80, sort_key=lambda one: one.tax.minor),
        Column(_("Total"), lambda one: money_text(one.total), align=END, width=98, sort_key=lambda one: one.total.minor),
    ]
