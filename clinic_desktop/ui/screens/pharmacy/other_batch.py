"""Choosing another batch than the one that expires first: which, and why."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinic_desktop.clinic.stock.queries import BatchRow
from clinic_desktop.kernel.formats import date_text, money_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.pharmacy.lines import PickedLine, expiry_key
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import Dialog, FormField, LineEdit


class OtherBatchDialog(Dialog):
    """``chosen(BatchRow, reason)``; ``chosen(None, None)`` goes back to the order of expiry."""

    chosen = Signal(object, object)

    def __init__(self, screen: Screen, line: PickedLine, batches: list[BatchRow]) -> None:
        text = _("The batch that expires first goes out first. Taking another one needs a reason.")
        super().__init__(screen, _("Other batch of {medicine}").format(medicine=line.plan.medicine), text, width=560)
        self.table = TableView(
            _("Batches"),
            [
                Column(_("Batch"), lambda b: b.batch_number, width=0),
                Column(_("Expires"), lambda b: date_text(b.expiry) if b.expiry else "", width=130, sort_key=lambda b: expiry_key(b.expiry)),
                Column(
                    _("In stock"), lambda b: number_text(b.quantity_on_hand), align=END, width=90, sort_key=lambda b: b.quantity_on_hand
                ),
                Column(_("Price"), lambda b: money_text(b.price), align=END, width=110, sort_key=lambda b: b.price.minor),
            ],
            empty=_("No other batch may be handed out."),
            filterable=False,
        )
        self.table.setMinimumHeight(scaled(220))
        self.table.set_rows(batches)
        self.reason = LineEdit(limit=300)
        self.field = FormField("batch_reason", _("Reason"), self.reason, required=True)
        self.body.addWidget(self.table)
        self.body.addWidget(self.field)
        if line.batch is not None:
            self.add_button(_("Back to the first to expire"), None, self._by_expiry)
        self.add_button(_("Cancel"), None, self.reject)
        self.take = self.add_button(_("Take this batch"), "primary", self._take, default=True)
        self.table.activated.connect(lambda _row: self.reason.setFocus())
        self.table.select_first()
        self.table.grid.setFocus()

    def _take(self) -> None:
        reason = self.reason.value()
        if reason is None:
            self.field.set_error(_("Please give a reason."))
            self.reason.setFocus()
        elif self.table.current is not None:
            self.accept()
            self.chosen.emit(self.table.current, reason)

    def _by_expiry(self) -> None:
        self.accept()
        self.chosen.emit(None, None)
