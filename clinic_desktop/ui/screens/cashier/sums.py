"""The foot of a bill: payments on one side, tax by rate and the sums on the other."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow, PaymentRow
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, money_text, percent_text, time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_24
from clinic_desktop.ui.widgets import Label, beside

_Line = tuple[str, str, bool]


class Sums(QWidget):
    """What was paid and given back, and how the total comes about."""

    def __init__(self) -> None:
        super().__init__()
        self.history = Label(tone="muted", wrap=True)
        self.history.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self.history.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._sheet = QWidget()
        self._grid = QGridLayout(self._sheet)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_24)
        self._grid.setVerticalSpacing(GAP_4)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_24)
        across.addWidget(self.history, 1)
        across.addWidget(self._sheet, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The lines of the sum as they are shown."""
        cells = [self._grid.itemAtPosition(line, column) for line in range(self._grid.rowCount()) for column in (0, 1)]
        words = [cell.widget().text() for cell in cells if cell is not None]  # type: ignore[union-attr]
        return list(zip(words[::2], words[1::2], strict=True))

    def show_invoice(self, invoice: InvoiceRow | None, timezone: str) -> None:
        """Show the sums of an invoice."""
        while self._grid.count():
            gone = self._grid.takeAt(0).widget()  # type: ignore[union-attr]
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        lines = [] if invoice is None else _lines(invoice)
        for place, (name, amount, is_strong) in enumerate(lines):
            voice = Text.STRONG if is_strong else Text.BODY
            figure = Label(amount, self._sheet, voice=voice)
            figure.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(Label(name, self._sheet, voice=voice, tone=None if is_strong else "muted"), place, 0)
            self._grid.addWidget(figure, place, 1)
        self.history.setText("" if invoice is None else "\n".join(_history(invoice, timezone)))


def _lines(invoice: InvoiceRow) -> list[_Line]:
    lines: list[_Line] = [(_("Subtotal"), money_text(invoice.subtotal), False)]
    if invoice.discount:
        lines.append((_("Discount"), money_text(-invoice.discount), False))
    for part in invoice.taxes:
        name = _("{tax} included") if part.is_inclusive else "{tax}"
        rate = percent_text(part.rate_basis_points)
        # Taxes are often named after their rate already: "GST 5 %".
        title = part.name if any(character.isdigit() for character in part.name) else f"{part.name} {rate}"
        lines.append((name.format(tax=title), money_text(part.tax), False))
    lines.append((_("Total"), money_text(invoice.total), True))
    if invoice.paid:
        lines.append((_("Paid"), money_text(-invoice.paid), False))
    if invoice.credited:
        lines.append((_("Credited"), money_text(-invoice.credited), False))
    return lines


def _history(invoice: InvoiceRow, timezone: str) -> list[str]:
    """Payments and refunds, in the order in which they happened; those of the bill's own day by the hour."""

    def when(at: datetime) -> str:
        day = business_date(at, timezone)
        return time_text(at, timezone=timezone) if day == invoice.business_date else date_text(day)

    def where(one: PaymentRow) -> str:
        return "" if one.clinic_id == invoice.clinic_id else one.clinic_name

    told = [(one.paid_at, one.receipt_number, one.method, money_text(one.amount), where(one)) for one in invoice.payments]
    told += [(one.refunded_at, one.number, one.method, money_text(-one.amount), "") for one in invoice.refunds]
    ordered = sorted(told, key=lambda one: one[0])
    return [beside(number, wording.status(method), amount, when(at), clinic) for at, number, method, amount, clinic in ordered]
