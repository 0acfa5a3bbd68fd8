"""How a long piece of work says how far it is, and hears that it shall stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clinic_desktop.kernel.backup.errors import Cancelled

Progress = Callable[[int, int, str], None]
"""Told (done, total, label); the label is a code: copy, count, check, documents, replay, load."""


def _nobody(_done: int, _total: int, _label: str) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Steps:
    """Who watches the work, and who may stop it."""

    progress: Progress = _nobody
    cancelled: Callable[[], bool] = _never

    def at(self, done: int, total: int, label: str) -> None:
        """Say how far it is; raises Cancelled when it shall stop."""
        if self.cancelled():
            raise Cancelled
        self.progress(done, total, label)


UNWATCHED = Steps()
"""Nobody watches, nobody stops it."""
