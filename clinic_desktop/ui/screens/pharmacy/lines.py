"""The lines of a prescription on the counter: what is owed, which batches it comes from, and how much goes out now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.clinic.clinical.queries import PrescriptionItemRow
from clinic_desktop.clinic.pharmacy.queries import PlanLine, PlannedPick
from clinic_desktop.clinic.pharmacy.rules import DispenseLine
from clinic_desktop.clinic.stock.queries import BatchRow
from clinic_desktop.kernel.formats import money_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.ui.screens.pharmacy.words import batch_text, dose_text
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, Tone
from clinic_desktop.ui.widgets import Button, Chip, ElidedLabel, Label, NumberField, line


class PickedLine(QWidget):
    """One item: its name and dose, the units that go out now, and the batches that they come from."""

    changed = Signal()
    batch_wanted = Signal(object)
    """The line, when another batch than the one that expires first is asked for."""

    def __init__(self, item: PrescriptionItemRow, plan: PlanLine, currency: str) -> None:
        super().__init__()
        self.item, self.plan, self._currency = item, plan, currency
        self.batch: BatchRow | None = None
        self.batch_reason: str | None = None
        self.quantity = NumberField(name=_("Units of {medicine} to hand out").format(medicine=plan.medicine))
        self.quantity.setFixedWidth(scaled(84))
        self.quantity.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.stock = Chip("", Tone.NEUTRAL)
        self.scanned = Chip(_("Scanned"), Tone.GOOD)
        self.scanned.hide()
        self.price = Label(voice=Text.STRONG)
        self.price.setMinimumWidth(scaled(84))
        self.price.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.batches = Label(tone="muted", wrap=True)
        self.batches.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.dose = Label(dose_text(item), tone="muted", wrap=True)
        self.dose.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.other = Button(_("Other batch…"), role="quiet")
        self.other.setAccessibleName(_("Other batch of {medicine}").format(medicine=plan.medicine))
        self._lay_out()
        self._limit()
        self.quantity.setValue(self.quantity.maximum())
        self.quantity.valueChanged.connect(self._show)
        self.other.clicked.connect(lambda: self.batch_wanted.emit(self))
        self._show()

    def _lay_out(self) -> None:
        owed = _("of {owed} {unit}").format(owed=number_text(self.plan.owed), unit=self.item.stock_unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_8, 0, GAP_8)
        column.setSpacing(GAP_4)
        for wide, *others in (
            (ElidedLabel(self.plan.medicine, voice=Text.STRONG), self.scanned, self.stock, self.price),
            (self.dose, self.quantity, Label(owed, tone="muted")),
            (self.batches, self.other),
        ):
            across = QHBoxLayout()
            across.setSpacing(GAP_8)
            across.addWidget(wide, 1)
            for widget in others:
                across.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            column.addLayout(across)

    # What the counter does with it

    @property
    def amount(self) -> Money:
        """What the units cost, before tax."""
        return total((pick.price * pick.quantity for pick in self._picks()), self._currency)

    @property
    def is_changed(self) -> bool:
        """Whether a person chose something else than was proposed."""
        return self.batch is not None or self.quantity.value() != self._possible()

    def wanted(self) -> DispenseLine | None:
        """What goes out; None when nothing does."""
        units = self.quantity.value()
        if not units:
            return None
        return DispenseLine(self.item.id, units, None if self.batch is None else self.batch.id, self.batch_reason)

    def take_batch(self, batch: BatchRow | None, reason: str | None) -> None:
        """Take the units from this batch, or again by expiry."""
        self.batch, self.batch_reason = batch, reason
        self._limit()
        self._show()

    def mark_scanned(self) -> None:
        """The right box was scanned: the hand goes to its quantity."""
        self.scanned.show()
        self.quantity.setFocus()
        self.quantity.selectAll()

    # How it behaves

    def _possible(self) -> int:
        if self.batch is not None:
            return min(self.plan.owed, self.batch.quantity_on_hand)
        return self.plan.owed - self.plan.missing

    def _limit(self) -> None:
        self.quantity.setRange(0, self._possible())
        self.quantity.setEnabled(self._possible() > 0)
        if not self._possible() and self.batch is None:
            self.other.hide()

    def _picks(self) -> list[PlannedPick]:
        """Where the units come from: the plan's batches in their order, as far as they are needed."""
        left, picks = self.quantity.value(), []
        if self.batch is not None:
            chosen = self.batch
            return [PlannedPick(chosen.id, chosen.batch_number, chosen.expiry, left, chosen.price)] if left else []
        for pick in self.plan.picks:
            units = min(left, pick.quantity)
            if units:
                picks.append(replace(pick, quantity=units))
            left -= units
        return picks

    def _show(self, *_value: object) -> None:
        picks = self._picks()
        self.price.setText(money_text(self.amount) if picks else "–")
        texts = [batch_text(pick.batch_number, pick.expiry, pick.quantity, pick.price) for pick in picks]
        if self.batch_reason:
            texts.append(_("Chosen because: {reason}").format(reason=self.batch_reason))
        self.batches.setText("\n".join(texts) or self._nothing_text())
        self._show_stock()
        self.changed.emit()

    def _nothing_text(self) -> str:
        return _("Nothing can be handed out from here.") if not self._possible() else _("Nothing is handed out now; it stays owed.")

    def _show_stock(self) -> None:
        has_all = not self.plan.missing and self.batch is None
        if self._possible() == 0:
            self.stock.show_status(_("Out of stock"), Tone.BAD)
        elif self._possible() < self.plan.owed:
            self.stock.show_status(_("Only {n} available").format(n=self._possible()), Tone.WARN)
        elif self.quantity.value() < self.plan.owed:
            self.stock.show_status(_("{n} stay owed").format(n=self.plan.owed - self.quantity.value()), Tone.INFO)
        else:
            self.stock.show_status(_("In stock") if has_all else _("Other batch"), Tone.GOOD if has_all else Tone.INFO)


class PickedLines(QScrollArea):
    """All lines of a prescription, one under the other."""

    changed = Signal()
    batch_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[PickedLine] = []
        self.setWidgetResizable(True)
        self.setAccessibleName(_("Medicines of the prescription"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sheet = QWidget()

    def show_lines(self, lines: list[PickedLine]) -> None:
        """Put these lines in place of the former ones."""
        sheet = QWidget()
        sheet.setObjectName("surface")
        sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, GAP_12, 0)
        column.setSpacing(0)
        for place, one in enumerate(lines):
            if place:
                column.addWidget(line())
            column.addWidget(one)
            one.changed.connect(self.changed)
            one.batch_wanted.connect(self.batch_wanted)
        column.addStretch(1)
        self.lines = lines
        self.setWidget(sheet)

    def line_where(self, matches: Callable[[PickedLine], bool]) -> PickedLine | None:
        """The first line that matches, brought into view."""
        found = next((one for one in self.lines if matches(one)), None)
        if found is not None:
            self.ensureWidgetVisible(found)
        return found

    def wanted(self) -> tuple[DispenseLine, ...]:
        """What goes out."""
        return tuple(one for one in (each.wanted() for each in self.lines) if one is not None)

    def quantities(self) -> dict[UUID, int]:
        """Units by prescription item, where a person changed them."""
        return {each.item.id: each.quantity.value() for each in self.lines if each.is_changed and each.batch is None}

    def put_quantities(self, quantities: dict[UUID, int]) -> None:
        """Put changed units back, as far as the shelf still has them."""
        for each in self.lines:
            if each.item.id in quantities:
                each.quantity.setValue(quantities[each.item.id])


def expiry_key(day: date | None) -> date:
    """Undated batches come last."""
    return day or date.max
