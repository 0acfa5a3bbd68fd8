"""Numbered pictures and documents in one folder; while a picture is taken nobody watches the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.tour.eyes import is_over
from clinic_desktop.ui.watchdog import Stall, Watchdog

_OURS = re.compile(r"\d{2,3}-[a-z-_]+\.(png|pdf)")
T = TypeVar("T")
_SHADE = QColor(0, 0, 0, 70)
_QUICK = 80
"""How hard a picture is compressed, in Qt's way to say it: hardly larger than the usual, in two thirds of the time."""


class Album:
    """Saves what is seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for former in folder.iterdir():
            if _OURS.fullmatch(former.name):
                former.unlink()
        self.pictures: list[str] = []
        self.documents: list[str] = []
        self.stalls: list[tuple[str, Stall]] = []
        self.longest_ms = 0
        self.step = ""
        self._watchdog: Watchdog | None = None

    def watch(self) -> None:
        """Watch the UI thread from now on."""
        self._watchdog = Watchdog()
        self._watchdog.start()

    def look_away(self) -> None:
        """Stop watching; what was seen so far belongs to the step."""
        if self._watchdog is not None:
            self.stalls += [(self.step, one) for one in self._watchdog.stop()]
            self.longest_ms = max(self.longest_ms, self._watchdog.longest_ms)
            self._watchdog.deleteLater()
            self._watchdog = None

    def snap(self, name: str, window: QWidget) -> None:
        """Save a picture of a window and of what stands over it."""
        file = f"{len(self.pictures) + 1:02}-{name}.png"
        if not self.unwatched(lambda: seen(window).save(str(self._folder / file), quality=_QUICK)):
            raise OSError(f"{file} cannot be written")
        self.pictures.append(file)

    def unwatched(self, do: Callable[[], T]) -> T:
        """Do what is the tour's own work: it is not the program that keeps the screen waiting."""
        was_watching = self._watchdog is not None
        self.look_away()
        try:
            return do()
        finally:
            if was_watching:
                self.watch()

    def document(self, name: str) -> Path:
        """Where the PDF of that name goes."""
        file = f"{len(self.documents) + 1:02}-{name}.pdf"
        self.documents.append(file)
        return self._folder / file


def seen(window: QWidget) -> QImage:
    """A window with its dialogs and menus over it, as they stand on the screen."""
    picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)  # nothing shines through a window
    if not window.isVisible():
        return picture
    painter = QPainter(picture)
    for above in _over(window):
        if isinstance(above, QDialog):
            painter.fillRect(picture.rect(), _SHADE)
        corner = above.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint())
        painter.drawPixmap(corner, above.grab())
        painter.setPen(QColor(current().border_strong))
        painter.drawRect(above.rect().translated(corner).adjusted(0, 0, -1, -1))
    painter.end()
    return picture


def _over(window: QWidget) -> list[QWidget]:
    """Dialogs of the window from the first to the last, then menus."""
    others = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window and is_over(one, window)]
    return sorted(others, key=lambda one: (isinstance(one, QMenu) or not isinstance(one, QDialog), _depth(one)))


def _depth(widget: QWidget) -> int:
    parent = widget.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)
