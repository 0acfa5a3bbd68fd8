"""Beside the card: how the chosen field looks, and what holds for the whole card."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from clinic_desktop.clinic.patients.card_design import LANGUAGES, SHIPPED, Item, Shape
from clinic_desktop.clinic.patients.card_design.layout import TITLED, WORDLESS
from clinic_desktop.clinic.patients.card_design.rules import LARGEST_TEXT, LONGEST_TEXT, SMALLEST_TEXT
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.preferences import LANGUAGE_NAMES
from clinic_desktop.ui.screens.cards.colours import ACCENTS, BACKGROUNDS, ColourChoice
from clinic_desktop.ui.screens.cards.design import Design
from clinic_desktop.ui.screens.cards.words import ALIGNS, SHAPES, TONES, element_text
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_12, GAP_24
from clinic_desktop.ui.widgets import Choice, Form, Label, LineEdit, NumberField


class Properties(QWidget):
    """Two forms; every change is a step of the design, told by ``changed()``."""

    changed = Signal()

    def __init__(self, design: Design, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._design, self._is_filling = design, False
        self.title = Label(voice=Text.STRONG)
        self.place = Label(tone="muted", wrap=True)
        self.field = Form(columns=1)
        self.card = Form(columns=1)
        self._add_field()
        self._add_card()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        for widget in (self.title, self.place, self.field, self.bold, self.titled):
            column.addWidget(widget)
        column.addSpacing(GAP_24)
        column.addWidget(Label(_("The whole card"), voice=Text.STRONG))
        column.addWidget(self.card)
        column.addStretch(1)

    def _add_field(self) -> None:
        form = self.field
        form.add("text", _("Text"), LineEdit(limit=LONGEST_TEXT))
        form.add("size", _("Largest size, in points"), NumberField(int(SMALLEST_TEXT), int(LARGEST_TEXT)))
        form.add("align", _("Alignment"), Choice("", [(_(word), one) for one, word in ALIGNS.items()]))
        form.add("tone", _("Colour"), Choice("", [(_(word), one) for one, word in TONES.items()]))
        self.bold, self.titled = QCheckBox(_("Bold")), QCheckBox(_("With its caption"))
        form["text"].editingFinished.connect(lambda: self._set(text=form["text"].text().strip()))
        form["size"].valueChanged.connect(lambda size: self._set(size=float(size)))
        form["align"].activated.connect(lambda _place: self._set(align=form["align"].value()))
        form["tone"].activated.connect(lambda _place: self._set(tone=form["tone"].value()))
        self.bold.toggled.connect(lambda is_on: self._set(is_bold=is_on))
        self.titled.toggled.connect(lambda is_on: self._set(is_titled=is_on))

    def _add_card(self) -> None:
        form = self.card
        languages = [(LANGUAGE_NAMES[code], code) for code in LANGUAGES]
        form.add("shape", _("Format"), Choice("", [(_(word), one) for one, word in SHAPES.items()]))
        form.add("accent", _("Accent"), ColourChoice(_("Accent"), ACCENTS, lambda: self._design.layout.background))
        form.add("background", _("Background"), ColourChoice(_("Background"), BACKGROUNDS, lambda: self._design.layout.accent))
        form.add("first", _("Language"), Choice("", languages, placeholder=_("Of whoever prints")))
        form.add("second", _("Second language"), Choice("", languages, placeholder=_("None")))
        form["shape"].activated.connect(lambda _place: self._turn(form["shape"].value()))
        for name in ("accent", "background"):
            form[name].picked.connect(lambda colour, which=name: self._paint(which, colour))
            form[name].refused.connect(lambda which=name: self._refuse(which))
        for name in ("first", "second"):
            form[name].activated.connect(lambda _place: self._speak())

    # What stands there

    def show_design(self, *, may_change: bool) -> None:
        """Show the chosen field and the card."""
        self._is_filling = True
        one, layout = self._design.chosen, self._design.layout
        self.field.setVisible(one is not None)
        self.title.setText(_("No field chosen") if one is None else element_text(one))
        told = _("Choose one on the card or in the list. Arrow keys move it; with Shift they stretch it, with Ctrl in small steps.")
        measured = _("{x} / {y} mm, {width} × {height} mm")
        self.place.setText(told if one is None else measured.format(x=one.x, y=one.y, width=one.width, height=one.height))
        for box in (self.bold, self.titled):
            box.setVisible(False)
            box.setEnabled(may_change)
        self._fill_field()
        for name, value in (("shape", layout.shape), ("first", _at(layout.languages, 0)), ("second", _at(layout.languages, 1))):
            self.card[name].set_value(value)
        self.card["accent"].show_colour(layout.accent)
        self.card["background"].show_colour(layout.background)
        self.card.fields["second"].setEnabled(may_change and bool(layout.languages))
        for widget in (self.field, *(self.card.fields[name] for name in ("shape", "accent", "background", "first"))):
            widget.setEnabled(may_change)
        self._is_filling = False

    def _fill_field(self) -> None:
        one = self._design.chosen
        if one is None:
            return
        form, writes = self.field, one.item not in WORDLESS
        form["text"].setText(one.text)
        form["size"].setValue(round(one.size))
        form["align"].set_value(one.align)
        form["tone"].set_value(one.tone)
        self.bold.setChecked(one.is_bold)
        self.titled.setChecked(one.is_titled)
        form.fields["text"].setVisible(one.item is Item.TEXT)
        form.fields["size"].setVisible(writes or one.item is Item.BARCODE)
        for name in ("align", "tone"):
            form.fields[name].setVisible(writes and one.item is not Item.COPY)
        self.bold.setVisible(writes and one.item is not Item.COPY)
        self.titled.setVisible(one.item in TITLED)

    # Steps

    def _set(self, **values: object) -> None:
        one = self._design.chosen
        if self._is_filling or one is None or round(one.size) == values.get("size"):
            return
        self._design.set(**values)
        self.changed.emit()

    def _turn(self, shape: Shape) -> None:
        self._design.turn(shape, next(one for one in SHIPPED.values() if one.shape is shape))
        self.changed.emit()

    def _paint(self, name: str, colour: str) -> None:
        layout = self._design.layout
        self._design.change(replace(layout, accent=colour) if name == "accent" else replace(layout, background=colour))
        self.changed.emit()

    def _refuse(self, name: str) -> None:
        self.card.refuse(InvalidInput(name, "too_little_contrast"))

    def _speak(self) -> None:
        first, second = self.card["first"].value(), self.card["second"].value()
        languages = () if first is None else (first,) if second in (None, first) else (first, second)
        self._design.change(replace(self._design.layout, languages=languages))
        self.changed.emit()


def _at(values: tuple[str, ...], place: int) -> str | None:
    return values[place] if place < len(values) else None
