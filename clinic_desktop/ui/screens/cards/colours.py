"""Choosing a colour that can be read on another: a few that suit, or one's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog

from clinic_desktop.kernel.colours import READABLE, contrast
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.ui.theme.tokens import RADIUS
from clinic_desktop.ui.widgets import Choice

ACCENTS = {
    "#0f5e6b": N_("Teal"),
    "#1d4f96": N_("Blue"),
    "#443a91": N_("Indigo"),
    "#7a2767": N_("Plum"),
    "#a1261f": N_("Red"),
    "#8a4b08": N_("Amber"),
    "#1a6437": N_("Green"),
    "#2b2f38": N_("Graphite"),
    "#8fd3c8": N_("Light teal"),
    "#a9c8f5": N_("Light blue"),
    "#f3d08b": N_("Light amber"),
}
BACKGROUNDS = {
    "#ffffff": N_("White"),
    "#fbf7ee": N_("Ivory"),
    "#eef6f4": N_("Mint"),
    "#edf3fb": N_("Sky"),
    "#f7eef3": N_("Rose"),
    "#10243a": N_("Navy"),
    "#1f2429": N_("Charcoal"),
}
_SIDE = 16


class ColourChoice(Choice):
    """Named colours that can be read with ``other()``, and a dialog for one's own; ``picked(colour)``, ``refused()``."""

    picked = Signal(str)
    refused = Signal()

    def __init__(self, name: str, colours: dict[str, str], other: Callable[[], str]) -> None:
        super().__init__(name)
        self._title, self._named, self._other = name, colours, other
        self._shown = ""
        self.activated.connect(self._choose)

    def show_colour(self, colour: str) -> None:
        """Offer what suits, with this one chosen."""
        self._shown = colour
        suiting = [one for one in self._named if one == colour or self._suits(one)]
        offered = suiting if colour in suiting else [colour, *suiting]
        self.set_options([*((_(self._named[one]) if one in self._named else colour, one) for one in offered), (_("Own colour…"), None)])
        for place, one in enumerate(offered):
            self.setItemIcon(place, _swatch(one))
        self.set_value(colour)

    def _suits(self, colour: str) -> bool:
        return contrast(colour, self._other()) >= READABLE

    def _choose(self, _place: int) -> None:
        colour = self.value()
        if colour is not None:
            self.picked.emit(colour)
            return
        self.set_value(self._shown)
        dialog = QColorDialog(QColor(self._shown), self.window())
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self._title)
        dialog.colorSelected.connect(lambda chosen: self.take(chosen.name()))
        dialog.open()

    def take(self, colour: str) -> None:
        """One's own colour, where it can be read."""
        if self._suits(colour):
            self.picked.emit(colour)
        else:
            self.refused.emit()


def _swatch(colour: str) -> QIcon:
    drawn = QPixmap(_SIDE, _SIDE)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(128, 128, 128))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(1, 1, _SIDE - 2, _SIDE - 2, RADIUS - 2, RADIUS - 2)
    painter.end()
    return QIcon(drawn)
