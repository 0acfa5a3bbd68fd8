"""Choosing from a list, and notes of several lines."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from clinic_desktop.kernel.i18n import active
from clinic_desktop.kernel.text import is_blank, search_form
from clinic_desktop.ui.theme.fonts import scaled

_LOOKING = frozenset(getattr(Qt.Key, f"Key_{name}") for name in ("Up", "Down", "PageUp", "PageDown", "Home", "End"))


class Choice(QComboBox):
    """One of a few; ``value()`` is the data of the chosen one, None for the placeholder."""

    def __init__(
        self, name: str, options: Iterable[tuple[str, Any]] = (), *, placeholder: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._placeholder = placeholder
        # Kept here, not as item data: Qt would hand back an enum as a bare text.
        self._data: list[Any] = []
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.set_options(options)

    def set_options(self, options: Iterable[tuple[str, Any]]) -> None:
        """Offer these; the chosen one stays chosen when it is still there."""
        kept = self.value()
        self.blockSignals(True)
        self.clear()
        offered = [*([(self._placeholder, None)] if self._placeholder is not None else []), *options]
        self._data = [data for _text, data in offered]
        self.addItems([text for text, _data in offered])
        self.blockSignals(False)
        place = self._place(kept)
        self.setCurrentIndex(max(place, 0 if self.count() else -1))
        self.currentIndexChanged.emit(self.currentIndex())

    def value(self) -> Any:
        """The data of the chosen one."""
        place = self.currentIndex()
        return self._data[place] if 0 <= place < len(self._data) else None

    def set_value(self, data: Any) -> None:
        """Choose the one with that data."""
        self.setCurrentIndex(self._place(data))

    def options(self) -> list[tuple[str, Any]]:
        """What is offered, the placeholder left out."""
        offered = [(self.itemText(place), data) for place, data in enumerate(self._data)]
        return offered if self._placeholder is None else offered[1:]

    def code(self) -> str | None:
        """The chosen one's data as a text for a draft: places in the list change with the language and from day to day."""
        data = self.value()
        return None if data is None else str(data)

    def offered(self) -> list[tuple[str, str | None]]:
        """What can be chosen, each with its code."""
        return [(self.itemText(place), None if data is None else str(data)) for place, data in enumerate(self._data)]

    def choose_code(self, code: str | None) -> None:
        """Choose the one with that code; none when it is not offered any more."""
        codes = [None if data is None else str(data) for data in self._data]
        self.setCurrentIndex(codes.index(code) if code in codes else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        place = self._meant_by(event.text())
        if place is None:
            super().keyPressEvent(event)
        else:
            self.setCurrentIndex(place)
            self.activated.emit(place)

    def _meant_by(self, typed: str) -> int | None:
        """Where no option begins with a letter as it is: one that does without its marks (ا for أ), or whose code does (F: female)."""
        letter: str = search_form(typed) if len(typed) == 1 else ""
        shown = {place: self.itemText(place) for place, data in enumerate(self._data) if data is not None}
        if not letter or any(text.casefold().startswith(typed.casefold()) for text in shown.values()):
            return None
        behind = self.currentIndex() + 1
        places: list[int] = [*range(behind, self.count()), *range(behind)]
        for place in places:
            data = self._data[place]
            code = search_form(data.value) if isinstance(data, StrEnum) else ""
            if place in shown and (search_form(shown[place]).startswith(letter) or code.startswith(letter)):
                return place
        return None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        # Scrolling a form must not change what was chosen in it.
        event.ignore()

    def _place(self, data: Any) -> int:
        return self._data.index(data) if data in self._data else -1


class ActChoice(Choice):
    """Each option does something at once: the keys that look for one open the list, and do it only by Enter there."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() not in _LOOKING and not event.text().strip():
            super().keyPressEvent(event)
            return
        self.showPopup()
        if event.text().strip():
            self.view().keyboardSearch(event.text())


def begin_at_side(editor: QPlainTextEdit, *, right: bool, way: Qt.LayoutDirection = Qt.LayoutDirection.LayoutDirectionAuto) -> None:
    """Let the lines of an editor begin at one side; each runs as its first letter does, unless one way is said."""
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(way)
    editor.document().setDefaultTextOption(option)


class Notes(QPlainTextEdit):
    """Plain text of several lines; Tab goes on to the next field."""

    def __init__(self, name: str, *, lines: int = 3, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(scaled(22) * lines + 14)
        begin_at_side(self, right=active().is_right_to_left)  # Qt leaves even an Arabic text at the left

    def sizeHint(self) -> QSize:  # noqa: N802
        # Qt asks for a page of text: where one may grow, its least height is what it needs.
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(super().minimumSizeHint().width(), self.minimumHeight())

    def value(self) -> str | None:
        """The text without empty lines around it; None when there is none."""
        return None if is_blank(self.toPlainText()) else self.toPlainText().strip()

    def set_value(self, text: str | None) -> None:
        """Show a text."""
        self.setPlainText(text or "")
