"""One means of payment: how, how much, and what was handed over or which transaction it was."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.billing.rules import TAKEN_METHODS, PaymentMethod, Tender
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_12
from clinic_desktop.ui.widgets import Button, Choice, FormField, Label, LineEdit, MoneyEdit


class Amount(MoneyEdit):
    """An amount that is selected whole when the hand comes to it, so that typing replaces it."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.selectAll()
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            # The click that gives the focus puts the cursor somewhere right after this.
            QTimer.singleShot(0, self, self.selectAll)


class TenderRow(QWidget):
    """Method, amount, and cash received or the transaction's id."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, currency: str, amount: Money, *, method: PaymentMethod = PaymentMethod.CASH, may_remove: bool = False) -> None:
        super().__init__()
        self.method = Choice("", [(wording.status(one), one) for one in TAKEN_METHODS])
        self.amount = Amount("", currency)
        self.tendered = Amount("", currency)
        self.transaction = LineEdit(limit=100)
        self.fields = {
            "method": FormField("method", _("How"), self.method),
            "amount": FormField("amount", _("Amount"), self.amount, required=True, starred=False),
            "tendered": FormField("tendered", _("Cash received"), self.tendered),
            "transaction_id": FormField("transaction_id", _("Transaction number"), self.transaction),
        }
        self.remove = Button("", icon_name="x", role="quiet")
        self.remove.setAccessibleName(_("Leave this out"))
        self.remove.setToolTip(_("Leave this out"))
        self._lay_out(may_remove)
        self.amount.set_value(amount)
        self.method.set_value(method)
        self._show_method()
        self.method.currentIndexChanged.connect(lambda _place: self._show_method())
        for edit in (self.amount, self.tendered):
            edit.textChanged.connect(lambda _text: self.changed.emit())
        self.remove.clicked.connect(lambda: self.removed.emit(self))

    def _lay_out(self, may_remove: bool) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_12)
        for name, width in (("method", 150), ("amount", 130), ("tendered", 0), ("transaction_id", 0)):
            field = self.fields[name]
            if width:
                field.setFixedWidth(scaled(width))
            across.addWidget(field, 0 if width else 1)
        beside_editor = QVBoxLayout()  # level with the editors, not with their captions
        beside_editor.addSpacing(Label("X").sizeHint().height() + GAP_4)
        beside_editor.addWidget(self.remove)
        beside_editor.addStretch(1)
        across.addLayout(beside_editor)
        if not may_remove:
            self.remove.hide()

    def _show_method(self) -> None:
        is_cash = self.method.value() is PaymentMethod.CASH
        self.fields["tendered"].setVisible(is_cash)
        self.fields["transaction_id"].setVisible(not is_cash)
        self.changed.emit()

    def draft(self) -> dict[str, Any]:
        """What stands in the editors, as plain values."""
        typed = {name: getattr(self, name).text() for name in ("amount", "tendered", "transaction")}
        return {"method": self.method.code(), **typed}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back."""
        self.method.choose_code(draft["method"])
        for name in ("amount", "tendered", "transaction"):
            getattr(self, name).setText(draft[name])

    def choose(self, method: PaymentMethod) -> None:
        """Pay this part so; the hand goes on to what the method asks for."""
        self.method.set_value(method)
        (self.tendered if method is PaymentMethod.CASH else self.transaction).setFocus()

    @property
    def is_cash(self) -> bool:
        """Whether this part is paid in cash."""
        return self.method.value() is PaymentMethod.CASH

    def count_as_received(self, amount: Money, handed: Money) -> None:
        """Only this much is for the bill; the rest of what was handed over is change."""
        self.amount.set_value(amount)
        self.tendered.set_value(handed)
        self.tendered.setFocus()

    def money(self) -> Money | None:
        """The amount as far as it can be read."""
        return _readable(self.amount)

    def handed_over(self) -> Money | None:
        """The cash that was handed over, when more than the amount is known."""
        return _readable(self.tendered) if self.method.value() is PaymentMethod.CASH else None

    def read(self) -> Tender | None:
        """The tender; None when something cannot be read: then the error stands at its field."""
        is_cash, amount, tendered = self.method.value() is PaymentMethod.CASH, None, None
        for name in ("amount", "tendered") if is_cash else ("amount",):
            try:
                value = self.fields[name].value()
                if name == "amount":
                    amount = value
                else:
                    tendered = value
            except InvalidInput as error:
                self.fault(name, wording.sentence(error))
                return None
        if amount is None or amount.minor <= 0:
            self.fault("amount", wording.sentence(InvalidInput("amount", "not_positive")))
            return None
        if tendered is not None and tendered < amount:
            self.fault("tendered", wording.sentence(InvalidInput("tendered", "less_than_amount")))
            return None
        return Tender(self.method.value(), amount, None if is_cash else self._transaction_id(), tendered)

    def _transaction_id(self) -> str | None:
        return self.transaction.text().strip() or None

    def fault(self, name: str, text: str) -> None:
        """Show an error at a field of this row and go there."""
        self.fields[name].set_error(text)
        self.fields[name].editor.setFocus()


def _readable(edit: MoneyEdit) -> Money | None:
    try:
        return edit.value()
    except InvalidInput:
        return None
