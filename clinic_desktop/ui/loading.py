"""Keeps the loading of the program from stopping the screen, and from breaking it.

Three things would stop it. Whoever computes keeps the interpreter for five milliseconds at a time. A full garbage collection looks at
every object and holds the interpreter meanwhile, whichever thread began it: with all departments loaded for more than a tenth of a
second. And PySide reads the source text of every module that is imported after it, in search of a feature that we do not use.

One thing would break it: PySide is not made for classes that come into being on one thread while another one paints (one start in
eighty ended in a crash). So what knows Qt is imported on the UI thread, one module at a turn, and the rest on the database thread.
"""

from __future__ import annotations

import gc
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal

_READS_SOURCES = "_mod_uses_pyside"
_TURN_SECONDS = 0.001
"""The UI thread asks for the interpreter dozens of times to paint one page; each time it waits for the end of another's turn."""


def begin() -> None:
    """The program starts to load: collect nothing, read no sources."""
    gc.disable()
    sys.setswitchinterval(_TURN_SECONDS)
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, _READS_SOURCES):
        # An internal of PySide: where it is gone, loading is slower and nothing else.
        setattr(feature, _READS_SOURCES, _uses_no_features)


def end() -> None:
    """Everything is loaded and lives as long as the program: never look at it again."""
    gc.freeze()


class Loader(QObject):
    """Imports the modules beside each place (``"package.module:name"``) on the UI thread, in the time that nobody else wants."""

    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: Iterator[str] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._load_next)

    def start(self, places: Iterable[str]) -> None:
        """Begin; ``finished`` when nothing is left."""
        self._left = _beside(places)
        self._timer.start()

    def stop(self) -> None:
        """Load nothing more; what is opened imports what it needs."""
        self._timer.stop()

    def _load_next(self) -> None:
        module = next(self._left, None)
        if module is not None:
            import_module(module)
            return
        self.stop()
        end()
        self.finished.emit()


def _beside(places: Iterable[str]) -> Iterator[str]:
    """The modules of each place's package by name: few of them need many others, so each turn is short."""
    for package in dict.fromkeys(place.partition(":")[0].rpartition(".")[0] for place in places):
        for found in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
            yield found.name


def _uses_no_features(_module: object) -> bool:
    return False
