"""Paints walk-ins beside the appointments: framed with dashes and with their token, for nobody booked a time for them."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from clinic_desktop.clinic.frontdesk.queries import WalkInRow
from clinic_desktop.ui.screens.calendar.board import Board
from clinic_desktop.ui.screens.calendar.painting import ICON, BoardPainter, Brushes
from clinic_desktop.ui.screens.reception.words import TONES
from clinic_desktop.ui.theme.tokens import GAP_4


def paint_walk_ins(
    painter: QPainter, board: Board, over: BoardPainter, brushes: Brushes, seen: QRectF, *, selected: UUID | None, ratio: float
) -> None:
    """The walk-ins that are seen."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for block in board.walk_ins:
        rect = over.turned(block.rect)
        if not rect.intersects(seen):
            continue
        tone, is_selected = TONES[block.row.status], block.row.visit_id == selected
        ink = f"on_{tone}"
        pen = QPen(brushes.colour["focus"], 2) if is_selected else QPen(brushes.colour[ink], 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(brushes.colour[f"{tone}_soft"])
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), GAP_4, GAP_4)
        painter.setPen(brushes.colour[ink])
        _words(painter, brushes, block.row, rect.adjusted(GAP_4, 0, -GAP_4, 0), ink, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _words(painter: QPainter, brushes: Brushes, row: WalkInRow, room: QRectF, ink: str, ratio: float) -> None:
    """The icon of a token; its number and the name where there is room."""
    if room.height() < ICON or room.width() < ICON:
        return
    line = QRectF(room.left(), room.top(), room.width(), min(room.height(), brushes.metrics[False].height() + GAP_4))
    x = line.right() - ICON if brushes.right_to_left else line.left()
    painter.drawPixmap(QPointF(x, line.center().y() - ICON / 2), brushes.icon("ticket", ink, ratio))
    taken = ICON + GAP_4
    line = line.adjusted(0, 0, -taken, 0) if brushes.right_to_left else line.adjusted(taken, 0, 0, 0)
    number = "" if row.queue_number is None else f"{row.queue_number} "
    brushes.text(painter, line, f"{number}{row.patient_name}")
