"""Files that no record names any more leave the document store."""

from __future__ import annotations

from typing import Any

from clinic_desktop.kernel.store import store_of
from clinic_desktop.ui.screen import Screen


def forget_files(screen: Screen, files: tuple[str, ...]) -> None:
    """Remove them in the background: the rows that named them are gone already, so nobody can ask for one meanwhile."""
    if files:
        screen.work.background(screen, _forget, db=screen.work.db, files=files)


def _forget(*, db: Any, files: tuple[str, ...]) -> None:
    store = store_of(db)
    for one in files:
        store.remove(one)
