"""What higher departments do, inside the same transaction, when a lower one says that something happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from clinic_desktop.kernel.db import Tx

E = TypeVar("E")

_reactions: dict[type[Any], list[Callable[[Tx, Any], None]]] = {}


def reacts(event_type: type[E]) -> Callable[[Callable[[Tx, E], None]], Callable[[Tx, E], None]]:
    """Run a function inside the same transaction whenever a lower department emits that event."""

    def register(function: Callable[[Tx, E], None]) -> Callable[[Tx, E], None]:
        _reactions.setdefault(event_type, []).append(function)
        function.is_reaction = True  # type: ignore[attr-defined]
        return function

    return register


def react(tx: Tx, happened: object) -> None:
    """Run the reactions to one event."""
    for reaction in _reactions.get(type(happened), ()):
        reaction(tx, happened)
