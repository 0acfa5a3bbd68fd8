"""A hundred thousand steps in which everything happens, the same each time; each run begins a chain of its own (``make soak`` goes on)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sync.simulator import TROUBLES
from tests.sync.soak import run

RUNS, STEPS = 8, 12_500
RARE = {"restart", "jump", "back up", "restore", "back up central", "restore central", "archive central"}


@pytest.mark.parametrize("seed", range(1, RUNS + 1))
def test_everything_happens_and_everybody_agrees_in_the_end(
    seed: int, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    happened = run(seed, STEPS, tmp_path)
    record_testsuite_property(f"simulator_steps_long_{seed}", happened.total())
    assert happened.total() >= STEPS
    assert not (RARE | set(TROUBLES)) - {"none"} - set(+happened)
