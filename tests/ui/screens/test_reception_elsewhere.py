"""What another program does is on the reception's screen, whichever engine both work on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.db import Database
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.ui.screens.frontdesk import FrontDesk
from tests.ui.screens.reception_desk import House, Settle, asha, reception

__all__ = ["asha"]


@pytest.fixture
def world(engine_name: str, tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    db, built = fresh(engine_name, tmp_path, clock, recipe="world", build=build_world)
    yield built.at(db)
    drop(db)


def address(db: Database) -> str:
    url = db.address.url
    return str(url) if db.address.file is not None else url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_a_call_of_another_program_moves_the_patient_on_the_board(
    house: House, front: FrontDesk, asha: PatientRow, settle: Settle, qtbot: QtBot
) -> None:
    visit = front.walk_in(asha)
    screen = reception(house("receptionist"))
    settle()
    assert (screen.stats["waiting"].figure, screen.stats["in_room"].figure) == ("1", "0")
    script = [sys.executable, "-m", "tests.ui.calling_child", address(front.world.db), str(visit.visit_id), "7"]
    subprocess.run(script, check=True, timeout=120)
    qtbot.waitUntil(lambda: screen.stats["in_room"].figure == "1")
    assert [(row.status, row.room) for row in screen.board.table.rows] == [(VisitStatus.CALLED, "7")]
    assert screen.stats["waiting"].figure == "0"
