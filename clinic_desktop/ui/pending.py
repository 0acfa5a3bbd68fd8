"""What somebody has asked for and is not answered yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.executor import Executor
from clinic_desktop.ui.progress import Progress

if TYPE_CHECKING:
    from clinic_desktop.kernel.security import Actor

Then = Callable[[Any], object]
Failed = Callable[[ClinicError], object]


@dataclass(slots=True, eq=False)
class Pending:
    """Who asked, what follows the answer, and what was asked: it may be asked once more."""

    owner: QObject
    then: Then | None
    failed: Failed | None
    settled: Callable[[], object] | None
    key: tuple[int, str] | None
    actor: Actor | None = None
    progress: Progress | None = None
    asked: tuple[Executor, Callable[[], Any]] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """An act that waits for the password of whoever came in by PIN: it is asked for once more, or refused as it was."""

    ask_again: Callable[[], object]
    give_up: Callable[[], object]
