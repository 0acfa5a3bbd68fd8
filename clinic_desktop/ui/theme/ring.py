"""The ring around a filled button that has the keyboard; a style sheet can draw none without moving what stands around the button."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter

from clinic_desktop.ui.theme.state import current
from clinic_desktop.ui.theme.tokens import RADIUS, RING


def paint_ringed(button: QPushButton) -> None:
    """Paint a button, filled a little smaller, and within its bounds a ring around it; the ground is seen between the two."""
    option = QStyleOptionButton()
    button.initStyleOption(option)
    option.state &= ~QStyle.StateFlag.State_HasFocus
    whole = button.rect()
    painter = QStylePainter(button)
    option.rect = whole.adjusted(2 * RING, 2 * RING, -2 * RING, -2 * RING)
    painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
    option.rect = whole
    painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(current().focus), RING))
    painter.drawRoundedRect(QRectF(whole).adjusted(RING / 2, RING / 2, -RING / 2, -RING / 2), RADIUS, RADIUS)
    painter.end()
