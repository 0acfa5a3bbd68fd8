"""A line that offers what fits while one types; Enter takes the first, also when the answer is still on its way."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_desktop.ui.finding import Found
from clinic_desktop.ui.hits import HIT_ROLE, HitDelegate
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, ROW_HEIGHT
from clinic_desktop.ui.widgets import LineEdit

_MOST = 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Suggest(LineEdit):
    """``asked(text)`` is answered by ``offer``; ``chosen(data)`` follows. ``entered(text)`` is Enter with nothing to choose."""

    asked = Signal(str)
    chosen = Signal(object)
    entered = Signal(str)

    def __init__(self, name: str, *, placeholder: str = "", least_width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder=placeholder, parent=parent)
        self._least_width = least_width
        self._answered_for: str | None = None
        self._takes_first = False
        self._popup: QFrame | None = None
        self._list = QListWidget()
        self._list.setAccessibleName(name)
        self._list.setItemDelegate(HitDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._take)
        self.textEdited.connect(self._ask)
        self.destroyed.connect(self._list.deleteLater)

    @property
    def offered(self) -> list[str]:
        """The titles that are offered now."""
        return [self._list.item(place).data(HIT_ROLE).title for place in range(self._list.count())] if self.is_offering else []

    @property
    def is_offering(self) -> bool:
        """Whether the popup is open."""
        return self._popup is not None and self._popup.isVisible()

    def offer(self, text: str, offers: list[tuple[str, str, Any]], *, icon: str = "search") -> None:
        """Offer (title, detail, data) as the answer to a text; an answer to an older text is dropped."""
        if text != self.text().strip():
            return
        self._answered_for = text
        self._list.clear()
        for title, detail, data in offers:
            item = QListWidgetItem(f"{title}, {detail}")
            item.setData(HIT_ROLE, Found(title, detail, icon, "", Hit(title, detail, data)))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        if self._takes_first:
            self._takes_first = False
            self._enter()
        elif offers and self.hasFocus():
            self._show()
        else:
            self.hide_offers()

    def hide_offers(self) -> None:
        """Close the popup."""
        if self._popup is not None:
            self._popup.hide()

    def _ask(self, text: str) -> None:
        self._takes_first = False
        self._answered_for = None
        if text.strip():
            self.asked.emit(text.strip())
        else:
            self._list.clear()
            self.hide_offers()

    def _show(self) -> None:
        if self._popup is None or self._popup.parent() is not self.window():
            self._popup = QFrame(self.window())
            self._popup.setProperty("role", "popup")
            inside = QVBoxLayout(self._popup)
            inside.setContentsMargins(GAP_4, GAP_4, GAP_4, GAP_4)
            inside.addWidget(self._list)
            self.destroyed.connect(self._popup.deleteLater)
        width = max(self.width(), scaled(self._least_width))
        at = self.mapTo(self.window(), QPoint(0, self.height() + GAP_4))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            at.setX(at.x() + self.width() - width)
        height = min(self._list.count(), _MOST) * scaled(ROW_HEIGHT) + 2 * GAP_4 + 4
        if at.y() + height > self.window().height():
            at.setY(self.mapTo(self.window(), QPoint(0, 0)).y() - height - GAP_4)
        self._popup.setGeometry(at.x(), at.y(), width, height)
        self._popup.show()
        self._popup.raise_()

    def _step(self, by: int) -> None:
        if self._list.count():
            self._list.setCurrentRow((self._list.currentRow() + by) % self._list.count())

    def _enter(self) -> None:
        text = self.text().strip()
        if text and self._answered_for != text and self._answered_for is None and self.isModified():
            self._takes_first = True
        elif self._list.count() and self._answered_for == text and self._list.currentItem() is not None:
            self._take(self._list.currentItem())
        else:
            self.entered.emit(text)

    def _take(self, item: QListWidgetItem) -> None:
        self.hide_offers()
        self._list.setCurrentItem(item)
        data = item.data(HIT_ROLE).hit.key
        self._list.clear()
        self.chosen.emit(data)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.is_offering:
            self.hide_offers()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.is_offering:
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in _ENTER and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self._enter()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        QTimer.singleShot(0, self, self.hide_offers)
