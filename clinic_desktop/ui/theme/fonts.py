"""Bundled Noto fonts and the two text sizes: set through QFont only, so that they follow the text size of the user."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QLoggingCategory, QRect
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication

from clinic_desktop.kernel.i18n import active
from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.ui.theme.tokens import BODY_PIXELS, TITLE_PIXELS

FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari")
SCALES = (90, 100, 115, 130, 150)
_ROOMY = QRect(0, 0, 10_000, 10_000)
_TALL = {"ar": "العربية", "hi": "हिन्दी"}
"""Words whose script needs more height than Latin letters of the same size."""

_loaded: list[str] = []
_scale = 100


class Text(StrEnum):
    """The four voices of the desktop: two sizes, two weights."""

    BODY = "body"
    STRONG = "strong"
    TITLE = "title"
    FIGURE = "figure"


def load_fonts() -> list[str]:
    """Register the bundled font files that exist and return the family names, in fallback order."""
    if not _loaded:
        # Qt remarks on each family that lacks a script before it takes the next one, which is what the list is for.
        QLoggingCategory.setFilterRules("qt.text.font.db.info=false")
        for file in sorted(resource_path("fonts").glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))
        known = set(QFontDatabase.families())
        _loaded.extend(family for family in FAMILIES if family in known)
    return list(_loaded)


def set_scale(percent: int) -> None:
    """Set the text size of the whole program, in percent of the design size."""
    global _scale
    _scale = max(SCALES[0], min(SCALES[-1], percent))


def scaled(pixels: int) -> int:
    """A design length that holds text, at the text size of the user."""
    return round(pixels * _scale / 100)


def font(voice: Text = Text.BODY) -> QFont:
    """The font of a voice, at the text size of the user."""
    chosen = QFont(QApplication.font())
    families = load_fonts()
    if families:
        chosen.setFamilies(families)
    chosen.setPixelSize(scaled(TITLE_PIXELS if voice in (Text.TITLE, Text.FIGURE) else BODY_PIXELS))
    chosen.setBold(voice in (Text.STRONG, Text.TITLE))
    return chosen


def line_height(voice: Text = Text.BODY) -> int:
    """The height of a line in the language of the program, whatever letters stand in it: what stands side by side is alike."""
    return QFontMetrics(font(voice)).boundingRect(_ROOMY, 0, f"Ag {_TALL.get(active().code, '')}").height()
