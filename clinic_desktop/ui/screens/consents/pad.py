"""A pad to sign on, by mouse, pen or finger: smooth strokes, kept as points and as a picture."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTabletEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_desktop.clinic.patients.signing import Stroke
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import font, scaled
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_16, LIGHT, RADIUS

_PICTURE_WIDTH = 900
_THIN, _THICK = 0.0022, 0.0055
"""Width of a line, as parts of the pad's: by a light and by a firm hand."""
_USUAL_PRESSURE = 0.5


class SignaturePad(QWidget):
    """White like paper in every theme; ``changed()`` with each stroke that ends."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[tuple[float, float]]] = []
        self._pressures: list[list[float]] = []
        self._is_writing = False
        self.setAccessibleName(_("Signature"))
        self.setAccessibleDescription(_("Sign here with the mouse or a pen. Who cannot sign here is attested by a witness below."))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents, False)  # touches come as the mouse
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(scaled(130))

    @property
    def strokes(self) -> list[Stroke]:
        """What was written, as parts of the pad's width."""
        return [list(one) for one in self._strokes]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not self._strokes

    def clear(self) -> None:
        """Take everything off again."""
        self._strokes, self._pressures, self._is_writing = [], [], False
        self.update()
        self.changed.emit()

    def picture(self) -> bytes:
        """The signature as a PNG, black on white, whatever the theme."""
        size = QSize(_PICTURE_WIDTH, round(_PICTURE_WIDTH * self.height() / max(self.width(), 1)))
        image = QImage(size, QImage.Format.Format_Grayscale8)
        image.fill(QColor(LIGHT.surface))
        painter = QPainter(image)
        self._draw(painter, float(_PICTURE_WIDTH))
        painter.end()
        written = QByteArray()
        buffer = QBuffer(written)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        return bytes(written.data())

    # Hands and pens

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position(), _USUAL_PRESSURE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._go_on(event.position(), _USUAL_PRESSURE)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:  # noqa: N802
        event.accept()  # else the same stroke would come once more as the mouse's
        if event.type() == QTabletEvent.Type.TabletPress:
            self._begin(event.position(), event.pressure())
        elif event.type() == QTabletEvent.Type.TabletMove:
            self._go_on(event.position(), event.pressure())
        else:
            self._end()

    def _begin(self, at: QPointF, pressure: float) -> None:
        self._is_writing = True
        self._strokes.append([])
        self._pressures.append([])
        self._go_on(at, pressure)

    def _go_on(self, at: QPointF, pressure: float) -> None:
        if self._is_writing:
            wide = max(self.width(), 1)
            self._strokes[-1].append((min(max(at.x() / wide, 0), 1), min(max(at.y(), 0), self.height()) / wide))
            self._pressures[-1].append(pressure)
            self.update()

    def _end(self) -> None:
        if self._is_writing:
            self._is_writing = False
            self.changed.emit()

    # How it looks

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current().border_strong), 1))
        painter.setBrush(QColor(LIGHT.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        line = self.height() * 0.74
        painter.setPen(QPen(QColor(LIGHT.border_strong), 1))
        painter.drawLine(QPointF(GAP_16, line), QPointF(self.width() - GAP_16, line))
        if self.is_empty:
            painter.setPen(QColor(LIGHT.muted))
            painter.setFont(font())
            painter.drawText(self.rect().adjusted(0, round(line), 0, 0), int(Qt.AlignmentFlag.AlignCenter), _("Sign here"))
        self._draw(painter, float(self.width()))

    def _draw(self, painter: QPainter, wide: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke, pressures in zip(self._strokes, self._pressures, strict=True):
            firm = sum(pressures) / len(pressures)
            pen = QPen(QColor(LIGHT.text), wide * (_THIN + (_THICK - _THIN) * firm))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPath(_curve([QPointF(x * wide, y * wide) for x, y in stroke]))


def _curve(points: list[QPointF]) -> QPainterPath:
    """A curve through the middles between points, bent towards the points themselves: no corner is seen."""
    path = QPainterPath(points[0])
    if len(points) == 1:
        path.lineTo(points[0] + QPointF(0.1, 0.1))
    for before, at in pairwise(points[1:]):
        path.quadTo(before, (before + at) / 2)
    if len(points) > 1:
        path.lineTo(points[-1])
    return path
