"""The place where a database file stands: disk, room, rights, key file, and what earlier accidents left behind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from clinic_desktop.clinic.doctor.finding import Finding, bad, good, warn
from clinic_desktop.kernel.filesystems import network_filesystem

DISK, FILE = "disk", "file"
LEAST_ROOM, LITTLE_ROOM = 64 * 2**20, 1 * 2**30
"""Free bytes below which a day's work may not fit, and below which the next backup may not."""
LARGE_LOG = 256 * 2**20
"""Bytes of a write-ahead log that was not folded in: something holds an old view open."""


def examine_place(file: Path) -> Iterator[Finding]:
    """Look at the disk and the file; nothing of a network share is touched."""
    share = network_filesystem(file)
    if share is not None:
        yield bad(DISK, "network_share", path=str(file), filesystem=share)
        return
    folder = file.parent
    if not folder.is_dir():
        yield bad(FILE, "folder_missing", path=str(folder))
        return
    yield _room(file)
    yield from _rights(file)
    yield from _left_behind(file)


def _room(file: Path) -> Finding:
    free = shutil.disk_usage(file.parent).free
    size = file.stat().st_size if file.exists() else 0
    params = {"free": free, "path": str(file.parent)}
    if free < LEAST_ROOM:
        return bad(DISK, "disk_full", **params)
    return warn(DISK, "disk_nearly_full", **params) if free < max(LITTLE_ROOM, 2 * size) else good(DISK, "disk_has_room", **params)


def _rights(file: Path) -> Iterator[Finding]:
    if not file.exists():
        yield bad(FILE, "file_missing", path=str(file))
        return
    refused = [str(path) for path in (file, file.parent) if not os.access(path, os.W_OK)]
    if refused:
        yield bad(FILE, "not_writable", path=refused[0])
    elif os.name == "posix" and file.stat().st_mode & 0o077:
        yield warn(FILE, "open_to_others", path=str(file))
    else:
        yield good(FILE, "file_in_place", path=str(file), size=file.stat().st_size)


def _left_behind(file: Path) -> Iterator[Finding]:
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size > LARGE_LOG:
        yield warn(FILE, "large_log", size=log.stat().st_size)
    for path in sorted(file.parent.glob(f"{file.stem}.before-restore-*{file.suffix}")):
        yield warn(FILE, "kept_from_restore", path=path.name)
    for path in sorted(file.parent.glob(f"{file.name}.*")):
        if path.name.endswith((".new", ".part", ".tmp")):
            yield warn(FILE, "half_written", path=path.name)
