"""What events speak of: a commit of another program has no events here, only rows, and its tables tell whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

E = TypeVar("E", bound=type)

_spoken_of: dict[type[Any], frozenset[str]] = {}


class Undeclared(RuntimeError):
    """An event without ``tells_of``: who subscribes to it would never hear of other computers. A mistake in the program."""


@dataclass(frozen=True, slots=True)
class ChangedElsewhere:
    """Others have committed changes of these tables, however many and in whatever order."""

    tables: frozenset[str]


def tells_of(*tables: str) -> Callable[[E], E]:
    """Declare the tables that change whenever an event is emitted; none for an event that only reactions hear."""

    def declare(event_type: E) -> E:
        _spoken_of[event_type] = frozenset(tables)
        return event_type

    return declare


def tables_of(event_types: Iterable[type[Any]]) -> frozenset[str]:
    """The tables that any of these events speaks of."""
    wanted = tuple(event_types)
    for one in wanted:
        if one not in _spoken_of:
            raise Undeclared(one.__qualname__)
    return frozenset().union(*(_spoken_of[one] for one in wanted))
