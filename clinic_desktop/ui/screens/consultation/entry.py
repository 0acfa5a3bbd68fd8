"""The line at the top of the prescription: medicine, dose, frequency, days; Enter goes on, the quantity computes itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.clinical.rules import Frequency, Route
from clinic_desktop.clinic.clinical.rules.dosing import MAX_DAYS, MAX_PRESCRIBED
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import whole_number
from clinic_desktop.ui.screens.consultation.kept import KeptEntry
from clinic_desktop.ui.screens.consultation.lines import Drug, Line, computed_quantity, read_dose
from clinic_desktop.ui.screens.consultation.suggest import Suggest
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8
from clinic_desktop.ui.widgets import Button, Choice, ElidedLabel, Label, LineEdit, row
from clinic_desktop.ui.widgets.inputs import latin_digits

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EntryLine(QWidget):
    """``added(line)`` when complete; ``drug_changed(drug or None)`` asks for warnings about it."""

    added = Signal(object)
    left = Signal()
    """Esc: the line is given up."""
    drug_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drug: Drug | None = None
        self._typed_quantity = False
        self._warning = ""
        self.medicine = Suggest(_("Medicine"), placeholder=_("Type a name, Enter takes the first"), least_width=520)
        self.dose = LineEdit(_("Dose"), limit=20)
        self.frequency = Choice(
            _("Frequency"), [(f"{one.value.replace('_', ' ')} · {wording.status(one)}", one) for one in Frequency], placeholder="–"
        )
        self.days = LineEdit(_("Days"), limit=3)
        self.quantity = LineEdit(_("Quantity"), limit=6)
        self.route = Choice(_("Route"), [(wording.status(one), one) for one in Route])
        self.instructions = LineEdit(_("Instructions"), placeholder=_("Instructions, such as: after food"), limit=200)
        self.add = Button(_("Add"), icon_name="plus")
        self.note = ElidedLabel(tone="muted")
        """What is wrong or in stock; whoever shows the line gives it a place."""
        self._order: list[Any] = [self.dose, self.frequency, self.days, self.quantity, self.route, self.instructions]
        self._captions: dict[QWidget, Label] = {}
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_8)
        grid.setVerticalSpacing(GAP_4)
        widths = {self.dose: 84, self.frequency: 200, self.days: 58, self.quantity: 84, self.route: 150}
        titles = (_("Medicine"), _("Dose"), _("Frequency"), _("Days"), _("Quantity"))
        for column, (title, editor) in enumerate(zip(titles, [self.medicine, *self._order[:4]], strict=True)):
            caption = self._captions[editor] = Label(title, tone="muted")
            grid.addWidget(caption, 0, column)
            grid.addWidget(editor, 1, column)
        for editor, width in widths.items():
            editor.setFixedWidth(scaled(width))
        grid.setColumnStretch(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GAP_4)
        whole.addLayout(grid)
        # In a line of their own: beside the others a medicine's name would not fit into what is left.
        whole.addLayout(row(self.route, self.instructions, self.add, fill=True))
        self.setFocusProxy(self.medicine)

    def _wire(self) -> None:
        digits = QRegularExpressionValidator(QRegularExpression(r"\p{Nd}{0,6}"), self)
        for editor in (self.days, self.quantity):
            editor.setValidator(digits)
        for editor in self._order:
            editor.installEventFilter(self)
        self.frequency.view().setMinimumWidth(scaled(220))
        self.route.view().setMinimumWidth(scaled(170))
        self.medicine.chosen.connect(lambda hit: self.take(Drug.of(hit)))
        self.medicine.entered.connect(self._not_known)
        self.medicine.textEdited.connect(self._drop_drug)
        for editor in (self.dose, self.days):
            editor.textEdited.connect(lambda _text: self._compute())
        self.frequency.currentIndexChanged.connect(lambda _place: self._compute())
        self.quantity.textEdited.connect(self._note_typed)
        self.add.clicked.connect(lambda: self.finish())

    # Filling it

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return self.drug is None and not self.medicine.text().strip()

    def take(self, drug: Drug) -> None:
        """A medicine is chosen: on to the dose."""
        self.drug = drug
        self.medicine.setText(drug.title)
        self.medicine.setCursorPosition(0)  # the name is what counts, not the end of a long strength
        self._captions[self.quantity].setText(drug.stock_unit.capitalize())
        if not self.dose.text():
            self.dose.setText("1")
        self.show_warning("")
        self._compute()
        self.drug_changed.emit(drug)
        self.dose.setFocus()
        self.dose.selectAll()

    def load(self, line: Line) -> None:
        """Edit a line again."""
        self.add.setText(_("Change line"))
        own_unit = "" if line.unit == line.drug.stock_unit else f" {line.unit}"
        self.dose.setText(f"{number_text(line.dose.normalize())}{own_unit}")
        self.frequency.set_value(line.frequency)
        self.days.setText(str(line.days))
        self.route.set_value(line.route)
        self.instructions.setText(line.instructions or "")
        self.take(line.drug)
        self._typed_quantity = self.quantity.text() != str(line.quantity)
        self.quantity.setText(str(line.quantity))

    def draft(self) -> KeptEntry:
        """What stands in the editors."""
        return KeptEntry(
            self.medicine.text(),
            self.drug,
            self.dose.text(),
            self.frequency.code(),
            self.days.text(),
            self.quantity.text(),
            self._typed_quantity,
            self.route.code(),
            self.instructions.text(),
        )

    def restore(self, kept: KeptEntry) -> None:
        """Put a draft back."""
        self.dose.setText(kept.dose)
        self.frequency.choose_code(kept.frequency)
        self.days.setText(kept.days)
        self.route.choose_code(kept.route)
        self.instructions.setText(kept.instructions)
        if kept.drug is not None:
            self.take(kept.drug)
        self.medicine.setText(kept.medicine)
        self.quantity.setText(kept.quantity)
        self._typed_quantity = kept.quantity_is_typed

    def clear(self) -> None:
        """Ready for the next medicine."""
        self.drug, self._typed_quantity = None, False
        self.add.setText(_("Add"))
        for line in (self.medicine, self.dose, self.days, self.quantity, self.instructions):
            line.clear()
            self._mark(line, is_wrong=False)
        self._mark(self.frequency, is_wrong=False)
        self.frequency.setCurrentIndex(0)
        self.frequency.view().keyboardSearch("")  # letters typed for the last line do not count for the next
        self.route.set_value(Route.ORAL)
        self._captions[self.quantity].setText(_("Quantity"))
        self.show_warning("")
        self.drug_changed.emit(None)

    def show_warning(self, text: str) -> None:
        """Warn about the chosen medicine; without a warning the stock stands there."""
        self._warning = text
        stock = ""
        if self.drug is not None and self.drug.on_hand is not None:
            stock = _("{form}, {n} {unit} in stock").format(
                form=self.drug.form or "", n=number_text(self.drug.on_hand), unit=self.drug.stock_unit
            )
        self._say(text or stock.removeprefix(", "), "bad" if text else "muted")

    def _say(self, text: str, tone: str) -> None:
        self.note.setText(text)
        self.note.set_tone(tone)

    def _not_known(self, text: str) -> None:
        """Enter where nothing of that name is offered: said at once, and the name stays to be mended."""
        if text:
            self._mark(self.medicine, is_wrong=True)
            self._say(_("No medicine is called “{text}”. Mend the name, or choose one of the list.").format(text=text), "bad")

    def _drop_drug(self, text: str) -> None:
        self._mark(self.medicine, is_wrong=False)
        if self.drug is not None and text != self.drug.title:
            self.drug = None
            self.show_warning("")
            self.drug_changed.emit(None)

    # Reading it

    def _compute(self) -> None:
        if self.drug is None or self._typed_quantity:
            return
        try:
            dose, unit = read_dose(latin_digits(self.dose.text()), self.drug.stock_unit)
            days = whole_number(self._number(self.days) or 0, "days", 1, MAX_DAYS)
        except InvalidInput:
            self.quantity.clear()
            return
        frequency = self.frequency.value()
        quantity = None if frequency is None else computed_quantity(dose, unit, self.drug.stock_unit, frequency, days)
        self.quantity.setText("" if quantity is None else str(quantity))

    def _note_typed(self, text: str) -> None:
        self._typed_quantity = bool(text)
        if not text:
            self._compute()

    @staticmethod
    def _number(editor: LineEdit) -> int | None:
        plain = latin_digits(editor.text()).strip()
        return int(plain) if plain else None

    def finish(self) -> bool:
        """Hand the line on when it is complete; else say what is missing, at its place."""
        try:
            line = self._read()
        except InvalidInput as error:
            editor = getattr(self, error.field or "medicine")
            self._mark(editor, is_wrong=True)
            self._say(wording.sentence(error), "bad")
            editor.setFocus()
            return False
        self.clear()
        self.medicine.setFocus()
        self.added.emit(line)
        return True

    def _read(self) -> Line:
        for editor in (self.medicine, *self._order):
            self._mark(editor, is_wrong=False)
        if self.drug is None:
            raise InvalidInput("medicine", "not_in_list" if self.medicine.text().strip() else "required")
        if not self.dose.text().strip():
            raise InvalidInput("dose", "required")
        dose, unit = read_dose(latin_digits(self.dose.text()), self.drug.stock_unit)
        frequency = self.frequency.value()
        if frequency is None:
            raise InvalidInput("frequency", "required")
        days = self._whole(self.days, "days", MAX_DAYS)
        quantity = self._whole(self.quantity, "quantity", MAX_PRESCRIBED)
        text = self.instructions.text().strip() or None
        return Line(self.drug, dose, unit, frequency, days, quantity, self.route.value(), text)

    def _whole(self, editor: LineEdit, name: str, high: int) -> int:
        number = self._number(editor)
        if number is None:
            raise InvalidInput(name, "required")
        return whole_number(number, name, 1, high)

    def _mark(self, editor: QWidget, *, is_wrong: bool) -> None:
        mark(editor, "invalid", is_wrong)

    # Enter goes on

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _ENTER and not event.modifiers():
            self._go_on(watched)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and not self.is_empty:
            self.clear()
            self.medicine.setFocus()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _go_on(self, editor: QObject) -> None:
        if editor is self.instructions:
            self.finish()
            return
        following: Any = self._order[self._order.index(editor) + 1]
        if editor is self.frequency and self.frequency.value() is Frequency.STAT and not self.days.text():
            self.days.setText("1")
            self._compute()
            following = self.instructions
        elif editor is self.days and self.quantity.text():
            following = self.instructions
        following.setFocus()
        if isinstance(following, LineEdit):
            following.selectAll()
