"""Recording which tables the commands of each permission write: ``pytest -p tests.lan.recording tests/clinic -k postgres``.

What is new is added to resources/server/table_rights.txt, for a person to read in the difference; nothing is taken out of it.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from clinic_desktop.clinic.server_rights import TABLE_RIGHTS, server_rights
from clinic_desktop.kernel.db import ClinicSession
from clinic_desktop.kernel.lan.rights import CHANGE, DELETE, INSERT, LOCK
from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.kernel.tables import append_only_tables
from tests.clinic.access.matrix import commands
from tests.granting import OFF

_WRITES = ((INSERT, r'INSERT INTO "?(\w+)'), (CHANGE, r'UPDATE "?(\w+)"? SET'), (DELETE, r'DELETE FROM "?(\w+)'))
_ORDER = (INSERT, CHANGE, DELETE, LOCK)
_seen: dict[tuple[str, str], set[str]] = defaultdict(set)


def pytest_configure(config: pytest.Config) -> None:
    """Listen to every statement, and let all of them through."""
    os.environ[OFF] = "1"
    event.listen(ClinicSession, "after_begin", _begun)
    event.listen(Engine, "before_cursor_execute", _executed)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Add what was seen to the file."""
    permissions = {name: one.permission.code for name, one in commands().items()}
    known = _known()
    for (command, table), operations in _seen.items():
        code = permissions.get(command)
        if code in server_rights().groups and table not in server_rights().door:
            known[str(code), table] |= operations
    for (_code, table), operations in known.items():
        if CHANGE in operations or table in append_only_tables():
            operations.discard(LOCK)
    lines = [f"{code:<32} {table:<28} {' '.join(one for one in _ORDER if one in done)}" for (code, table), done in sorted(known.items())]
    resource_path(TABLE_RIGHTS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _known() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in resource_path(TABLE_RIGHTS).read_text(encoding="utf-8").splitlines():
        code, table, *operations = line.split()
        found[code, table] = set(operations)
    return found


def _begun(session: ClinicSession, _transaction: Any, connection: Connection) -> None:
    connection.info["clinic_tx"] = session.info.get("tx")


def _executed(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    tx = connection.info.get("clinic_tx")
    if tx is not None and tx.command is not None:
        for operation, table in _touched(statement):
            _seen[tx.command, table].add(operation)


def _touched(statement: str) -> Iterator[tuple[str, str]]:
    for operation, pattern in _WRITES:
        for table in re.findall(pattern, statement):
            yield operation, table
    if re.search(r"FOR (NO KEY )?(UPDATE|SHARE|KEY SHARE)", statement):
        named = re.findall(r" OF (\w+)", statement)
        for table in named or re.findall(r'(?:FROM|JOIN) "?(\w+)', statement):
            yield LOCK, table
