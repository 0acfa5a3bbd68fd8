"""Keeps the loading of the program from stopping the screen.

Three things would. Whoever computes keeps the interpreter for five milliseconds at a time. A full garbage collection looks at every
object and holds the interpreter meanwhile, whichever thread began it: with all departments loaded for more than a tenth of a second.
And PySide reads the source text of every module that is imported after it, in search of a feature that we do not use.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable

from clinic_desktop.ui.late import load

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


def load_all(places: Iterable[str]) -> None:
    """Import what will be opened later, off the UI thread; then everything is loaded."""
    for place in places:
        load(place)
    end()


def end() -> None:
    """Never look at what is loaded again, it lives as long as the program; collect from now on."""
    gc.freeze()
    gc.enable()


def _uses_no_features(_module: object) -> bool:
    return False
