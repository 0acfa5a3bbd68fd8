"""What a kiosk's pages are made of: large letters, large targets, one thought a page."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QScroller, QSizePolicy, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.display.lettering import letters
from clinic_desktop.ui.kiosk.growing import WIDEST, grown
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, KIOSK_TEXT, KIOSK_TITLE, TOUCH
from clinic_desktop.ui.widgets.buttons import BusyButton
from clinic_desktop.ui.widgets.text import Label

_FACE, _FACE_TEXT = 72, 17
_UNDER_FACE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


class Words(Label):
    """Plain text in the middle, wrapped."""

    def __init__(self, text: str = "", *, size: int = KIOSK_TEXT, bold: bool = False, tone: str | None = None) -> None:
        super().__init__(text, tone=tone, wrap=True)
        self._size, self._bold = size, bold
        self.grow()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def grow(self) -> None:
        """Take the size that the window has now."""
        self.setFont(letters(grown(self._size), bold=self._bold))


def _with_room(name: str, colour: str, side: int) -> QIcon:
    """An icon with room at both sides: the window may run the other way than the program."""
    gap = grown(GAP_8)
    wide = QPixmap(side + 2 * gap, side)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(gap, 0, pixmap(name, colour, size=side))
    painter.end()
    return QIcon(wide)


class TouchButton(BusyButton):
    """A button for a finger; ``role`` as of every button."""

    def __init__(self, text: str, *, role: str | None = None, icon_name: str | None = None, size: int = KIOSK_TEXT) -> None:
        super().__init__(text, role=role)
        self.setProperty("touch", True)
        self._size, self._icon_name, self._is_primary = size, icon_name, role == "primary"
        self.grow()

    def grow(self) -> None:
        """Take the size that the window has now."""
        self.setFont(letters(grown(self._size), bold=self._is_primary))
        if self._icon_name is not None:
            side = grown(self._size + GAP_8)
            self.setIcon(_with_room(self._icon_name, "on_accent" if self._is_primary else "text", side))
            self.setIconSize(QSize(side + 2 * grown(GAP_8), side))

    def sizeHint(self) -> QSize:  # noqa: N802
        asked = super().sizeHint()
        return QSize(asked.width() + 2 * grown(GAP_16), max(asked.height(), grown(TOUCH)))


def _scrolling(inner: QWidget) -> QScrollArea:
    """A page that is longer than the screen is moved by finger, by wheel or by its bar; any other stands in the middle of it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
    return area


class Page(QWidget):
    """One page: a title, what belongs to it, and the ways on at the foot."""

    def __init__(self, language: Language, title: str, text: str = "") -> None:
        super().__init__()
        self.language = language
        self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(grown(GAP_16))
        self.title = Words(title, size=KIOSK_TITLE, bold=True)
        self.body.addWidget(self.title)
        self.text = Words(text, tone="muted")
        if not text:
            self.text.hide()
        self.body.addWidget(self.text)
        self.trouble = Words(tone="bad", bold=True)
        self.trouble.hide()
        self.foot = QHBoxLayout()
        self.foot.setSpacing(grown(GAP_16))
        column = QVBoxLayout()
        column.setSpacing(grown(GAP_16))
        column.addStretch(1)
        column.addLayout(self.body)
        column.addWidget(self.trouble)
        column.addLayout(self.foot)
        column.addStretch(1)
        # Stretches at both sides: an aligned layout would forget the height of wrapped text.
        inner = QWidget()
        across = QHBoxLayout(inner)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(grown(WIDEST))
        column.setContentsMargins(0, 0, 0, 0)
        across.addWidget(middle, 100)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._area = _scrolling(inner)
        whole.addWidget(self._area)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is seen at once."""
        return self._area.verticalScrollBar().maximum() == 0

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        bar = self._area.verticalScrollBar()
        places = {Qt.Key.Key_End: bar.maximum(), Qt.Key.Key_Home: bar.minimum()}
        steps = {Qt.Key.Key_PageDown: bar.pageStep(), Qt.Key.Key_PageUp: -bar.pageStep()}
        key = Qt.Key(event.key())
        if key in places or key in steps:
            bar.setValue(places.get(key, bar.value() + steps.get(key, 0)))
        else:
            super().keyPressEvent(event)

    def say(self, text: str) -> None:
        """Say what went wrong, or nothing any more."""
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    def add_way(self, text: str, *, role: str | None = None, icon_name: str | None = None) -> TouchButton:
        """Add a button at the foot."""
        button = TouchButton(text, role=role, icon_name=icon_name)
        self.foot.addWidget(button)
        return button


class FaceButton(QPushButton):
    """A face from very sad (1) to very glad (5), with its word below it."""

    def __init__(self, rating: int, word: str) -> None:
        super().__init__()
        self.rating, self.word = rating, word
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setProperty("role", "tile")
        self.setAccessibleName(f"{rating}: {word}")
        self.setProperty("touch", True)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)  # all as high as the highest

    def sizeHint(self) -> QSize:  # noqa: N802
        width, gap = grown(TOUCH) * 2, grown(GAP_8)
        room = QRect(0, 0, width - 2 * gap, 0)
        words = QFontMetrics(letters(grown(_FACE_TEXT), bold=True)).boundingRect(room, _UNDER_FACE, self._words)
        return QSize(width, grown(GAP_16 + _FACE) + words.height() + 2 * gap)

    @property
    def _words(self) -> str:
        return f"{self.word}\n{self.rating}"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        palette = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(palette.accent if self.isChecked() else palette.text)
        painter.setPen(QPen(ink, grown(3), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        side = grown(_FACE)
        face = QRectF((self.width() - side) / 2, grown(GAP_16), side, side)
        painter.drawEllipse(face)
        painter.setBrush(ink)
        for place in (0.34, 0.66):
            painter.drawEllipse(QRectF(face.left() + side * (place - 0.035), face.top() + side * 0.34, side * 0.07, side * 0.083))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._mouth(painter, face)
        painter.setFont(letters(grown(_FACE_TEXT), bold=self.isChecked()))
        gap = grown(GAP_8)
        word = QRectF(gap, face.bottom() + gap, self.width() - 2 * gap, self.height() - face.bottom() - 2 * gap)
        painter.drawText(word, _UNDER_FACE, self._words)

    def _mouth(self, painter: QPainter, face: QRectF) -> None:
        depth = (self.rating - 3) / 2 * face.height() * 0.32
        width = face.width() * 0.5
        left, middle = face.left() + face.width() * 0.25, face.top() + face.height() * 0.68
        if self.rating == 3:
            painter.drawLine(int(left), int(middle), int(left + width), int(middle))
        elif depth > 0:
            painter.drawArc(QRectF(left, middle - depth, width, depth * 1.6), 180 * 16, 180 * 16)
        else:
            painter.drawArc(QRectF(left, middle + depth * 0.3, width, -depth * 1.6), 0, 180 * 16)
