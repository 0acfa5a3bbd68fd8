"""Whatever happens on the way, everybody agrees in the end and nothing that was saved is lost (``make soak`` goes on for hours)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from clinic_desktop.clinic.departments import load_checks
from tests.postgres import MEMORY
from tests.sync.beginning import begin
from tests.sync.simulator import TROUBLES
from tests.sync.soak import run

load_checks()

SITE = st.integers(0, 2)
MANY = st.integers(0, 19)


class Troubled(RuleBasedStateMachine):
    """What Hypothesis lets happen; at the end of each run everything heals and must be as promised."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=MEMORY)
        self.chain = begin(Path(self.folder.name))

    @rule(at=SITE, who=MANY, which=MANY)
    def edit(self, at: int, who: int, which: int) -> None:
        self.chain.edit(at, who, which)

    @rule(at=SITE, who=MANY, which=MANY)
    def rename(self, at: int, who: int, which: int) -> None:
        self.chain.rename(at, who, which)

    @rule(at=SITE)
    def register(self, at: int) -> None:
        self.chain.register(at)

    @rule(at=SITE, who=MANY)
    def print_card(self, at: int, who: int) -> None:
        self.chain.print_card(at, who)

    @rule(at=SITE, who=MANY, amount=st.integers(1, 500))
    def pay_in(self, at: int, who: int, amount: int) -> None:
        self.chain.pay_in(at, who, amount)

    @rule(at=SITE, who=MANY, number=st.integers(0, 2))
    def identify(self, at: int, who: int, number: int) -> None:
        self.chain.identify(at, who, number)

    @rule(at=SITE, trouble=st.integers(0, len(TROUBLES) - 1), when=MANY)
    def sync(self, at: int, trouble: int, when: int) -> None:
        self.chain.sync(at, trouble, when)

    @rule(at=SITE, days=st.sampled_from((0, 365, -365)))
    def jump(self, at: int, days: int) -> None:
        self.chain.jump(at, days)

    @rule(at=SITE)
    def back_up(self, at: int) -> None:
        self.chain.back_up(at)

    @rule(at=SITE)
    def restore(self, at: int) -> None:
        self.chain.restore(at)

    @rule()
    def back_up_central(self) -> None:
        self.chain.back_up_central()

    @rule()
    def restore_central(self) -> None:
        self.chain.restore_central()

    def teardown(self) -> None:
        """Everything works again."""
        try:
            self.chain.heal()
        finally:
            self.chain.close()
            self.folder.cleanup()


def test_whatever_happens_everybody_agrees_in_the_end() -> None:
    # The same runs each time: `make soak` goes where nobody has been.
    chosen = settings(max_examples=6, stateful_step_count=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Troubled, settings=chosen)


@pytest.mark.parametrize("seed", [4, 11, 19])  # each of these once came out wrong
def test_a_longer_run(seed: int, tmp_path: Path) -> None:
    run(seed, 120, tmp_path)


def test_what_is_given_and_taken_back_again_and_again_stands_as_it_was_left() -> None:
    """Central's word on the first time came while the last one was already written, and took it away at its own site."""
    state = Troubled()
    try:
        for at, who in ((2, 15), (2, 8), (2, 15), (0, 0), (2, 16), (2, 9), (1, 3), (2, 6), (0, 1), (2, 19)):
            state.chain.identify(at, who, 2)
    finally:
        state.teardown()
