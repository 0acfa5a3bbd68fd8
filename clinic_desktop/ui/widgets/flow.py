"""Widgets side by side that go on in a further line where the room ends."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from clinic_desktop.ui.theme.tokens import GAP_8


class FlowLayout(QLayout):
    """As many lines as the width asks for; each widget as wide as it wants to be. Mirrored where one reads from the right."""

    def __init__(self, *widgets: QWidget, gap: int = GAP_8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return max((place.bottom() + 1 for _item, place in self._places(width)), default=0)

    def minimumSize(self) -> QSize:  # noqa: N802
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        return QSize(max((one.width() for one in shown), default=0), max((one.height() for one in shown), default=0))

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()

    def setGeometry(self, room: QRect) -> None:  # noqa: N802
        super().setGeometry(room)
        parent = self.parentWidget()
        for item, place in self._places(room.width()):
            at = place.translated(room.topLeft())
            item.setGeometry(at if parent is None else QStyle.visualRect(parent.layoutDirection(), room, at))

    def _places(self, width: int) -> Iterator[tuple[QLayoutItem, QRect]]:
        across = down = line = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if across and across + size.width() > width:
                across, down, line = 0, down + line + self.spacing(), 0
            yield item, QRect(QPoint(across, down), size)
            across, line = across + size.width() + self.spacing(), max(line, size.height())
