"""The simulator as a Hypothesis state machine: what may happen, in any order."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from clinic_desktop.clinic.departments import load_checks
from tests.postgres import MEMORY
from tests.sync.beginning import begin
from tests.sync.simulator import PAGES, TROUBLES
from tests.sync.soak import MOST_AT_ONCE

load_checks()

SITE = st.integers(0, 2)
MANY = st.integers(0, 19)
SEED = st.integers(0, 1 << 32)
TROUBLE = st.integers(0, len(TROUBLES) - 1)


class Played(RuleBasedStateMachine):
    """A chain; at the end of each run everything heals and must be as promised."""

    happened: ClassVar[Counter[str]] = Counter()
    """In all runs since ``play`` began."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=MEMORY)
        self.chain = begin(Path(self.folder.name))

    def teardown(self) -> None:
        """Everything works again."""
        try:
            self.chain.heal()
        finally:
            self.happened.update(self.chain.happened)
            self.chain.close()
            self.folder.cleanup()


class Troubled(Played):
    """What Hypothesis lets happen, one thing at a time."""

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

    @rule(at=SITE, who=MANY, other=MANY)
    def merge(self, at: int, who: int, other: int) -> None:
        self.chain.merge(at, who, other)

    @rule(at=SITE, which=MANY)
    def undo_merge(self, at: int, which: int) -> None:
        self.chain.undo_merge(at, which)

    @rule(at=SITE, trouble=TROUBLE, when=MANY)
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

    @rule(keep=MANY)
    def archive_central(self, keep: int) -> None:
        self.chain.archive_central(keep)

    @rule()
    def restore_central(self) -> None:
        self.chain.restore_central()


class Busy(Played):
    """Sites are away for long and much is done there meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.chain.open_houses(8)

    @rule(at=SITE, seed=SEED, many=st.integers(20, MOST_AT_ONCE), trouble=TROUBLE, when=MANY)
    def busy(self, at: int, seed: int, many: int, trouble: int, when: int) -> None:
        self.chain.busy(at, seed, many)
        self.chain.sync(at, trouble, when)

    @rule(seed=SEED, many=st.integers(10, MOST_AT_ONCE // 3))
    def all_busy(self, seed: int, many: int) -> None:
        for at in range(3):
            self.chain.busy(at, seed + at, many)

    @rule(at=SITE, trouble=TROUBLE, when=MANY)
    def sync(self, at: int, trouble: int, when: int) -> None:
        self.chain.sync(at, trouble, when)

    @rule(trouble=TROUBLE, when=MANY)
    def sync_all(self, trouble: int, when: int) -> None:
        for at in range(3):
            self.chain.sync(at, trouble, when)

    @rule(what=st.sampled_from(("back_up", "restore", "restart")), at=SITE)
    def at_a_site(self, what: str, at: int) -> None:
        getattr(self.chain, what)(at)

    @rule(at=SITE, days=st.sampled_from((0, 365, -365)), portion=st.integers(0, len(PAGES) - 1))
    def set_anew(self, at: int, days: int, portion: int) -> None:
        self.chain.jump(at, days)
        self.chain.restart(at, portion)

    @rule(what=st.sampled_from(("back_up_central", "restore_central", "archive_central")), keep=st.integers(0, 100))
    def at_central(self, what: str, keep: int) -> None:
        getattr(self.chain, what)(*((keep,) if what == "archive_central" else ()))


def play(machine: type[Played], examples: int, choices: int) -> Counter[str]:
    """The same runs each time (`make soak` goes where nobody has been); returns what happened in them."""
    machine.happened.clear()
    chosen = settings(
        max_examples=examples, stateful_step_count=choices, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    finally:
        sys.stdout.write(f"{machine.happened.total()} steps\n")
    return Counter(machine.happened)
