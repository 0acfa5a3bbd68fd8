"""A restored file in place of the present one: a crash at any moment leaves either, and the next start ends what was begun.

What is to be renamed is written down first; each rename is done once however often it is tried. Nothing is ever overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as sqlcipher

from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.durable import sync_folder, write_durably
from clinic_desktop.kernel.engines import connect_to

_PATIENCE = 2.0
"""Seconds to wait for others to let go of the file."""

Reached = Callable[[str], None]


class _Plan(msgspec.Struct, frozen=True):
    """Renames to be done in order, by file name within one folder."""

    renames: tuple[tuple[str, str], ...]


def working_copy(file: Path) -> Path:
    """Where the file that shall take the place of ``file`` is built."""
    return file.with_name(file.name + ".restoring")


def plan_path(file: Path) -> Path:
    """Where the renames are written down while they are done."""
    return file.with_name(file.name + ".restore-plan")


def is_planned(file: Path) -> bool:
    """Whether a swap has begun, so that what it needs must stay."""
    return plan_path(file).exists()


def put_aside(file: Path, now: datetime) -> Path:
    """The name under which the present database is kept."""
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    aside, number = file.with_name(f"{file.stem}.before-restore-{stamp}{file.suffix}"), 2
    while aside.exists():
        aside, number = file.with_name(f"{file.stem}.before-restore-{stamp}-{number}{file.suffix}"), number + 1
    return aside


def swap(file: Path, data_key: bytes | None, now: datetime, reached: Reached = lambda _step: None) -> Path | None:
    """Put the working copy in place of the present database; returns where that is kept, or None when there was none.

    Raises RestoreRefused(in_use) while anyone has the present one open.
    """
    aside, made = put_aside(file, now), working_copy(file)
    renames = [
        *((file.name + tail, aside.name + tail) for tail in ("", "-wal", "-shm", ".keys")),
        *((made.name + tail, file.name + tail) for tail in ("", ".keys")),
    ]
    was_there = file.exists()
    with _held_alone(file, data_key):
        write_durably(plan_path(file), msgspec.json.encode(_Plan(tuple(renames))))
        reached("planned")
        finish_swap(file, reached)
    return aside if was_there else None


def finish_swap(file: Path, reached: Reached = lambda _step: None) -> bool:
    """Do what a swap has left to do; false when there is nothing. Called before a database file is opened."""
    written = plan_path(file)
    if not written.exists():
        return False
    plan = msgspec.json.decode(written.read_bytes(), type=_Plan)
    for before, after in plan.renames:
        source, target = file.with_name(before), file.with_name(after)
        if source.exists() and not target.exists():
            try:
                source.rename(target)
            except PermissionError as error:
                raise RestoreRefused(reason="in_use", path=str(source)) from error
            sync_folder(file.parent)
        reached(after)
    written.unlink()
    sync_folder(file.parent)
    return True


@contextmanager
def _held_alone(file: Path, data_key: bytes | None) -> Iterator[None]:
    """Nobody else has the file open in here, and its log is folded in; a file that cannot be read is moved as it is."""
    if not file.exists():
        yield
        return
    held = connect_to(file, data_key, timeout=_PATIENCE)
    try:
        _fold_alone(held, file)
        if os.name == "nt":
            held.close()  # an open file cannot be renamed there
        yield
    finally:
        held.close()


def _fold_alone(connection: Any, file: Path) -> None:
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
            raise RestoreRefused(reason="in_use", path=str(file))
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlcipher.OperationalError as error:
        raise RestoreRefused(reason="in_use", path=str(file)) from error
    except sqlcipher.DatabaseError:
        return  # damaged, or encrypted with a key that nobody has any more: perhaps the very reason for this restore
