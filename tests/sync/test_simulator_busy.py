"""The same where sites are away for long and do much meanwhile: thousands of steps, the same each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.sync.machine import Busy, play
from tests.sync.simulator import TROUBLES
from tests.sync.soak import run

Note = Callable[[str, object], None]
RARE = {"restart", "jump", "back up", "restore", "back up central", "restore central", "archive central"}


def test_much_is_done_while_sites_are_away_and_everybody_agrees_in_the_end(record_testsuite_property: Note) -> None:
    happened = play(Busy, examples=2, choices=60)
    record_testsuite_property("simulator_steps_busy", happened.total())
    assert happened.total() >= 1_500
    assert happened["round"] >= 20


def test_a_run_in_which_everything_happens(tmp_path: Path, record_testsuite_property: Note) -> None:
    happened = run(315, 3_000, tmp_path)  # a seed that chooses each of them several times
    record_testsuite_property("simulator_steps_everything", happened.total())
    assert happened.total() >= 3_000
    assert not (RARE | set(TROUBLES)) - {"none"} - set(+happened)
