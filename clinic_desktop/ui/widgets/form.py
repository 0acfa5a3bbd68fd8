"""Forms: a label, an editor and the error at the field; a form reads all values at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import is_blank
from clinic_desktop.ui.theme.fonts import line_height
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_12, GAP_16
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.inputs import LineEdit, NumberField
from clinic_desktop.ui.widgets.text import Label


def value_of(editor: QWidget) -> Any:
    """What is in an editor: None when empty."""
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QPlainTextEdit):
        return None if is_blank(editor.toPlainText()) else editor.toPlainText().strip()
    if isinstance(editor, QLineEdit) and not hasattr(editor, "value"):
        return None if is_blank(editor.text()) else editor.text().strip()
    return editor.value()  # type: ignore[attr-defined]


def raw_of(editor: QWidget) -> Any:
    """The state of an editor, read or not, as a value that JSON can hold: what a draft keeps. One of several parts has its own."""
    if hasattr(editor, "draft"):
        return editor.draft()
    if isinstance(editor, Choice):
        return editor.code()
    if isinstance(editor, QLineEdit):
        return editor.text()
    return editor.toPlainText() if isinstance(editor, QPlainTextEdit) else value_of(editor)


def put_raw(editor: QWidget, raw: Any) -> None:
    """Put a state from ``raw_of`` back."""
    if hasattr(editor, "restore"):
        editor.restore(raw)
    elif isinstance(editor, Choice):
        editor.choose_code(raw)
    elif isinstance(editor, QLineEdit):
        editor.setText(raw)
    elif isinstance(editor, QPlainTextEdit):
        editor.setPlainText(raw)
    elif isinstance(editor, QCheckBox):
        editor.setChecked(raw)
    elif isinstance(editor, QSpinBox):
        editor.setValue(raw)


class FormField(QWidget):
    """Label, editor, and the error text below; ``required`` is checked before the command is asked."""

    def __init__(
        self, name: str, label: str, editor: QWidget, *, required: bool = False, starred: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name, self.label_text, self.editor, self.required = name, label, editor, required
        editor.setObjectName(name)
        editor.setAccessibleName(label)
        caption = Label(f"{label} *" if required and starred else label, tone="muted")
        caption.setBuddy(editor)
        caption.setMinimumHeight(line_height())  # beside a caption in another script, the editors stand in one line
        self._error = Label(tone="bad", wrap=True)
        self._error.hide()
        self._hint = Label(tone="warn", wrap=True)
        self._hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_4)
        column.addWidget(caption)
        column.addWidget(editor, 100)  # one that may grow takes the free room before the stretch does
        column.addWidget(self._hint)
        column.addWidget(self._error)
        column.addStretch(1)
        self.setFocusProxy(editor)
        for change in ("textEdited", "textChanged", "currentIndexChanged", "valueChanged", "toggled"):
            if hasattr(editor, change):
                getattr(editor, change).connect(self._clear)
        if isinstance(editor, (LineEdit, NumberField)):
            line = editor.lineEdit() if isinstance(editor, NumberField) else editor
            # After the change that the rest of it made, which takes an error away.
            line.inputRejected.connect(self._tell_refused, Qt.ConnectionType.QueuedConnection)

    @property
    def error(self) -> str:
        """The error that stands at the field, or nothing."""
        return self._error.text()

    def value(self) -> Any:
        """What is in the editor; raises InvalidInput when it is missing or cannot be read."""
        found = value_of(self.editor)
        if self.required and found is None:
            raise InvalidInput(self.name, "required")
        return found

    def set_error(self, text: str | None) -> None:
        """Show or take away the error at the field."""
        self._error.setText(text or "")
        self._error.setVisible(bool(text))
        self.editor.setAccessibleDescription(text or "")
        mark(self.editor, "invalid", bool(text))

    def set_hint(self, text: str | None) -> None:
        """Show or take away advice at the field that is no error."""
        self._hint.setText(text or "")
        self._hint.setVisible(bool(text))

    def _clear(self, *_change: object) -> None:
        if self._error.text():
            self.set_error(None)

    def _tell_refused(self) -> None:
        if isinstance(self.editor, (LineEdit, NumberField)):
            self.set_error(wording.sentence(self.editor.refusal()))


class Form(QWidget):
    """Fields in a grid of ``columns``; reads them all and shows each error at its field."""

    def __init__(self, *, columns: int = 2, starred: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, FormField] = {}
        self._columns, self._next, self._starred = columns, 0, starred
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_16)
        self._grid.setVerticalSpacing(GAP_12)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def add(self, name: str, label: str, editor: QWidget, *, required: bool = False, span: int = 1) -> FormField:
        """Add a field at the next place; ``span`` columns wide."""
        field = FormField(name, label, editor, required=required, starred=self._starred, parent=self)
        if self._next % self._columns + span > self._columns:
            self._next += self._columns - self._next % self._columns
        row, column = divmod(self._next, self._columns)
        self._grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag(0))
        self._next += span
        self.fields[name] = field
        return field

    def __getitem__(self, name: str) -> Any:
        return self.fields[name].editor

    def values(self) -> dict[str, Any] | None:
        """Every value by name; None when one cannot be read: then each error stands at its field and the first has the focus."""
        found: dict[str, Any] = {}
        wrong: list[FormField] = []
        for name, field in self.fields.items():
            try:
                found[name] = field.value()
                field.set_error(None)
            except InvalidInput as error:
                field.set_error(wording.sentence(error))
                wrong.append(field)
        if wrong:
            wrong[0].editor.setFocus()
            return None
        return found

    def refuse(self, error: ClinicError) -> bool:
        """Show a refusal at its field; False when it names none of ours."""
        field = self.fields.get(error.field or "")
        if field is None:
            return False
        field.set_error(wording.sentence(error))
        field.editor.setFocus()
        return True

    def typed_twice(self, name: str, again: str) -> dict[str, Any] | None:
        """The values without the second of a pair; None when one cannot be read, or when the two differ."""
        found = self.values()
        if found is not None and found.pop(again) != found[name]:
            self.fields[again].set_error(_("The two are not the same."))
            self[again].setFocus()
            return None
        return found

    def draft(self) -> dict[str, Any]:
        """What stands in the editors, as plain values."""
        return {name: raw_of(field.editor) for name, field in self.fields.items()}

    def typed(self) -> dict[str, Any] | None:
        """The same; None where every editor is empty."""
        draft = self.draft()
        return draft if any(draft.values()) else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back."""
        for name, raw in draft.items():
            if name in self.fields:
                put_raw(self.fields[name].editor, raw)

    def clear(self) -> None:
        """Empty every editor and take the errors away."""
        for field in self.fields.values():
            field.set_error(None)
            if isinstance(field.editor, QComboBox):
                field.editor.setCurrentIndex(0)
            elif isinstance(field.editor, (QLineEdit, QPlainTextEdit)):
                field.editor.clear()
            elif isinstance(field.editor, QCheckBox):
                field.editor.setChecked(False)
            elif isinstance(field.editor, QAbstractSpinBox):
                put_raw(field.editor, field.editor.minimum() if isinstance(field.editor, QSpinBox) else None)
