"""Texts of consents run as their own language does, whatever language the program speaks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.widgets.choice import begin_at_side


def run_as(editor: QPlainTextEdit, language: str) -> None:
    """Let the text of an editor begin at the side where that language begins."""
    is_rtl = Language(language).is_right_to_left
    begin_at_side(editor, right=is_rtl, way=Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
