"""The folder into which a scanner writes: what is new and whole there, and where it goes once it is attached."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

_DONE = "done"
_STILL_FOR = 2.0
"""Seconds in which a file must not have changed: a scanner writes page after page."""
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """The folder at one look: whole files, the oldest first, and how many are still being written."""

    whole: tuple[Path, ...]
    growing: int
    looks: dict[Path, tuple[int, int]]
    """Size and time of each: one that is the same at the next look and old enough is whole."""


def look_into(*, folder: str, before: dict[Path, tuple[int, int]]) -> Seen:
    """What is in the folder now; one that cannot be read is empty."""
    try:
        found = sorted((path for path in Path(folder).iterdir() if _may_be_a_scan(path)), key=lambda path: path.stat().st_mtime_ns)[:_MOST]
        looks = {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in found}
    except OSError:
        return Seen((), 0, {})
    now = time.time()
    whole = tuple(path for path, look in looks.items() if look[0] and before.get(path) == look and now - look[1] / 1e9 >= _STILL_FOR)
    return Seen(whole, len(looks) - len(whole), looks)


def _may_be_a_scan(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.lower() not in _UNFINISHED and path.is_file() and not path.is_symlink()


def put_away(*, path: Path, is_removed: bool) -> None:
    """Take an attached scan out of the folder: into its subfolder ``done``, beside one of the same name, or away for good."""
    if is_removed:
        path.unlink(missing_ok=True)
        return
    done = path.parent / _DONE
    done.mkdir(exist_ok=True)
    wanted, number = done / path.name, 1
    while wanted.exists():
        number += 1
        wanted = done / f"{path.stem} ({number}){path.suffix}"
    path.rename(wanted)
