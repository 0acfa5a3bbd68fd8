"""An empty database is laid out by its engine's script (``migrations/schema``): what all revisions up to one come to, in one go."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection

from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.schema import MIGRATIONS

SCRIPTS = MIGRATIONS / "schema"
HEADING = "-- revision "
"""How a script begins; what revision it makes follows."""
BETWEEN = ";\n\n"
"""What ends a statement; no statement has it inside."""
OWN_IDS = ("{database_id}", "{site_id}")
"""Stand where each database has an id of its own."""
_ANYTHING = {
    "sqlite": "SELECT EXISTS (SELECT 1 FROM sqlite_schema)",
    "postgresql": "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace)",
}


def lay_out(connection: Connection, wanted: str) -> str | None:
    """Lay an empty database out, not beyond the wanted revision; the revision that it is at then, or None where that is not to be."""
    engine = connection.dialect.name
    at, script = _script(engine)
    if at > wanted or connection.exec_driver_sql(_ANYTHING[engine]).scalar_one():
        return None
    for place in OWN_IDS:
        script = script.replace(place, new_id().hex)
    # The driver of SQLite takes one statement at a time, a server takes them all in one turn: a LAN has none to spare.
    for statement in script.split(BETWEEN) if engine == "sqlite" else [script]:
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    return at


def script_revision(engine: str) -> str:
    """The revision that the script of an engine makes."""
    return _script(engine)[0]


@cache
def _script(engine: str) -> tuple[str, str]:
    heading, _, statements = (SCRIPTS / f"{engine}.sql").read_text(encoding="utf-8").partition("\n\n")
    return heading.splitlines()[0].removeprefix(HEADING), statements.removesuffix(BETWEEN.rstrip() + "\n")
