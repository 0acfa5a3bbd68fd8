"""Events and the tables they speak of: whoever subscribes to an event here hears, by these tables, of what others commit."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from clinic_desktop import clinic
from clinic_desktop.clinic.access.events import CodeRequested, ResetMailRequested
from clinic_desktop.clinic.organisation.events import ClinicClosing
from clinic_desktop.clinic.simulation.day import simulate_day
from clinic_desktop.clinic.stock.events import ItemSaved
from clinic_desktop.kernel.capture import mapped_tables
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.happenings import tables_of
from clinic_desktop.kernel.journal import AuditLog, JournalHead
from clinic_desktop.sync.models import SyncParked
from tests.clinic.lived import PLAYED
from tests.clinic.simulation.clinic import furnish

FOR_REACTIONS = {ClinicClosing, CodeRequested, ResetMailRequested}
"""Nobody but other departments hears of these, in the same transaction."""
NOTED = {SyncParked.__tablename__}
"""Of which the journal holds no rows but notes."""


def event_types() -> list[type[Any]]:
    modules = [
        import_module(f"{clinic.__name__}.{one.name}.events") for one in pkgutil.iter_modules(clinic.__path__) if _has_events(one.name)
    ]
    return [
        found for module in modules for _name, found in inspect.getmembers(module, inspect.isclass) if found.__module__ == module.__name__
    ]


def _has_events(department: str) -> bool:
    return Path(clinic.__path__[0], department, "events.py").exists()


def test_every_event_says_of_which_tables_it_speaks() -> None:
    assert len(event_types()) > 80
    for one in event_types():
        spoken_of = tables_of([one])  # raises where nothing is declared
        assert spoken_of <= set(mapped_tables()) | NOTED, one
        assert bool(spoken_of) != (one in FOR_REACTIONS), one


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_an_event_speaks_of_has_changed_when_it_is_told(database: Database) -> None:
    """Else whoever watches it at another computer would never hear of it."""
    furnish(database)
    told: dict[type[Any], set[str]] = {}

    def look(events: list[object]) -> None:
        with database.read() as session:
            newest = select(JournalHead.seq).scalar_subquery()
            touched = set(session.scalars(select(AuditLog.entity_type).where(AuditLog.seq == newest)))
        for one in {type(event) for event in events} - {ItemSaved}:  # an item that is saved as it was changes nothing
            told.setdefault(one, touched)
            assert tables_of([one]) & touched, (one, touched)

    database.subscribe(look)
    simulate_day(database, patients=8, seed=3, day=PLAYED)
    assert len(told) > 15
