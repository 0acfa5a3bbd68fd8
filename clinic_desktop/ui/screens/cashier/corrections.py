"""Corrections with a reason: a discount on a draft's line, and money given back."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinic_desktop import wording
from clinic_desktop.clinic.access.rules import Act, ApprovalRefused
from clinic_desktop.clinic.billing import commands
from clinic_desktop.clinic.billing.commands.refunds import RefundRow
from clinic_desktop.clinic.billing.errors import ApprovalNeeded
from clinic_desktop.clinic.billing.queries.rows import LineRow, PaymentRow
from clinic_desktop.clinic.billing.rights import APPROVE
from clinic_desktop.clinic.billing.rules import TAKEN_METHODS
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.errors import ClinicError, PermissionDenied
from clinic_desktop.kernel.formats import date_text, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cashier.approval import Approval
from clinic_desktop.ui.screens.cashier.reading import Bill
from clinic_desktop.ui.screens.cashier.tender import Amount
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, LineEdit, beside, directed


class _Correction(Dialog):
    """A form, a place for what went wrong, and one button."""

    def __init__(self, screen: Screen, title: str, text: str, yes: str, *, icon_name: str) -> None:
        super().__init__(screen, title, text, width=480)
        self._screen = screen
        self.form = Form(columns=2)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.post = BusyButton(yes, icon_name=icon_name)
        self.post.setDefault(True)
        self.buttons.addWidget(self.post)

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at its field or below the form."""
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()


class DiscountDialog(_Correction):
    """Changes the discount of one line of a draft."""

    def __init__(self, screen: Screen, line: LineRow) -> None:
        text = _("{line}: {gross} before discount.").format(line=line.description, gross=money_text(line.unit_price * line.quantity))
        super().__init__(screen, _("Discount"), directed(text), _("Set the discount"), icon_name="check")
        self._line = line
        self.amount = Amount("", line.discount.currency)
        self.amount.set_value(line.discount)
        self.form.add("discount", _("Discount"), self.amount, required=True)
        self.form.add("reason", _("Reason"), LineEdit(limit=300), required=True, span=2)
        self.post.clicked.connect(self._post)
        self.amount.setFocus()

    def _post(self) -> None:
        values = self.form.values()
        if values is not None:
            self.post.run(
                self._screen.work,
                self,
                commands.change_discount,
                then=lambda _nothing: self.accept(),
                failed=self.refuse,
                item_id=self._line.id,
                **values,
            )


class RefundDialog(_Correction):
    """Gives back part or all of a payment; ``refunded(RefundRow)``."""

    refunded = Signal(object)

    def __init__(self, screen: Screen, found: Bill) -> None:
        invoice = found.invoice
        text = _("{name}, invoice {number}. What is given back is owed again on the invoice.").format(
            name=invoice.patient_name, number=invoice.number
        )
        super().__init__(screen, _("Give money back"), directed(text), _("Give back"), icon_name="undo-2")
        self._invoice = invoice
        self.payment = Choice("", [(self._payment_text(one), one) for one in found.refundable])
        self.amount = Amount("", invoice.total.currency)
        self.method = Choice("", [(wording.status(one), one) for one in TAKEN_METHODS])
        self.form.add("payment", _("Payment"), self.payment, required=True, span=2)
        self.form.add("amount", _("Amount"), self.amount, required=True)
        self.form.add("method", _("Goes back by"), self.method, required=True)
        self.form.add("reason", _("Reason"), LineEdit(limit=300), required=True, span=2)
        self.approval = Approval(screen)
        self.body.insertWidget(1, self.approval)
        self.payment.currentIndexChanged.connect(lambda _place: self._propose())
        self.post.clicked.connect(self._post)
        self._propose()
        self.amount.setFocus()

    def _payment_text(self, one: PaymentRow) -> str:
        day = date_text(business_date(one.paid_at, self._screen.desk.place.timezone))
        left = money_text(one.amount - one.refunded)
        return beside(one.receipt_number, day, wording.status(one.method), left)

    def _propose(self) -> None:
        chosen: PaymentRow | None = self.payment.value()
        if chosen is not None:
            self.amount.set_value(chosen.amount - chosen.refunded)
            self.method.set_value(chosen.method)

    def _post(self) -> None:
        values = self.form.values()
        if values is not None and self.approval.is_wanted:
            self.approval.confirm(self.post, Act("billing.refund", self._invoice.id, values["amount"]), self._give_back)
        else:
            self._give_back(None)

    def _give_back(self, approver: Actor | None) -> None:
        values = self.form.values()
        if values is None:
            return
        self.post.run(
            self._screen.work,
            self,
            commands.refund,
            then=self._given,
            failed=self.refuse,
            payment_id=values["payment"].payment_id,
            invoice_id=self._invoice.id,
            amount=values["amount"],
            method=values["method"],
            reason=values["reason"],
            approver=approver,
        )

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal; where a second person is needed, ask for one."""
        if isinstance(error, ApprovalNeeded):
            self.approval.ask(error)
        elif isinstance(error, ApprovalRefused):
            self.approval.refuse(wording.sentence(error))
        elif isinstance(error, PermissionDenied) and error.params.get("permission") == APPROVE.code:
            self.approval.refuse(_("{name} may not approve this. Ask somebody else.").format(name=self.approval.username.text()))
        else:
            super().refuse(error)

    def _given(self, given: RefundRow) -> None:
        text = _("{amount} was given back under {number}.").format(amount=money_text(given.amount), number=given.number)
        self._screen.desk.toast(text, tone=Tone.GOOD)
        self.accept()
        self.refunded.emit(given)
