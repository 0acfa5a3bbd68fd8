"""A square frame over a picture: dragged by hand, moved by the arrow keys, made smaller and larger by wheel, plus and minus."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.patients.intake import Crop
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.state import current

_SMALLEST, _STEP, _NUDGE = 0.15, 0.08, 0.03
_VEIL = 170
"""How far the picture fades into the ground outside the frame, of 255."""


class CropFrame(QWidget):
    """Holds the frame in parts of the picture's shorter side; ``moved()`` when it changes."""

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QPixmap()
        self._crop = Crop()
        self._held: QPointF | None = None
        self.setAccessibleName(_("Part of the picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(scaled(340), scaled(300))

    @property
    def crop(self) -> Crop:
        """The part that is kept."""
        return self._crop

    def show_picture(self, picture: QImage, crop: Crop | None = None) -> None:
        """Put the frame over another picture: where it was set, or where faces mostly are."""
        self._picture = QPixmap.fromImage(picture)
        wide, tall = self._extent()
        self._crop = crop or Crop((wide - 1) / 2, (tall - 1) / 3, 1.0)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._changed()

    def show_live(self, picture: QImage) -> None:
        """The next picture of a camera; the frame stays where it was set over those of the same shape."""
        shape = (picture.width(), picture.height())
        same = shape == (self._picture.width(), self._picture.height())
        self.show_picture(picture, self._crop if same else None)

    def clear(self) -> None:
        """No picture."""
        self._picture, self._held = QPixmap(), None
        self.unsetCursor()
        self._changed()

    def zoom(self, by: float) -> None:
        """Make the frame larger or smaller about its middle."""
        side = min(max(self._crop.side + by, _SMALLEST), 1.0)
        shift = (self._crop.side - side) / 2
        self._place(self._crop.left + shift, self._crop.top + shift, side)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(scaled(420), scaled(340))

    def _extent(self) -> tuple[float, float]:
        shorter = max(min(self._picture.width(), self._picture.height()), 1)
        return self._picture.width() / shorter, self._picture.height() / shorter

    def _place(self, left: float, top: float, side: float) -> None:
        wide, tall = self._extent()
        self._crop = Crop(min(max(left, 0), wide - side), min(max(top, 0), tall - side), side)
        self._changed()

    def _changed(self) -> None:
        self.update()
        self.moved.emit()

    def _room(self) -> QRectF:
        """Where the whole picture is drawn."""
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height())

    def _unit(self) -> float:
        """Screen pixels of the picture's shorter side."""
        room = self._room()
        return max(min(room.width(), room.height()), 1.0)

    # Hands

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton and not self._picture.isNull():
            self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._held is not None:
            by = (event.position() - self._held) / self._unit()
            self._held = event.position()
            self._place(self._crop.left + by.x(), self._crop.top + by.y(), self._crop.side)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        self._held = None

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if not self._picture.isNull():
            self.zoom(-_STEP if event.angleDelta().y() > 0 else _STEP)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key, steps = (
            Qt.Key(event.key()),
            {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)},
        )
        if key in steps:
            across, down = steps[key]
            self._place(self._crop.left + across * _NUDGE, self._crop.top + down * _NUDGE, self._crop.side)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(-_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(_STEP)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(current().rail))
        if self._picture.isNull():
            painter.setPen(QColor(current().muted))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), _("No picture chosen"))
            return
        room, unit = self._room(), self._unit()
        painter.drawPixmap(room, self._picture, QRectF(self._picture.rect()))
        side = self._crop.side * unit
        square = QRectF(room.left() + self._crop.left * unit, room.top() + self._crop.top * unit, side, side)
        veil = QPainterPath()
        veil.addRect(room)
        veil.addRect(square)
        shade = QColor(current().rail)
        shade.setAlpha(_VEIL)
        painter.fillPath(veil, shade)
        painter.setPen(QPen(QColor(current().accent), 2))
        painter.drawRect(square)
        if self.hasFocus():
            painter.setPen(QPen(QColor(current().focus), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
