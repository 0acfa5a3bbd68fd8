"""Screens, one folder each; what a folder declares is collected here, never listed."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from clinic_desktop.ui.spec import ScreenSpec, SearchSpec


@cache
def collected() -> tuple[tuple[ScreenSpec, ...], tuple[SearchSpec, ...]]:
    """Every ``SCREEN`` (or ``SCREENS``) and ``SEARCH`` (or ``SEARCHES``) of the screen folders, in their order."""
    screens: list[ScreenSpec] = []
    searches: list[SearchSpec] = []
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        screens += [module.SCREEN] if hasattr(module, "SCREEN") else getattr(module, "SCREENS", [])
        searches += [module.SEARCH] if hasattr(module, "SEARCH") else getattr(module, "SEARCHES", [])
    return tuple(sorted(screens, key=lambda s: (s.order, s.code))), tuple(sorted(searches, key=lambda s: (s.order, s.code)))
