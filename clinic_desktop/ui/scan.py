"""Scanners type like very fast people: find their codes whatever has the focus, and leave human typing alone.

The filter sits on the windows only (``QWindow``), so that mouse and paint events never pass through Python.
Bare-letter shortcuts would fire on a scan before any window sees it: screens use function keys or Ctrl.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.numbers import known_prefixes
from clinic_desktop.ui.scan_codes import AIM, GROUP, is_group_separator, on_us_layout, plain_code
from clinic_desktop.ui.scan_field import Snapshot, snapshot

GAP_MS = 45
SHORTEST = 6
_LATE_MS = 500
# Signed card codes, and EAN/UPC of medicines; besides them human numbers such as PAT-2026-00001 or PAT-NTH-2026-00001.
PATTERNS = (
    r"CLC1\.[A-Za-z0-9_\-.]{8,600}",
    r"[0-9]{8}|[0-9]{12,14}",
)
_TO_COME = frozenset({"LAB", "PO", "DSP"})
"""Prefixes of numbers that other parts of the clinic write."""
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_AltGr, Qt.Key.Key_NumLock)


@lru_cache(maxsize=4)
def _numbers(prefixes: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How a scan surely begins, and what a whole number looks like."""
    kinds = "|".join(sorted(prefixes | _TO_COME))
    begins = re.compile(rf"(?:{kinds})-|CLC1\.|{AIM}", re.IGNORECASE)
    return begins, re.compile(rf"(?:{kinds})-[A-Z0-9][A-Z0-9\-./:]{{2,80}}", re.IGNORECASE)


@dataclass(slots=True)
class _Burst:
    """Characters that came at a scanner's pace, and what the focused control was before the first."""

    before: Snapshot
    text: str = ""
    us: str = ""
    """The same keys on a US keyboard: what a scanner meant where the system has letters of another script."""
    last: int = 0
    held: str = ""


class Scanner(QObject):
    """Turns bursts of key presses into ``scanned(code)``."""

    scanned = Signal(str)

    def __init__(
        self,
        app: QGuiApplication,
        *,
        patterns: Iterable[str] = PATTERNS,
        time_of: Callable[[QKeyEvent], int] = lambda event: event.timestamp(),
    ) -> None:
        super().__init__(app)
        self._known = re.compile("|".join(f"(?:{one})" for one in patterns))
        self._time_of = time_of
        self._burst: _Burst | None = None
        self._late_end = 0
        self._eaten: set[int] = set()
        self._patience = QTimer(self, singleShot=True, interval=2 * GAP_MS)
        self._patience.timeout.connect(self._give_up)
        app.focusWindowChanged.connect(self._watch)
        for window in app.allWindows():
            self._watch(window)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and event.key() in self._eaten:
            self._eaten.discard(event.key())
            return True
        return False

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return False
        now = self._time_of(event)
        burst = self._burst
        if burst is not None and (now - burst.last > GAP_MS or now < burst.last):
            self._give_up()
            burst = None
        if event.key() in _ENDS:
            return self._end(event, burst)
        if burst is not None and is_group_separator(event):
            return self._collect(GROUP, now, event, burst)
        character = event.text()
        wild = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        )
        if wild or event.isAutoRepeat() or len(character) != 1 or not character.isprintable() or character.isspace():
            self._give_up()
            return False
        return self._collect(character, now, event, burst)

    def _collect(self, character: str, now: int, event: QKeyEvent, burst: _Burst | None) -> bool:
        if burst is None:
            burst = self._burst = _Burst(snapshot(QApplication.focusWidget()))
        burst.text += character
        burst.us += GROUP if character == GROUP else on_us_layout(event)
        burst.last = now
        begins, _number = _numbers(known_prefixes())
        if not begins.match(burst.text) and not begins.match(burst.us):
            return False
        # Nobody types this prefix at this pace: from here on nothing reaches the field, and what did is taken back.
        if not burst.held:
            burst.before.restore()
        burst.held = burst.text
        self._eaten.add(event.key())
        self._patience.start()
        return True

    def _end(self, event: QKeyEvent, burst: _Burst | None) -> bool:
        self._burst = None
        self._patience.stop()
        if burst is None:
            is_late = 0 <= self._time_of(event) - self._late_end < _LATE_MS
            self._late_end = 0
            return is_late
        code = self._code(burst)
        if code is None:
            burst.before.type_again(burst.held)
            return False
        if not burst.held:
            burst.before.restore()
        self._eaten.add(event.key())
        self.scanned.emit(code)
        return True

    def _code(self, burst: _Burst) -> str | None:
        """The code that was read: by the letters of this keyboard, else by those that a scanner presses."""
        return self._read(plain_code(burst.text)) or self._read(plain_code(burst.us))

    def _read(self, text: str) -> str | None:
        # With caps lock on, a scanner types its letters the wrong way round; the numbers have capitals only.
        _begins, number = _numbers(known_prefixes())
        is_number = number.fullmatch(text) is not None
        text = text.upper() if is_number else text
        return text if len(text) >= SHORTEST and (is_number or self._known.fullmatch(text)) else None

    def _give_up(self) -> None:
        """The burst ended without Enter: a whole code still counts when it was held back, anything else goes to the field."""
        burst, self._burst = self._burst, None
        self._patience.stop()
        if burst is None or not burst.held:
            return
        code = self._code(burst)
        if code is not None:
            self._late_end = burst.last
            self.scanned.emit(code)
        else:
            burst.before.type_again(burst.held)
