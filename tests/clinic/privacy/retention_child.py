"""A retention run in a process of its own, to be killed: ``python -m tests.clinic.privacy.retention_child URL FOLDER DAY``."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.clinic.privacy.retention.running import run_retention
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor


def main(url: str, folder: str, day: str) -> None:
    """Say each step, and ``done`` at the end."""
    load_departments()
    today = date.fromisoformat(day)
    database = Database.open(url, clock=lambda: datetime.combine(today, time(6), UTC))
    run_retention(
        database,
        Actor.system("child"),
        Path(folder),
        today=today,
        progress=lambda _done, _total, label: print(label, flush=True),
    )
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
