"""Calls that are spoken, where the program espeak-ng is on this computer: one after the other, never two at once, never waited for."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QProcess, QStandardPaths

from clinic_desktop.clinic.frontdesk.queries import CallRow
from clinic_desktop.kernel.i18n import Language

PROGRAMS = ("espeak-ng", "espeak")
_WORDS_A_MINUTE = "140"
_MOST_WAITING = 9
"""Three calls in three languages: what waits longer is on the display, and would only be heard too late."""


def spoken_call(call: CallRow, language: Language) -> str:
    """What is said of a call: the number, then where to go; never a name."""
    if not call.room:
        return language.gettext("Number {number}, please.").format(number=call.queue_number)
    if call.service_room is not None:
        return language.gettext("Number {number}, please go to: {room}.").format(number=call.queue_number, room=call.room)
    return language.gettext("Number {number}, please go to room {room}.").format(number=call.queue_number, room=call.room)


class Speaker(QObject):
    """Says one sentence after another; says nothing where there is no voice."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[str, str]] = deque()
        self._voice = QProcess(self)
        self._voice.finished.connect(lambda _code, _status: self._next())
        self._voice.errorOccurred.connect(self._failed)

    @property
    def is_speaking(self) -> bool:
        """Whether something is being said, or waits to be."""
        return bool(self._waiting) or self._voice.state() != QProcess.ProcessState.NotRunning

    def say(self, text: str, language: str) -> None:
        """Say something after what is said already; the same thing twice in a row only once."""
        if (text, language) in self._waiting:
            return
        while len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft()
        self._waiting.append((text, language))
        if self._voice.state() == QProcess.ProcessState.NotRunning:
            self._next()

    def _next(self) -> None:
        program = next((found for name in PROGRAMS if (found := QStandardPaths.findExecutable(name))), "")
        if not program:
            self._waiting.clear()
        elif self._waiting:
            text, language = self._waiting.popleft()
            # The text by itself behind "--": nothing in it is taken for an option.
            self._voice.start(program, ["-v", language, "-s", _WORDS_A_MINUTE, "--", text])

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._waiting.clear()

    def hush(self) -> None:
        """Say no more."""
        self._waiting.clear()
        if self._voice.state() != QProcess.ProcessState.NotRunning:
            self._voice.kill()
            self._voice.waitForFinished(1_000)
