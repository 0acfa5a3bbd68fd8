"""The matrix of rights as it is seen: role names that stand upright, boxes, headings of departments; Space or a click ticks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from clinic_desktop.ui.screens.people.matrix import CHANGED, FIXED, HELD, IS_GROUP, MatrixModel
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, RADIUS

_CELL, _BOX, _ROW = 42, 18, 32
_LONGEST_NAME = 170


class UprightHeader(QHeaderView):
    """Column names that read from below to above: twelve roles and more fit beside one another."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultSectionSize(scaled(_CELL))
        self.setMinimumSectionSize(scaled(_CELL))

    def sizeHint(self) -> QSize:  # noqa: N802
        metrics = QFontMetrics(font(Text.STRONG))
        names = [str(self.model().headerData(i, Qt.Orientation.Horizontal)) for i in range(1, self.count())] if self.model() else []
        longest = max((metrics.horizontalAdvance(name) for name in names), default=0)
        return QSize(super().sizeHint().width(), min(longest, scaled(_LONGEST_NAME)) + 2 * GAP_12)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 - as Qt calls it
        palette = current()
        painter.save()
        painter.fillRect(rect, QColor(palette.surface))
        painter.setPen(QPen(QColor(palette.border)))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        is_chosen = logicalIndex > 0 and self.selectionModel() is not None and self.selectionModel().currentIndex().column() == logicalIndex
        painter.setPen(QColor(palette.accent if is_chosen else palette.text))
        painter.setFont(font(Text.STRONG))
        metrics = QFontMetrics(font(Text.STRONG))
        name = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal))
        if logicalIndex == 0:
            side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom
            painter.drawText(rect.adjusted(GAP_12, 0, -GAP_12, -GAP_8), int(side), name)
        else:
            painter.translate(QPointF(rect.center().x() + 1, rect.bottom() - GAP_8))
            painter.rotate(-90)
            room = rect.height() - 2 * GAP_8
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(
                QRectF(0, -rect.width() / 2, room, rect.width()), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown
            )
        painter.restore()


class BoxDelegate(QStyledItemDelegate):
    """Paints headings, titles, and a box for each role; a change that is not saved yet carries a dot."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        palette, room = current(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_group = bool(index.data(IS_GROUP))
        if is_group:
            painter.fillRect(room, QColor(palette.window))
        if index.column() == 0:
            painter.setFont(font(Text.STRONG if is_group else Text.BODY))
            painter.setPen(QColor(palette.muted if is_group else palette.text))
            inner = room.adjusted(GAP_12 if is_group else GAP_12 * 2, 0, -GAP_8, 0)
            if option.direction == Qt.LayoutDirection.RightToLeft:
                inner = room.adjusted(GAP_8, 0, -(GAP_12 if is_group else GAP_12 * 2), 0)
            shown = QFontMetrics(painter.font()).elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), shown)
        elif not is_group:
            self._box(painter, QRectF(room), index)
        painter.restore()

    def _box(self, painter: QPainter, room: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        palette, held, fixed = current(), bool(index.data(HELD)), bool(index.data(FIXED))
        side = scaled(_BOX)
        box = QRectF(room.center().x() - side / 2, room.center().y() - side / 2, side, side)
        view = self.parent()
        is_current = isinstance(view, QTableView) and view.currentIndex() == index and view.hasFocus()
        ink = QColor(palette.disabled if fixed else palette.accent)
        painter.setPen(QPen(QColor(palette.focus), 2) if is_current else QPen(ink if held else QColor(palette.border_strong), 1.4))
        painter.setBrush(ink if held else QColor(palette.field))
        painter.drawRoundedRect(box, RADIUS - 2, RADIUS - 2)
        if held:
            painter.setPen(QPen(QColor(palette.on_accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(
                [
                    QPointF(box.left() + side * 0.24, box.top() + side * 0.52),
                    QPointF(box.left() + side * 0.43, box.top() + side * 0.70),
                    QPointF(box.left() + side * 0.77, box.top() + side * 0.32),
                ]
            )
        if index.data(CHANGED):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.on_warn))
            painter.drawEllipse(QPointF(box.right() + 5, box.top()), 3.5, 3.5)


class MatrixView(QTableView):
    """The table of boxes; ``column_chosen(role code or "")`` when another role's column is current."""

    column_chosen = Signal(str)

    def __init__(self, name: str, model: MatrixModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setHorizontalHeader(UprightHeader(self))
        self.setItemDelegate(BoxDelegate(self))
        self.setModel(model)
        self._matrix = model
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(False)
        self.horizontalHeader().sectionClicked.connect(lambda column: self.choose(column))
        self.selectionModel().currentChanged.connect(lambda now, _before: self._tell(now.column()))
        model.modelReset.connect(self._fit)

    def choose(self, column: int) -> None:
        """Make a role's column the current one."""
        row = max(self.currentIndex().row(), 0)
        self.setCurrentIndex(self._matrix.index(row, column))

    def _tell(self, column: int) -> None:
        self.horizontalHeader().viewport().update()
        self.column_chosen.emit(self._matrix.roles[column - 1].code if 0 < column <= len(self._matrix.roles) else "")

    def _fit(self) -> None:
        self.clearSpans()
        if self._matrix.roles:
            for row, line in enumerate(self._matrix.lines):
                if line.permission is None:
                    self.setSpan(row, 0, 1, self._matrix.columnCount())
        taken = (self._matrix.columnCount() - 1) * self.horizontalHeader().defaultSectionSize()
        self.horizontalHeader().resizeSection(0, max(scaled(250), self.viewport().width() - taken))
        self.horizontalHeader().updateGeometry()
        self.updateGeometries()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return done

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._matrix.tick(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._matrix.tick(self.currentIndex())
        else:
            super().keyPressEvent(event)
