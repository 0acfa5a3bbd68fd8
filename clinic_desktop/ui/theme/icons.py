"""Lucide icons, tinted to the theme and drawn crisply for the pixel ratio of the screen."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QApplication

from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.ui.theme.state import current

ICON_PIXELS = 18
_DIRECTIONAL = frozenset(
    {"chevron-left", "chevron-right", "arrow-left", "arrow-right", "log-in", "log-out", "undo-2", "redo-2", "skip-forward"}
)


def icon(name: str, colour: str | None = None, *, gap: int = 0) -> QIcon:
    """The icon in the text colour of the theme (or another token such as ``accent``), with a disabled form.

    ``gap`` leaves room between the icon and the text behind it, which Qt puts too close; ``icon_size`` takes the same.
    """
    palette = current().colours()
    result = QIcon()
    for ratio in {screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}:
        size = round(ICON_PIXELS * ratio)
        for tint, mode in ((palette[colour or "text"], QIcon.Mode.Normal), (palette["disabled"], QIcon.Mode.Disabled)):
            result.addPixmap(_with_gap(_pixmap(name, tint, size, ratio, _mirrored(name)), round(gap * ratio)), mode)
    return result


def _with_gap(drawn: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return drawn
    wide = QPixmap(drawn.width() + gap, drawn.height())
    wide.setDevicePixelRatio(drawn.devicePixelRatio())
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    is_rtl = QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    painter.drawPixmap(round(gap / drawn.devicePixelRatio()) if is_rtl else 0, 0, drawn)
    painter.end()
    return wide


def pixmap(name: str, colour: str | None = None, *, size: int = ICON_PIXELS, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` design pixels for a screen of that pixel ratio."""
    tint = current().colours()[colour or "text"]
    return _pixmap(name, tint, round(size * ratio), ratio, _mirrored(name))


def icon_size(*, gap: int = 0) -> QSize:
    """The size at which buttons and menus show icons."""
    return QSize(ICON_PIXELS + gap, ICON_PIXELS)


def forget_icons() -> None:
    """Drop the drawn pictures, before the application object goes."""
    _pixmap.cache_clear()


def _mirrored(name: str) -> bool:
    return name in _DIRECTIONAL and QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


@lru_cache(maxsize=1024)
def _svg(name: str) -> str:
    return resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _pixmap(name: str, colour: str, pixels: int, ratio: float, mirrored: bool) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415  (heavy: loaded with the first icon)

    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode()))
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    if mirrored:
        drawn = drawn.transformed(QTransform.fromScale(-1, 1))
    drawn.setDevicePixelRatio(ratio)
    return drawn
