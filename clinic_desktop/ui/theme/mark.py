"""A property that the style sheet looks at, changed while the widget lives."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def mark(widget: QWidget, name: str, value: object) -> None:
    """Set a property and dress the widget anew; nothing is done where it has that value already."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
