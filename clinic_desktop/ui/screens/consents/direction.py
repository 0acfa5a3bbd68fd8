"""Texts of consents run as their own language does, whatever language the program speaks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from clinic_desktop.kernel.i18n import Language


def run_as(editor: QPlainTextEdit, language: str) -> None:
    """Let the text of an editor begin at the side where that language begins."""
    is_rtl = Language(language).is_right_to_left
    side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
    editor.document().setDefaultTextOption(option)
