"""Years pass in the lived-in clinic: what tests of retention look at before and after."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.privacy.retention.running import RetentionRun, run_retention
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base
from tests.conftest import FrozenClock

load_checks()
load_checks()
SYSTEM = Actor.system("test")
IN_8_YEARS, IN_11_YEARS, IN_40_YEARS = date(2034, 3, 10), date(2037, 3, 10), date(2066, 3, 10)


def lies(database: Database) -> dict[str, tuple[str, ...]]:
    with database.read() as session:
        return {result.name: result.failures for result in run_checks(session) if not result.ok}


def counts(session: Session) -> dict[str, int]:
    return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables}


def retain(database: Database, clock: FrozenClock, folder: Path, today: date) -> RetentionRun:
    clock.now = datetime(today.year, today.month, today.day, 6, tzinfo=UTC)
    return run_retention(database, SYSTEM, folder, today=today)


def triggers(database: Database) -> set[tuple[str, ...]]:
    """Every guard of the database, switched on as it is."""
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
    }
    with database.engine.connect() as connection:
        return {tuple(row) for row in connection.exec_driver_sql(query[database.engine.dialect.name])}
