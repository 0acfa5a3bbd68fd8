"""Captions and what stands behind each, in lines that come and go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_16
from clinic_desktop.ui.widgets import Label, directed

_CAPTION = 170


class Facts(QGridLayout):
    """As many lines as there are facts."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[Label, Label]] = []
        self.setHorizontalSpacing(GAP_16)
        self.setVerticalSpacing(GAP_4)
        self.setColumnMinimumWidth(0, scaled(_CAPTION))
        self.setColumnStretch(1, 1)

    def tell(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show these in place of those before."""
        while len(self.pairs) < len(lines):
            self._add()
        for place, pair in enumerate(self.pairs):
            for label, text in zip(pair, lines[place] if place < len(lines) else ("", ""), strict=True):
                label.setText(directed(text))
                label.setVisible(bool(text))

    def _add(self) -> None:
        caption, value = Label(tone="muted"), Label(wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.addWidget(caption, len(self.pairs), 0, Qt.AlignmentFlag.AlignTop)
        self.addWidget(value, len(self.pairs), 1)
        self.pairs.append((caption, value))
