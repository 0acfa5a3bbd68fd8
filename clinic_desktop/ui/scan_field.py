"""What a control was before a scanner typed into it, and how to put it back."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from clinic_desktop.ui.widgets.form import FormField


class Snapshot:
    """The state of the focused control; controls that take no text have nothing to put back."""

    def __init__(self, widget: QWidget | None, put_back: Callable[[], object] | None, put_in: Callable[[str], object] | None) -> None:
        self._widget, self._put_back, self._put_in = widget, put_back, put_in

    def restore(self) -> None:
        """Put the control back as it was."""
        if self._put_back is not None and self._widget is not None and shiboken6.isValid(self._widget):
            self._put_back()

    def type_again(self, text: str) -> None:
        """Enter text that was held back after all."""
        if text and self._put_in is not None and self._widget is not None and shiboken6.isValid(self._widget):
            self._put_in(text)


def snapshot(widget: QWidget | None) -> Snapshot:
    """The present state of a control."""
    if isinstance(widget, QComboBox) and not widget.isEditable():
        chosen = widget.currentIndex()
        return Snapshot(widget, lambda: widget.setCurrentIndex(chosen), None)
    edit = widget.lineEdit() if isinstance(widget, (QAbstractSpinBox, QComboBox)) else widget
    if isinstance(edit, QLineEdit):
        return _line(edit)
    if isinstance(edit, (QPlainTextEdit, QTextEdit)):
        return _text(edit)
    if isinstance(widget, QAbstractItemView):
        current = widget.currentIndex()
        return Snapshot(widget, lambda: widget.setCurrentIndex(current), None)
    return Snapshot(widget, None, None)


def _line(edit: QLineEdit) -> Snapshot:
    text, cursor, start, length = edit.text(), edit.cursorPosition(), edit.selectionStart(), len(edit.selectedText())
    around = edit.parentWidget()
    field = around if isinstance(around, FormField) and around.editor is edit else None
    error = field.error if field is not None else ""

    def put_back() -> None:
        if edit.text() != text:
            edit.setText(text)
        edit.setCursorPosition(cursor)
        if start >= 0:
            edit.setSelection(start, length)
        if field is not None:  # which may have said meanwhile that letters are no number
            field.set_error(error)

    return Snapshot(edit, put_back, edit.insert)


def _text(edit: QPlainTextEdit | QTextEdit) -> Snapshot:
    cursor = edit.textCursor()
    start, end, chosen = cursor.selectionStart(), cursor.selectionEnd(), cursor.selection().toPlainText()

    def put_back() -> None:
        typed = edit.textCursor().position() - start
        if typed > 0:
            eraser = edit.textCursor()
            eraser.setPosition(start)
            eraser.setPosition(start + typed, QTextCursor.MoveMode.KeepAnchor)
            eraser.insertText(chosen)
        after = edit.textCursor()
        after.setPosition(start)
        after.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        edit.setTextCursor(after)

    return Snapshot(edit, put_back, edit.insertPlainText)
