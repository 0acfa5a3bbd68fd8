"""What was set up, before the doors open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16, GAP_24
from clinic_desktop.ui.widgets.text import Label, directed


class Summary(Step):
    """Captions and what was entered."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.form.hide()
        self._frame = QFrame(self)
        self._frame.setProperty("role", "card")
        self._grid = QGridLayout(self._frame)
        self._grid.setContentsMargins(GAP_24, GAP_16, GAP_24, GAP_16)
        self._grid.setHorizontalSpacing(GAP_24)
        self._grid.setVerticalSpacing(GAP_8)
        self._grid.setColumnMinimumWidth(0, scaled(120))
        self._grid.setColumnStretch(1, 1)
        self.column.addWidget(self._frame)
        self.shown: list[tuple[str, str]] = []

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show these captions and texts in place of the former ones."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.shown = list(lines)
        for place, (caption, text) in enumerate(lines):
            said = Label(directed(text), self._frame, voice=Text.BODY, wrap=True)
            name = Label(caption, self._frame, tone="muted")
            self._grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, place, 1)
            name.show()
            said.show()

    def read(self) -> dict[str, Any] | None:
        """Nothing more is asked."""
        return {}

    def draft(self) -> dict[str, Any]:
        """Nothing is typed here."""
        return {}

    def restore(self, draft: dict[str, Any]) -> None:
        """Nothing is typed here."""
