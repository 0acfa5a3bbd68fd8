"""Whatever happens on the way, everybody agrees in the end and nothing that was saved is lost (``make soak`` goes on for hours)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sync.beginning import begin
from tests.sync.machine import Troubled, play
from tests.sync.soak import former_step, merging_step, run

Note = Callable[[str, object], None]


def test_whatever_happens_everybody_agrees_in_the_end(record_testsuite_property: Note) -> None:
    happened = play(Troubled, examples=5, choices=30)
    record_testsuite_property("simulator_steps_one_by_one", happened.total())
    assert happened["round"]


@pytest.mark.parametrize("seed", [4, 11, 19])  # each of these once came out wrong within 120 choices
def test_a_longer_run(seed: int, tmp_path: Path, record_testsuite_property: Note) -> None:
    record_testsuite_property(f"simulator_steps_{seed}", run(seed, 160, tmp_path, by=former_step).total())


@pytest.mark.parametrize("seed", [0, 1, 8])  # no one merge stood; what a site derived had lost words; so had whoever lost an alias
def test_records_are_merged_and_taken_apart_by_sites_that_do_not_hear_of_each_other(
    seed: int, tmp_path: Path, record_testsuite_property: Note
) -> None:
    happened = run(seed, 120, tmp_path, by=merging_step)
    record_testsuite_property(f"simulator_steps_merging_{seed}", happened.total())
    assert happened["merge"]
    assert happened["undo merge"]


def test_what_is_given_and_taken_back_again_and_again_stands_as_it_was_left() -> None:
    """Central's word on the first time came while the last one was already written, and took it away at its own site."""
    state = Troubled()
    try:
        for at, who in ((2, 15), (2, 8), (2, 15), (0, 0), (2, 16), (2, 9), (1, 3), (2, 6), (0, 1), (2, 19)):
            state.chain.identify(at, who, 2)
    finally:
        state.teardown()


def test_a_site_that_has_read_just_what_central_archived_goes_on_when_central_comes_back_from_a_backup(tmp_path: Path) -> None:
    """Central could not say the hash of that place, and refused the site's next question for ever as another story."""
    chain = begin(tmp_path)
    try:
        chain.edit(0, 0, 0)
        for at in (0, 1, 2, 0):
            chain.sync(at, 0, 0)
        chain.archive_central(0)
        chain.back_up_central()
        chain.restore_central()
        chain.heal()
    finally:
        chain.close()
