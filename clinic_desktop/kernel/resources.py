"""Where the files that ship with the program lie: fonts, icons, translations, sounds."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent.parent
    # An installed wheel carries the folder inside the package, a checkout beside it.
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def resource_path(name: str) -> Path:
    """The path of a bundled file or folder, named from the resources folder: ``fonts/NotoSans-Regular.ttf``."""
    path = (_root() / name).resolve()
    if not path.is_relative_to(_root()):
        raise ValueError(f"{name} lies outside the resources folder")
    return path
