"""Events of commits, heard by those who care for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, SignalInstance, Slot


class Subscription(QObject):
    """Lives as a child of its owner: when the owner goes, Qt cuts the connection."""

    def __init__(self, owner: QObject, event_types: tuple[type, ...], then: Callable[[list[Any]], object], changed: SignalInstance) -> None:
        super().__init__(owner)
        self._event_types = event_types
        self._then = then
        changed.connect(self._hear)

    @Slot(list)
    def _hear(self, events: list[object]) -> None:
        if wanted := [one for one in events if isinstance(one, self._event_types)]:
            self._then(wanted)
