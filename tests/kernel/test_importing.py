"""Importing without garbage collection in between."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from clinic_desktop.kernel.importing import uncollected


@pytest.fixture(params=[True, False])
def is_on(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module that nobody has imported, and that holds much."""
    (tmp_path / "holds_much.py").write_text("import gc\nheld = [[] for _ in range(1000)]\nwas_collecting = gc.isenabled()\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "holds_much"
    sys.modules.pop("holds_much", None)


def test_nothing_is_collected_and_what_was_imported_never_looked_at(is_on: bool, module: str) -> None:
    before = gc.get_freeze_count()
    with uncollected():
        made = import_module(module)
    assert not made.was_collecting
    assert gc.isenabled() == is_on
    assert (gc.get_freeze_count() >= before + 1000) == is_on, "who runs the collector by itself freezes by itself"


def test_where_all_is_there_nothing_is_kept_from_the_collector() -> None:
    before = gc.get_freeze_count()
    with uncollected():
        garbage = [[] for _ in range(1000)]  # type: ignore[var-annotated]
    assert gc.get_freeze_count() == before, len(garbage)


def test_a_failed_import_leaves_the_collector_as_it_was(is_on: bool) -> None:
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled() == is_on
