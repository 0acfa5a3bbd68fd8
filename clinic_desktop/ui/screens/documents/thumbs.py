"""Small pictures of documents for their list: made of what is seen, one after the other behind the work, and kept in memory only."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen, QPixmap

from clinic_desktop.clinic.patients.intake import MediaType
from clinic_desktop.clinic.patients.queries import DocumentRow
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.state import current

_SIDE = 96
"""Pixels: sharp in a row on any screen."""
_MOST_BYTES = 12 * 1024 * 1024
"""A larger file is not fetched and read for a picture that nobody asked for."""
_MOST_KEPT, _MOST_WAITING = 200, 40
_SMALL_OF = late("clinic_desktop.ui.screens.documents.rendering:small_of")


class Thumbs(QObject):
    """``picture(row)`` answers at once: with what stands for the kind, until ``came`` tells that there is more to see."""

    came = Signal()

    def __init__(self, screen: Screen, parent: QObject) -> None:
        super().__init__(parent)
        self._screen = screen
        self._made: dict[UUID, QPixmap | None] = {}
        self._waiting: dict[UUID, DocumentRow] = {}
        self._making: UUID | None = None

    def picture(self, row: DocumentRow) -> QPixmap:
        """What stands before the name of a document."""
        if row.is_sensitive:  # looking at it leaves a trace, and a list is no looking
            return _sign("shield")
        if row.media_type is MediaType.TEXT or row.size_bytes > _MOST_BYTES:
            return _sign("file-text")
        if row.id not in self._made and row.id not in self._waiting and row.id != self._making:
            self._want(row)
        return self._made.get(row.id) or _sign("image" if row.media_type.is_picture else "file-text")

    def _want(self, row: DocumentRow) -> None:
        self._waiting[row.id] = row
        while len(self._waiting) > _MOST_WAITING:  # scrolled past: asked for again where it is seen again
            del self._waiting[next(iter(self._waiting))]
        self._make()

    def _make(self) -> None:
        """One at a time: a page that somebody opens waits for one small picture at most."""
        if self._making is not None or not self._waiting:
            return
        _id, row = self._waiting.popitem()  # what came into sight last
        self._making = row.id
        work = self._screen.work
        work.background(
            self,
            _SMALL_OF,
            then=lambda image: self._keep(row, image),
            failed=lambda _error: self._keep(row, None),  # whoever opens it is told what is wrong with it
            settled=self._go_on,
            db=work.db,
            actor=self._screen.desk.actor,
            row=row,
            side=_SIDE,
        )

    def _keep(self, row: DocumentRow, image: QImage | None) -> None:
        self._made[row.id] = None if image is None else _edged(image)
        while len(self._made) > _MOST_KEPT:
            del self._made[next(iter(self._made))]
        self.came.emit()

    def _go_on(self) -> None:
        if self._making is not None:
            self._made.setdefault(self._making, None)
        self._making = None
        self._make()


def _edged(image: QImage) -> QPixmap:
    """With a line around: a white page on a white list would not be seen."""
    painter = QPainter(image)
    painter.setPen(QPen(QColor(current().muted), 3))  # a third of it is left in a row
    painter.drawRect(image.rect().adjusted(1, 1, -2, -2))
    painter.end()
    return QPixmap.fromImage(image)


def _sign(name: str) -> QPixmap:
    return pixmap(name, "muted", ratio=QGuiApplication.primaryScreen().devicePixelRatio())
