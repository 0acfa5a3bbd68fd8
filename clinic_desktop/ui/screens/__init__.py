"""Screens, one folder each; what a folder declares is collected here, never listed."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

from clinic_desktop.ui.spec import ActionSpec, PartSpec, ScreenSpec, SearchSpec, TodoSpec, VerbSpec


def _declared(one: str, several: str) -> tuple[Any, ...]:
    """What the screen folders declare under one of these two names, in its order."""
    found: list[Any] = []
    for folder in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{folder.name}")
        found += [getattr(module, one)] if hasattr(module, one) else getattr(module, several, [])
    return tuple(sorted(found, key=lambda spec: (spec.order, spec.code)))


@cache
def collected() -> tuple[tuple[ScreenSpec, ...], tuple[SearchSpec, ...]]:
    """Every screen, and every kind of thing that the header finds."""
    return _declared("SCREEN", "SCREENS"), _declared("SEARCH", "SEARCHES")


@cache
def file_parts() -> tuple[PartSpec, ...]:
    """The tabs of a patient's file, beside the visits."""
    return _declared("PART", "PARTS")


@cache
def file_actions() -> tuple[ActionSpec, ...]:
    """What the menu of a patient's file offers."""
    return _declared("ACTION", "ACTIONS")


@cache
def todos() -> tuple[TodoSpec, ...]:
    """What the reception is reminded of."""
    return _declared("TODO", "TODOS")


@cache
def verbs() -> tuple[VerbSpec, ...]:
    """What can be typed into the global search to be done."""
    return _declared("VERB", "VERBS")
