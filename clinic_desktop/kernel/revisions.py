"""Alembic, driven from the program: its revisions run inside the caller's transaction. Heavy to import: ``migrations`` does, late."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from clinic_desktop.kernel.schema import MIGRATIONS

_Direction = Callable[[ScriptDirectory, str, Any], Any]
"""Which revisions lead from the present one to a target."""


def raise_to(connection: Connection, target: str) -> None:
    """Run the revisions that are missing up to a target."""
    _run(connection, ScriptDirectory._upgrade_revs, target)


def lower_to(connection: Connection, target: str) -> None:
    """Undo revisions down to an older one, or to ``base``."""
    _run(connection, ScriptDirectory._downgrade_revs, target)


def _run(connection: Connection, direction: _Direction, target: str) -> None:
    config, scripts = Config(), _scripts()
    config.attributes["connection"] = connection
    with EnvironmentContext(config, scripts, fn=lambda present, _context: direction(scripts, target, present), destination_rev=target):
        scripts.run_env()


@cache
def _scripts() -> ScriptDirectory:
    """The revisions, loaded once: Alembic's own commands would load all of their files again for each run."""
    return ScriptDirectory(str(MIGRATIONS))
