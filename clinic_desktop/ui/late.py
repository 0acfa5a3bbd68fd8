"""Functions named by place and imported when first called: start-up does not wait for what it does not show."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def load(place: str) -> Any:
    """Import ``package.module:name`` and return what has that name."""
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)


def late(place: str) -> Callable[..., Any]:
    """A function that imports the one at ``place`` when it is called, on whatever thread that happens."""

    def run(*args: Any, **params: Any) -> Any:
        return load(place)(*args, **params)

    return run
