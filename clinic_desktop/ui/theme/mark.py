"""A property that the style sheet looks at, changed while the widget lives."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property and dress the widget anew; nothing is done where it has that value already, and one never set is False."""
    before = widget.property(name)
    if before != value and (value is not False or before is not None):
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
