"""What is built once for a whole run: the worker that needs it first builds it, the others wait and take it over."""

from __future__ import annotations

import fcntl
import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clinic_desktop.kernel.db import Database

PLACE = "CLINIC_TEST_SHARED"
"""The variable that names the run's folder of what its workers share."""


def shared(name: str, build: Callable[[Path], Any]) -> Any:
    """What ``build`` returned, wherever in this run it was called; it may leave files in the folder that it is given.

    It went through pickle, also where it was built: a database in it is None, for nobody else can use that connection.
    """
    place = Path(os.environ[PLACE])
    kept = place / f"{name}.pickle"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _keep(build(place), kept)
    return _Reader(io.BytesIO(kept.read_bytes())).load()


def _keep(built: Any, target: Path) -> None:
    written = io.BytesIO()
    _Writer(written).dump(built)
    target.write_bytes(written.getvalue())


class _Writer(pickle.Pickler):
    def persistent_id(self, obj: Any) -> str | None:
        return "database" if isinstance(obj, Database) else None


class _Reader(pickle.Unpickler):
    def persistent_load(self, _pid: Any) -> None:
        return None
