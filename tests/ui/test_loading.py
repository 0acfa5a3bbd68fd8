"""Loading and collecting: what knows Qt comes into being and goes on the UI thread, and neither holds the screen up."""

from __future__ import annotations

import gc
import json
import linecache
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.ui import loading
from clinic_desktop.ui.garbage import Collector
from clinic_desktop.ui.work import Work
from tests.clinic.world import build_world


@pytest.fixture(autouse=True)
def fresh_collector() -> Iterator[None]:
    pace = sys.getswitchinterval()
    yield
    gc.unfreeze()
    gc.enable()
    sys.setswitchinterval(pace)


def test_loading_collects_nothing_and_reads_no_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    package = tmp_path / "loaded_by_the_test"
    package.mkdir()
    for name in ("__init__", "one", "two"):
        (package / f"{name}.py").write_text("there = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    loading.begin()
    assert not gc.isenabled()
    owner = QObject()
    loader = loading.Loader(owner)
    with qtbot.waitSignal(loader.finished):
        loader.start([f"{package.name}.one:there"])
        assert f"{package.name}.one" not in sys.modules, "the UI thread waited for it"
    assert gc.get_freeze_count() > 1_000
    loaded = [sys.modules.pop(f"{package.name}{name}") for name in (".one", ".two", "")]
    assert not {str(module.__file__) for module in loaded} & set(linecache.cache)


class Waste(QObject):
    """Garbage that says on which thread it was taken apart."""

    def __init__(self, where: list[int]) -> None:
        super().__init__()
        self.itself, self.where = self, where

    def __del__(self) -> None:
        self.where.append(threading.get_ident())


def test_widgets_are_taken_apart_on_the_ui_thread_only(qtbot: QtBot, work: Work) -> None:
    where: list[int] = []
    collector = Collector(work)
    collector.start()
    for _ in range(gc.get_threshold()[0] + 1):
        Waste(where)
    qtbot.waitUntil(lambda: not work.is_busy)
    done: list[object] = []
    work.call(work, _allocate_much, then=done.append)
    qtbot.waitUntil(lambda: bool(done))
    qtbot.waitUntil(lambda: len(where) > 1_000)
    collector.stop()
    assert set(where) == {threading.get_ident()}
    assert gc.isenabled()


def _allocate_much() -> int:
    return len([[number] for number in range(200_000)])


def test_what_knows_qt_is_imported_on_the_ui_thread(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'clinic.db'}"
    database = Database.open(address)
    upgrade(database)
    build_world(database)
    database.close()
    run = subprocess.run(
        [sys.executable, "-m", "tests.ui.imports_child", address],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    imported = json.loads(run.stdout)
    assert imported["elsewhere"] > 100, "the database thread loads the departments"
    assert imported["elsewhere_with_qt"] == []
    assert imported["needless"] == [], "only an older database needs Alembic"
    assert imported["of_a_chain"] == [], "a clinic that stands alone starts without them"
    assert "clinic_desktop.ui.screens.booking.slots" in imported["on_ui_thread"]
    assert [name for name in imported["on_ui_thread"] if name.startswith(("sqlalchemy", "clinic_desktop.clinic"))] == []
