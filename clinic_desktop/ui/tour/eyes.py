"""What the tour sees: the window on top, controls by their accessible names, and whether everything has come to rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget

from clinic_desktop.ui.work import Work

W = TypeVar("W", bound=QWidget)
_LONGEST_PAUSE_MS = 400
"""Timers that wait for the end of typing are shorter; messages that stand for a while are longer."""
_CALM_ROUNDS = 2
"""In a row without anything under way, before it is believed."""


class StepFailed(Exception):
    """A step of the tour did not find what it expected; the text names it."""


def top_window() -> QWidget:
    """Where keys and clicks go now: a menu, a dialog, or the main window."""
    found = QApplication.activePopupWidget() or QApplication.activeModalWidget() or QApplication.activeWindow()
    if found is None:
        raise StepFailed("no window is active")
    return found


def names_of(widget: QWidget) -> Iterator[str]:
    """What a control is called, by a screen reader and on its face."""
    yield widget.accessibleName()
    if isinstance(widget, (QAbstractButton, QLabel)):
        yield widget.text().replace("&", "")


def find(kind: type[W], name: str | None = None, *, within: QWidget | None = None) -> W:
    """The visible control of a kind, and of a name when one is given; raises StepFailed."""
    found = look_for(kind, name, within=within)
    if found is None:
        raise StepFailed(f"there is no {kind.__name__} {name or ''} in {title_of(within or top_window())}")
    return found


def look_for(kind: type[W], name: str | None = None, *, within: QWidget | None = None) -> W | None:
    """The same, or None."""
    place = within or top_window()
    if isinstance(place, kind) and name is None:
        return place
    for widget in place.findChildren(kind):
        if widget.isVisible() and (name is None or name in names_of(widget)):
            return widget
    return None


def is_over(window: QWidget, desk: QWidget) -> bool:
    """Whether a window is that one or belongs to it, as dialogs and menus do."""
    parent = window.parentWidget()
    return window is desk or (parent is not None and is_over(parent.window(), desk))


def title_of(window: QWidget) -> str:
    """How a window is called in a report."""
    return f"{type(window).__name__} “{window.windowTitle() or window.accessibleName()}”"


class Patience:
    """Waits by conditions, never for a time; every wait has an end."""

    def __init__(self, app: QApplication, work: Work, *, milliseconds: int = 20_000) -> None:
        self._app, self._work, self._limit = app, work, milliseconds
        # Waiting for events needs an event at least now and then.
        self._pulse = QTimer(interval=10)
        self._pulse.start()

    def until(self, is_so: Callable[[], object], what: str, *, times: int = 1) -> None:
        """Wait until something is so, ``times`` as long as usual; raises StepFailed with ``what`` was waited for."""
        deadline = QDeadlineTimer(times * self._limit)
        while not is_so():
            if deadline.hasExpired():
                raise StepFailed(f"waited in vain for: {what}")
            # Without a time limit: with one, Qt does not wait but spins.
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def rest(self) -> None:
        """Wait until every answer is there, every pause after typing is over and everything is painted."""
        calm = 0

        def is_calm() -> bool:
            nonlocal calm
            calm = 0 if self._work.is_busy else calm + 1
            # Looked at last: going through every part of every window takes as long as all else that waits here.
            if calm > _CALM_ROUNDS and self._pauses():
                calm = 0
            return calm > _CALM_ROUNDS

        self.until(is_calm, "the end of all work")

    def breathe(self) -> None:
        """Let happen what is due."""
        self._app.processEvents()

    def _pauses(self) -> bool:
        """Whether a screen waits for the end of typing, or a button that a key has pressed is still down."""
        for window in self._app.topLevelWidgets():
            if window.isVisible():
                timers, buttons = window.findChildren(QTimer), window.findChildren(QPushButton)
                if any(one.isActive() and one.isSingleShot() and one.interval() <= _LONGEST_PAUSE_MS for one in timers):
                    return True
                if any(one.isDown() and one.isVisible() for one in buttons):
                    return True
        return False
