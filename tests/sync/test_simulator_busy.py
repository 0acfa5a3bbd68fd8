"""The same where sites are away for long and do much meanwhile, as Hypothesis chooses."""

from __future__ import annotations

from collections.abc import Callable

from tests.sync.machine import Busy, play

Note = Callable[[str, object], None]


def test_much_is_done_while_sites_are_away_and_everybody_agrees_in_the_end(record_testsuite_property: Note) -> None:
    happened = play(Busy, examples=2, choices=60)
    record_testsuite_property("simulator_steps_busy", happened.total())
    assert happened.total() >= 1_500
    assert happened["round"] >= 20
