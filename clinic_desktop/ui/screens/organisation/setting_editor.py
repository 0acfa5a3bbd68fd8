"""An editor for whatever a setting holds: a tick, one of a few, a number, an amount or a text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.formats import money_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.settings import Setting
from clinic_desktop.ui.widgets import Choice, LineEdit, MoneyEdit, NumberField
from clinic_desktop.ui.widgets.form import put_raw, raw_of

_MOST = 2_000_000_000


def value_text(declared: Setting[Any], value: Any, currency: str) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if declared.is_money:
        return money_text(Money(value, currency))
    if declared.choices:
        return wording.status(value)
    return number_text(value) if isinstance(value, int) else str(value)


class SettingEditor(QStackedWidget):
    """Shows the editor that fits a setting. ``value()`` is of the setting\u2019s type; raises InvalidInput."""

    valueChanged = Signal()  # noqa: N815 - as Qt calls it, so that forms hear it

    def __init__(self, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._declared: Setting[Any] | None = None
        self._tick, self._choice, self._number = QCheckBox(_("Yes")), Choice(""), NumberField()
        self._amount, self._text = MoneyEdit("", currency), LineEdit()
        self._currency = currency
        for editor in (self._tick, self._choice, self._number, self._amount, self._text):
            self.addWidget(editor)
        self._tick.toggled.connect(self._changed)
        self._choice.currentIndexChanged.connect(self._changed)
        self._number.valueChanged.connect(self._changed)
        self._amount.textChanged.connect(self._changed)
        self._text.textChanged.connect(self._changed)

    def edit(self, declared: Setting[Any], value: Any, name: str) -> None:
        """Show a value of a setting."""
        self._declared = declared
        editor = self._fitting(declared)
        if editor is self._choice:
            self._choice.set_options([(wording.status(one), one) for one in declared.choices])
            self._choice.set_value(value)
        elif editor is self._number:
            self._number.setRange(declared.low, min(declared.high, _MOST))
            self._number.setValue(value)
        elif editor is self._amount:
            self._amount.set_value(Money(value, self._currency))
        elif editor is self._tick:
            self._tick.setChecked(value)
        else:
            self._text.setMaxLength(declared.longest)
            self._text.setText(str(value))
        editor.setAccessibleName(name)
        self.setCurrentWidget(editor)
        self.setFocusProxy(editor)

    def value(self) -> Any:
        """What is in the editor."""
        editor = self._shown
        if editor is self._tick:
            return self._tick.isChecked()
        if editor is self._amount:
            amount = self._amount.value()
            return 0 if amount is None else amount.minor
        if editor is self._text:
            return self._text.text().strip()
        return self._choice.value() if editor is self._choice else self._number.value()

    def draft(self) -> Any:
        """The state of the editor."""
        return raw_of(self._shown)

    def restore(self, raw: Any) -> None:
        """Put it back."""
        put_raw(self._shown, raw)

    @property
    def _shown(self) -> QWidget:
        return self._text if self._declared is None else self._fitting(self._declared)

    def _fitting(self, declared: Setting[Any]) -> QWidget:
        if isinstance(declared.default, bool):
            return self._tick
        if declared.choices:
            return self._choice
        if isinstance(declared.default, int):
            return self._amount if declared.is_money else self._number
        return self._text

    def _changed(self, *_what: object) -> None:
        self.valueChanged.emit()
