"""Taking money for one invoice: the balance in cash by one Enter, or split over several means."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from clinic_desktop import wording
from clinic_desktop.clinic.billing import commands
from clinic_desktop.clinic.billing.commands.payments import TakenRow
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow
from clinic_desktop.clinic.billing.rules import InvoiceStatus, PaymentMethod
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cashier.tender import TenderRow
from clinic_desktop.ui.screens.cashier.words import METHOD_KEYS
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, GAP_24
from clinic_desktop.ui.widgets import BusyButton, Button, Dialog, Label, Stat, beside, keyed, row


class PaymentDialog(Dialog):
    """``taken(TakenRow)`` once the money is recorded; a draft is issued in the same step."""

    taken = Signal(object)

    def __init__(self, screen: Screen, invoice: InvoiceRow) -> None:
        super().__init__(screen, _("Take payment"), _heading(invoice), width=600)
        self._screen, self._invoice = screen, invoice
        self._currency = invoice.balance.currency
        self.rows: list[TenderRow] = []
        self.to_pay = Stat(_("To pay"), money_text(invoice.balance))
        self.change = Stat(_("Change to give back"))
        self.left = Stat(_("Stays owed"))
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.split = Button(_("Add another means"), icon_name="plus")
        keyed(self.split, "F6")
        self.take = BusyButton(_("Take payment"), icon_name="check")
        self.take.setDefault(True)
        self._lay_out()
        self._wire()
        self._add_row(invoice.balance)
        self.rows[0].amount.setFocus()
        screen.keep_typing(f"payment {invoice.id} {invoice.balance.minor}", self)

    def draft(self) -> dict[str, Any] | None:
        """The means, where something was typed besides the balance in cash."""
        rows = [one.draft() for one in self.rows]
        return {"rows": rows} if len(rows) > 1 or rows[0]["tendered"] or rows[0]["transaction"] else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put them back; the money is taken by hand."""
        for place, kept in enumerate(draft["rows"]):
            (self._add_row(Money.zero(self._currency)) if place else self.rows[0]).restore(kept)

    def _lay_out(self) -> None:
        self.body.addLayout(row(self.to_pay, self.left, self.change, fill=True, gap=GAP_24))
        self._column = QVBoxLayout()
        self._column.setSpacing(GAP_12)
        self.body.addLayout(self._column)
        keys = "     ".join(f"{key} {wording.status(method)}" for method, key in METHOD_KEYS.items())
        under = row(self.split, Label(keys, tone="muted"), stretch_at=1, gap=GAP_8)
        self.body.addLayout(under)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.leave)
        self.buttons.addWidget(self.take)

    def _wire(self) -> None:
        self.take.clicked.connect(self._take)
        self.split.clicked.connect(self._split)
        for method, key in METHOD_KEYS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setWhatsThis(wording.status(method))
            shortcut.activated.connect(partial(self._choose, method))

    # The rows

    def _add_row(self, amount: Money, method: PaymentMethod = PaymentMethod.CASH) -> TenderRow:
        made = TenderRow(self._currency, amount, method=method, may_remove=bool(self.rows))
        made.changed.connect(self._add_up)
        made.removed.connect(self._remove)
        self.rows.append(made)
        self._column.addWidget(made)
        self._add_up()
        if made is not self.rows[0]:
            made.show()
        return made

    def _remove(self, gone: TenderRow) -> None:
        self.rows.remove(gone)
        self._column.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
        self._add_up()
        self.rows[-1].amount.setFocus()

    def _split(self) -> None:
        rest = self._invoice.balance - self._offered()
        added = self._add_row(rest if rest.minor > 0 else Money.zero(self._currency), PaymentMethod.CARD)
        added.amount.setFocus()

    def _choose(self, method: PaymentMethod) -> None:
        focused = self.focusWidget()
        current = next((one for one in self.rows if focused is not None and one.isAncestorOf(focused)), self.rows[-1])
        current.choose(method)

    # The sums

    def _offered(self) -> Money:
        return total((amount for amount in (one.money() for one in self.rows) if amount is not None), self._currency)

    def _change(self) -> Money:
        pairs = [(one.money(), one.handed_over()) for one in self.rows]
        given = [handed - amount for amount, handed in pairs if amount is not None and handed is not None and handed > amount]
        return total(given, self._currency)

    def _add_up(self) -> None:
        rest, change = self._invoice.balance - self._offered(), self._change()
        self.left.show_figure(money_text(rest) if rest.minor > 0 else "", tone="warn" if rest.minor > 0 else None)
        self.change.show_figure(money_text(change) if change else "", tone="good" if change else None)
        self.take.setText(_("Take {amount}").format(amount=money_text(self._offered())))
        self.problem.hide()

    # What Enter does

    def _take(self) -> None:
        if self._too_much_cash():
            return
        tenders = []
        for one in self.rows:
            tender = one.read()
            if tender is None:
                return
            tenders.append(tender)
        command: Callable[..., Any] = commands.issue_and_take if self._invoice.status is InvoiceStatus.DRAFT else commands.take_payment
        self.take.run(
            self._screen.work,
            self,
            command,
            then=self._taken,
            failed=self._refused,
            invoice_id=self._invoice.id,
            tenders=tuple(tenders),
        )

    def _too_much_cash(self) -> bool:
        """More cash than is owed was typed as the amount: it is what was handed over. The change is shown before anything is posted."""
        for one in self.rows:
            amount = one.money()
            rest = None if amount is None else self._invoice.balance - (self._offered() - amount)
            if amount is not None and rest is not None and one.is_cash and one.handed_over() is None and amount > rest and rest.minor > 0:
                one.count_as_received(rest, amount)
                said = _("{amount} is more than is owed: counted as cash received. Check the change, then press Enter once more.")
                self.problem.setText(said.format(amount=money_text(amount)))
                self.problem.show()
                return True
        return False

    def _taken(self, taken: TakenRow) -> None:
        self.accept()
        self.taken.emit(taken)

    def _refused(self, error: ClinicError) -> None:
        text, wanted = wording.sentence(error), error.params.get("transaction_id")
        field = error.field if error.field in self.rows[-1].fields else None
        if field is not None:
            guilty = next((one for one in self.rows if wanted and one.transaction.text().strip() == wanted), self.rows[-1])
            guilty.fault(field, text)
        else:
            self.problem.setText(text)
            self.problem.show()


def _heading(invoice: InvoiceRow) -> str:
    return beside(invoice.patient_name, invoice.patient_number, invoice.number)
