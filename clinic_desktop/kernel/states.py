"""Table-driven state machines: one table says what may follow what, and nothing else decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from clinic_desktop.kernel.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)


class StateMachine(Generic[S]):
    """The allowed transitions of one kind of record; states that are not a key are final."""

    def __init__(self, name: str, table: Mapping[S, Iterable[S]]) -> None:
        self.name = name
        self._table = {current: frozenset(following) for current, following in table.items()}

    def allows(self, current: S, wanted: S) -> bool:
        """Whether ``wanted`` may follow ``current``."""
        return wanted in self._table.get(current, frozenset())

    def following(self, current: S) -> frozenset[S]:
        """All states that may follow ``current``."""
        return self._table.get(current, frozenset())

    def check(self, current: S, wanted: S) -> S:
        """Return ``wanted``, or raise IllegalTransition and change nothing."""
        if not self.allows(current, wanted):
            raise IllegalTransition(machine=self.name, current=current.value, wanted=wanted.value)
        return wanted
