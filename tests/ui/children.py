"""What the programs have in common that tests of the desktop start: waiting without a qtbot, and passwords that cost little.

It loads next to nothing: what such a program loads by itself is looked at.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QTimer

from clinic_desktop.kernel.stretching import Stretching, choose

_HOW = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents


def wait_until(is_so: Callable[[], object], *, milliseconds: int = 120_000) -> None:
    """Let events happen until something is so."""
    deadline, pulse = QDeadlineTimer(milliseconds), QTimer(interval=10)
    pulse.start()
    while not is_so():
        assert not deadline.hasExpired()
        QCoreApplication.processEvents(_HOW)  # with a time limit Qt would not wait but spin


def cheap_passwords() -> None:
    """As in the tests themselves: how strong they are is tested elsewhere."""
    choose(Stretching(passes=1, memory_kib=64, lanes=1))
