"""The card at its true proportions: fields are chosen, dragged, stretched, and moved by the arrow keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.clinic.patients.card_design import Element, Item
from clinic_desktop.clinic.patients.card_design.rules import SMALLEST_BOX
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.cards.design import Design
from clinic_desktop.ui.screens.cards.snapping import Snapped, snapped
from clinic_desktop.ui.screens.cards.words import element_text
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_24, RADIUS

_STEP, _FINE = 0.5, 0.1
_GRIP = 10
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class CardCanvas(QWidget):
    """Draws the picture of a side and what is chosen on it; ``changed`` after each step, ``chosen`` when another field is."""

    changed = Signal()
    chosen = Signal()

    def __init__(self, design: Design, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.design = design
        self.may_change = True
        self.is_mirrored = False
        """Whether the card is read from the right."""
        self.faulty: set[int] = set()
        self._picture = QImage()
        self._grab: tuple[QPointF, Element, bool] | None = None
        self._drop: Element | None = None
        self._guides = Snapped(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(scaled(300), scaled(240))
        self.setAccessibleName(_("The card"))

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(scaled(520), scaled(360))

    def show_picture(self, picture: QImage) -> None:
        """Show how this side is printed."""
        self._picture = picture
        self.update()

    def tell_chosen(self) -> None:
        """Say what is chosen, and where it lies."""
        one = self.design.chosen
        place = _("{field}, {x} mm from the start, {y} mm from the top")
        self.setAccessibleDescription("" if one is None else place.format(field=element_text(one), x=one.x, y=one.y))
        self.update()

    # Where things are

    def card(self) -> QRectF:
        """The card within this part of the screen."""
        layout = self.design.layout
        room = QRectF(self.rect()).adjusted(GAP_24, GAP_24, -GAP_24, -GAP_24)
        scale = min(room.width() / layout.width, room.height() / layout.height)
        size = layout.width * scale, layout.height * scale
        return QRectF(room.center().x() - size[0] / 2, room.center().y() - size[1] / 2, *size)

    @property
    def scale(self) -> float:
        """Pixels of a mm."""
        return self.card().width() / self.design.layout.width

    def box(self, one: Element) -> QRectF:
        """Where an element lies on the screen."""
        card, scale = self.card(), self.scale
        x = self.design.layout.width - one.right if self.is_mirrored else one.x
        return QRectF(card.left() + x * scale, card.top() + one.y * scale, one.width * scale, one.height * scale)

    def grip(self) -> QRectF:
        """The corner by which the chosen element is stretched."""
        one = self.design.chosen
        if one is None:
            return QRectF()
        box = self.box(one)
        corner = box.bottomLeft() if self.is_mirrored else box.bottomRight()
        return QRectF(corner.x() - _GRIP / 2, corner.y() - _GRIP / 2, _GRIP, _GRIP)

    def _under(self, point: QPointF) -> int | None:
        """The element at a point: the smallest of those that lie there, a band only where nothing else is."""
        there = [
            (one.item is Item.BAND, one.width * one.height, place)
            for place, one in enumerate(self.design.elements)
            if one.is_shown and self.box(one).contains(point)
        ]
        return min(there)[2] if there else None

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position()
        stretches = self.grip().contains(point) and self.may_change
        if not stretches:
            self.design.choose(self._under(point))
            self.chosen.emit()
            self.tell_chosen()
        one = self.design.chosen
        if one is not None and self.may_change:
            self._grab = (point, one, stretches)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._grab is None:
            over = self._under(event.position()) is not None
            aslant = Qt.CursorShape.SizeBDiagCursor if self.is_mirrored else Qt.CursorShape.SizeFDiagCursor
            at_grip = self.grip().contains(event.position()) and self.may_change
            self.setCursor(aslant if at_grip else Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)
            return
        start, one, stretches = self._grab
        off = (event.position() - start) / self.scale
        right = -off.x() if self.is_mirrored else off.x()
        if stretches:
            self._drop = replace(one, width=max(SMALLEST_BOX, one.width + right), height=max(SMALLEST_BOX, one.height + off.y()))
        else:
            free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self._drop = self._moved(one, right, off.y(), free)
        self.update()

    def _moved(self, one: Element, right: float, down: float, free: bool) -> Element:
        x, y = one.x + right, one.y + down
        others = [other for place, other in enumerate(self.design.elements) if place != self.design.place]
        self._guides = Snapped(x, y) if free else snapped(self.design.layout, others, one, x, y)
        return replace(one, x=self._guides.x, y=self._guides.y)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        drop, self._grab, self._drop, self._guides = self._drop, None, None, Snapped(0, 0)
        if drop is not None:
            self.design.set(x=drop.x, y=drop.y, width=drop.width, height=drop.height)
            self.changed.emit()
        self.tell_chosen()

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._choose_next(1 if event.key() == Qt.Key.Key_PageDown else -1)
        elif arrow is None or self.design.chosen is None or not self.may_change:
            super().keyPressEvent(event)
        else:
            self._push(arrow, event.modifiers())

    def _push(self, arrow: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        step = _FINE if modifiers & Qt.KeyboardModifier.ControlModifier else _STEP
        right, down = arrow[0] * step * (-1 if self.is_mirrored else 1), arrow[1] * step
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.design.stretch(right, down)
        else:
            self.design.move(right, down)
        self.changed.emit()
        self.tell_chosen()

    def _choose_next(self, by: int) -> None:
        shown = [place for place, one in enumerate(self.design.elements) if one.is_shown]
        if shown:
            here = shown.index(self.design.place) if self.design.place in shown else -1 if by > 0 else 0
            self.design.choose(shown[(here + by) % len(shown)])
            self.chosen.emit()
            self.tell_chosen()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.update()

    # What is seen

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        palette, card = current(), self.card()
        painter.fillRect(self.rect(), QColor(palette.hover))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.focus), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.fillRect(card.translated(0, 2), QColor(palette.border_strong))
        painter.fillRect(card, QColor(self.design.layout.background))
        if not self._picture.isNull():
            painter.drawImage(card, self._picture)
        for pen, box in self._outlines():
            painter.setPen(pen)
            painter.drawRect(box)
        self._paint_guides(painter, card)
        if self.design.chosen is not None and self._drop is None and self.may_change:
            painter.setPen(QPen(QColor(palette.surface), 1))
            painter.setBrush(QColor(palette.focus))
            painter.drawRoundedRect(self.grip(), 2, 2)
        painter.end()

    def _outlines(self) -> Iterator[tuple[QPen, QRectF]]:
        palette = current()
        for place, one in enumerate(self.design.elements):
            if place in self.faulty and one.is_shown:
                yield QPen(QColor(palette.danger), 1.5, Qt.PenStyle.DashLine), self.box(one).adjusted(-1, -1, 1, 1)
        under_hand = self._drop or self.design.chosen
        if under_hand is not None:
            style = Qt.PenStyle.SolidLine if under_hand.is_shown else Qt.PenStyle.DotLine
            yield QPen(QColor(palette.focus), 2, style), self.box(under_hand)

    def _paint_guides(self, painter: QPainter, card: QRectF) -> None:
        painter.setPen(QPen(QColor(current().danger), 1))
        if self._guides.upright is not None:
            x = self.design.layout.width - self._guides.upright if self.is_mirrored else self._guides.upright
            at = card.left() + x * self.scale
            painter.drawLine(QPointF(at, card.top() - GAP_8), QPointF(at, card.bottom() + GAP_8))
        if self._guides.level is not None:
            at = card.top() + self._guides.level * self.scale
            painter.drawLine(QPointF(card.left() - GAP_8, at), QPointF(card.right() + GAP_8, at))
