"""Editors that read strictly: each has ``value()``, which returns None when empty and raises InvalidInput when it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QRegularExpressionValidator, QValidator, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from clinic_desktop.kernel.clock import plausible
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import _, active
from clinic_desktop.kernel.money import Money, decimals_of
from clinic_desktop.kernel.text import is_blank
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import GAP_4

_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{2,3})+(\.[0-9]+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_DIGITS_ONLY = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_PHONE = re.compile(r"\+?[\d ()./\-]*")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")


def latin_digits(text: str) -> str:
    """The text with every script's digits as ASCII digits."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def keep_side(edit: QLineEdit) -> None:
    """Text begins where the language does, below its caption: by itself Qt takes the side from the letters that are typed."""
    if active().is_right_to_left:
        edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)


class LineEdit(QLineEdit):
    """A line of text; ``value()`` is None when nothing is in it."""

    REFUSES = "too_long"
    """Why a character does not go in, where it is not for the length."""

    def __init__(self, name: str = "", *, placeholder: str = "", limit: int = 200, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setMaxLength(limit)
        keep_side(self)

    def value(self) -> object | None:
        """The text without spaces around it."""
        return None if is_blank(self.text()) else self.text().strip()

    def refusal(self) -> InvalidInput:
        """Why what was just typed or pasted did not go in, or not all of it."""
        is_full = self.validator() is None or len(self.text()) >= self.maxLength()
        return InvalidInput(self.objectName() or "text", "too_long" if is_full else self.REFUSES, limit=self.maxLength())


class NumberField(QSpinBox):
    """A whole number within limits; scrolling past it changes nothing."""

    def __init__(self, low: int = 0, high: int = 99, *, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setRange(low, high)
        self.lineEdit().setTextMargins(GAP_4, 0, GAP_4, 0)  # a style sheet's padding does not reach it
        keep_side(self.lineEdit())

    def refusal(self) -> InvalidInput:
        """Why what was just typed did not go in."""
        return InvalidInput(self.objectName() or "number", "out_of_range", low=self.minimum(), high=self.maximum())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to what scrolls."""
        event.ignore()


class MoneyEdit(LineEdit):
    """An amount, typed as plain or grouped digits; never a float."""

    REFUSES = "not_an_amount"

    def __init__(self, name: str, currency: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder="0" + ("." + "0" * decimals_of(currency) if decimals_of(currency) else ""), parent=parent)
        self.currency = currency
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"[\p{Nd}.,]{0,20}"), self))

    def value(self) -> Money | None:
        """The amount; None when empty; raises InvalidInput."""
        plain = latin_digits(self.text()).strip()
        if not plain:
            return None
        if _GROUPED.fullmatch(plain):
            plain = plain.replace(",", "")
        return Money.parse(plain, self.currency, field=self.objectName() or "amount")

    def set_value(self, amount: Money | None) -> None:
        """Show an amount."""
        self.setText("" if amount is None else f"{amount.amount:.{decimals_of(amount.currency)}f}")


def read_date(text: str, *, today: date, field: str = "date", past: bool = False) -> date | None:
    """A date typed as d/m/y, y-m-d or ddmmyyyy; two-digit years mean the past for ``past``, else this century."""
    plain = latin_digits(text).strip()
    if not plain:
        return None
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(plain) or _DIGITS_ONLY.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
        if len(found[3]) == 2:
            year += 2000
            year -= 100 if past and year > today.year else 0
    else:
        raise InvalidInput(field, "not_a_date")
    try:
        return plausible(date(year, month, day), field)
    except ValueError as error:
        raise InvalidInput(field, "impossible_date") from error


class DateField(LineEdit):
    """A date typed quickly: d/m/y, y-m-d or ddmmyyyy; shown as dd/mm/yyyy once read."""

    changed = Signal()

    def __init__(self, name: str, *, today: date, past: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder=_("dd/mm/yyyy"), limit=40, parent=parent)
        self._today, self._past = today, past

    def value(self) -> date | None:
        """The date; None when empty; raises InvalidInput."""
        return read_date(self.text(), today=self._today, field=self.objectName() or "date", past=self._past)

    def set_value(self, day: date | None) -> None:
        """Show a date."""
        self.setText("" if day is None else f"{day:%d/%m/%Y}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        day = self._readable() if step else None
        if step and day is not None:
            self.set_value(day + timedelta(days=step))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        day = self._readable()
        if day is not None:
            self.set_value(day)
        super().focusOutEvent(event)
        self.changed.emit()

    def _readable(self) -> date | None:
        try:
            return self.value()
        except InvalidInput:
            return None


class _PhoneCharacters(QValidator):
    """Lets in what numbers are written with; what comes along when one is copied from elsewhere and is not seen falls away."""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        plain = unseen_left_out(text).translate(_DASHES)
        state = QValidator.State.Acceptable if _PHONE.fullmatch(plain) else QValidator.State.Invalid
        return state, plain, min(position, len(plain))


def unseen_left_out(text: str) -> str:
    """The text without direction marks and the like; every kind of space is a plain one."""
    return "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) != "Cf")


class PhoneField(LineEdit):
    """A phone number; letters are refused as they are typed, the core checks the rest."""

    REFUSES = "not_a_phone"

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name, limit=40, parent=parent)
        self.setValidator(_PhoneCharacters(self))
        self.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)

    def value(self) -> str | None:
        """The number as typed, with ASCII digits."""
        return latin_digits(self.text()).strip() or None


class SearchBox(QLineEdit):
    """A search field: Esc clears it, Down goes to the results, Enter chooses."""

    down = Signal()
    up = Signal()
    chosen = Signal()

    def __init__(self, name: str, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "search")
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        keep_side(self)
        for clear in self.findChildren(QAction):  # Qt gives its own button no name, and a picture that a dark ground swallows
            clear.setText(_("Clear"))
            clear.setIcon(icon("x", "muted"))
        self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition).setText(name)

    def event(self, event: QEvent) -> bool:
        """Esc empties the box before it means anything to the screen around it."""
        overrides = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if overrides and event.key() == Qt.Key.Key_Escape and self.text():  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() == Qt.Key.Key_Up:
            self.up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)
