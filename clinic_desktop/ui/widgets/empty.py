"""The empty state of a list or screen: says what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.widgets.text import Label


class EmptyState(QWidget):
    """An icon, a sentence and perhaps a button."""

    acted = Signal()

    def __init__(self, text: str, *, icon_name: str = "inbox", action: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        picture = QLabel()
        picture.setPixmap(pixmap(icon_name, "muted", size=28, ratio=self.devicePixelRatioF()))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = Label(text, tone="muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(GAP_12)
        column.addStretch(2)
        column.addWidget(picture)
        column.addWidget(self._text)
        if action is not None:
            button = QPushButton(action)
            button.clicked.connect(self.acted)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text.setText(text)
