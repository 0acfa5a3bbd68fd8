"""Parts that become windows of their own: for a moment they take the keyboard from the window they belong to.

Looked at where parts are shown: each call that can show one is watched, which costs next to nothing. A filter of all events of the
program, which would see the same, took a sixth of the instructions that a test of a screen runs.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QMainWindow, QStackedLayout, QWidget

from clinic_desktop.ui.display.window import DisplayWindow

_SHOWING = ("show", "setVisible", "showNormal", "showMaximized", "showFullScreen")
_STACKING = ("addWidget", "insertWidget", "setCurrentIndex", "setCurrentWidget")
_SHOWN_BY: list[tuple[type[Any], str, Callable[[Any], list[QWidget]]]] = [
    *((QWidget, name, lambda widget: [widget]) for name in _SHOWING),
    # A stack that belongs to nobody yet shows its page by itself, and so does a row of a form.
    *((QStackedLayout, name, lambda stack: [stack.widget(at) for at in range(stack.count())]) for name in _STACKING),
    (QFormLayout, "setRowVisible", lambda form: [one for at in range(form.count()) if (one := form.itemAt(at).widget()) is not None]),
]
"""What shows parts, and which parts those are."""


@contextmanager
def watched() -> Iterator[list[str]]:
    """What of the program flashed up meanwhile: the part, and who showed it."""
    seen: list[str] = []
    with ExitStack() as ended:
        for kind, name, parts in _SHOWN_BY:
            real = getattr(kind, name)
            setattr(kind, name, _looking(real, parts, seen))
            ended.callback(setattr, kind, name, real)
        yield seen


def _looking(real: Any, parts: Callable[[Any], list[QWidget]], seen: list[str]) -> Any:
    def call(self: Any, /, *arguments: Any, **choices: Any) -> Any:
        done = real(self, *arguments, **choices)
        for one in parts(self):
            if one.isVisible() and _is_no_window_of_ours(one):
                caller = "".join(traceback.format_stack(limit=6)[:-1])
                # A test may show a single control; then the stack has no code of ours that is not a test's.
                if "clinic_desktop/ui/" in caller:
                    seen.append(f"{type(one).__name__} {one.accessibleName()!r}\n{caller}")
        return done

    return call


def _is_no_window_of_ours(shown: QWidget) -> bool:
    """Whether a widget became a window by having no parent: popups, dialogs and tips are windows of other types."""
    return shown.isWindow() and shown.windowType() == Qt.WindowType.Window and not isinstance(shown, (QMainWindow, DisplayWindow))
