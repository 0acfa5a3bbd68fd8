"""Walks over what a screen reader would see."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

_NEEDS_NAME = frozenset(
    {
        QAccessible.Role.Button,
        QAccessible.Role.PushButton,
        QAccessible.Role.ButtonMenu,
        QAccessible.Role.CheckBox,
        QAccessible.Role.RadioButton,
        QAccessible.Role.ComboBox,
        QAccessible.Role.EditableText,
        QAccessible.Role.SpinBox,
        QAccessible.Role.Slider,
        QAccessible.Role.Table,
        QAccessible.Role.List,
        QAccessible.Role.Tree,
        QAccessible.Role.ProgressBar,
        QAccessible.Role.PageTab,
        QAccessible.Role.MenuItem,
    }
)


def unnamed(widget: QWidget) -> list[str]:
    """The visible controls in a widget that have no accessible name: a screen's test asserts that there are none."""
    found: list[str] = []
    _walk(QAccessible.queryAccessibleInterface(widget), found)
    return found


def _walk(face: QAccessibleInterface | None, found: list[str]) -> None:
    if face is None or not face.isValid() or face.state().invisible:
        return
    if face.role() in _NEEDS_NAME and not face.text(QAccessible.Text.Name).strip():
        thing = face.object()
        found.append(
            f"{face.role().name} {type(thing).__name__ if thing is not None else ''} {thing.objectName() if thing else ''}".strip()
        )
    # The cells of a table are text, and there may be a million of them.
    if face.role() not in (QAccessible.Role.Table, QAccessible.Role.List, QAccessible.Role.ComboBox):
        for place in range(face.childCount()):
            _walk(face.child(place), found)
