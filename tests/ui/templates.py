"""Folders that take long to fill, with an encrypted clinic for instance: filled once a worker, copied for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_filled: dict[str, tuple[Path, object]] = {}


def copy_of(recipe: str, tmp_path: Path, fill: Callable[[Path], T]) -> T:
    """Copy into a test's folder what ``fill`` put into the template ``recipe``; returns what filling that one returned."""
    if recipe not in _filled:
        template = tmp_path.parent / f"template-{recipe}-{os.getpid()}"
        template.mkdir()
        _filled[recipe] = (template, fill(template))
    template, told = _filled[recipe]
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return told  # type: ignore[return-value]
