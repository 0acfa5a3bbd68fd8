"""Pages, cards, figures and hairlines: the few shapes that screens are made of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16, GAP_24
from clinic_desktop.ui.widgets.text import ElidedLabel, Label


class Page:
    """The frame of a screen: margins, a title line with actions at its end, and a body."""

    def __init__(self, screen: QWidget, title: str, *, actions: Sequence[QWidget] = (), subtitle: str = "") -> None:
        outer = QVBoxLayout(screen)
        outer.setContentsMargins(GAP_24, GAP_16, GAP_24, GAP_16)
        outer.setSpacing(GAP_16)
        self.title = Label(title, voice=Text.TITLE)
        self.subtitle = ElidedLabel(subtitle, tone="muted")
        self.bar = QHBoxLayout()
        self.bar.setSpacing(GAP_8)
        self.bar.addWidget(self.title)
        self.bar.addSpacing(GAP_4)
        self.bar.addWidget(self.subtitle, 1)
        for action in actions:
            self.bar.addWidget(action)
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP_16)
        outer.addLayout(self.bar)
        outer.addLayout(self.body, 1)


class Pages(QStackedWidget):
    """Pages of which one is seen; it alone says how much room is needed, not the widest of the hidden ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _place: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint().expandedTo(page.minimumSize())


class Card(QFrame):
    """A raised surface with an optional heading."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP_16, GAP_12, GAP_16, GAP_16)
        outer.setSpacing(GAP_12)
        self.title = Label(title, voice=Text.STRONG)
        if not title:
            self.title.hide()
        outer.addWidget(self.title)
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP_8)
        outer.addLayout(self.body, 1)


class Stat(QWidget):
    """A figure with its caption."""

    def __init__(self, caption: str, figure: str = "", *, tone: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._figure = Label(voice=Text.FIGURE, tone=tone)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._figure)
        self._said = Label(caption, tone="muted")
        column.addWidget(self._said)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_figure(figure)

    @property
    def figure(self) -> str:
        """What the figure says."""
        return self._figure.text()

    def show_figure(self, text: str, *, tone: str | None = None, caption: str | None = None) -> None:
        """Show another figure, under another caption where one is given."""
        if caption is not None and caption != self._caption:
            self._caption = caption
            self._said.setText(caption)
        self._figure.setText(text or "–")
        self._figure.set_tone(tone)
        self.setAccessibleName(f"{self._caption}: {text}")


def line() -> QFrame:
    """A hairline between two parts."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


def row(*widgets: QWidget, stretch_at: int | None = None, fill: bool = False, gap: int = GAP_8) -> QHBoxLayout:
    """Widgets side by side. The free room goes behind them, before the one at ``stretch_at``, or with ``fill`` to those that grow."""
    made = QHBoxLayout()
    made.setSpacing(gap)
    for place, widget in enumerate(widgets):
        if place == stretch_at:
            made.addStretch(1)
        made.addWidget(widget)
    if stretch_at is None and not fill:
        made.addStretch(1)
    return made


def scrolled(widget: QWidget, into: QBoxLayout | None = None, stretch: int = 0) -> QScrollArea:
    """The widget in an area that gives way on a low screen; as wide as the area, never wider.

    The area goes ``into`` a layout first: what is measured, as its content is at once, would be styled anew in each later place.
    """
    widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    area = QScrollArea()
    if into is not None:
        into.addWidget(area, stretch)
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def keep_if(widget: QWidget, is_wanted: bool) -> None:
    """Leave out what the person may not use. (Showing a widget that has no parent yet would open it as a window.)"""
    if not is_wanted:
        widget.hide()
