"""Events of commits, heard by those who care for them; what others commit is heard by the tables that these events speak of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, SignalInstance, Slot

from clinic_desktop.kernel.happenings import ChangedElsewhere, tables_of


class Subscription(QObject):
    """Lives as a child of its owner: when the owner goes, Qt cuts the connection."""

    def __init__(self, owner: QObject, event_types: tuple[type, ...], then: Callable[[list[Any]], object], changed: SignalInstance) -> None:
        super().__init__(owner)
        self._event_types, self._tables = event_types, tables_of(event_types)
        self._then = then
        changed.connect(self._hear)

    @Slot(list)
    def _hear(self, events: list[object]) -> None:
        if wanted := [one for one in events if self._is_wanted(one)]:
            self._then(wanted)

    def _is_wanted(self, happened: object) -> bool:
        if isinstance(happened, ChangedElsewhere):
            return not self._tables.isdisjoint(happened.tables)
        return isinstance(happened, self._event_types)
