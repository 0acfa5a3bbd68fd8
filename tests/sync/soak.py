"""The simulator for as long as wanted: ``make soak`` with CLINIC_SOAK_STEPS and, to play one run again, CLINIC_SOAK_SEED."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

from tests.sync.beginning import begin
from tests.sync.simulator import PAGES, TROUBLES, Simulator

STEPS_OF_A_RUN = 10_000
"""After so many everything is looked at by every check, and a new chain begins."""
PROVED_EVERY = 5_000
"""Steps after which everything heals, everybody must agree and nothing may be lost."""
MOST_AT_ONCE = 200
"""What a site does at most without a word to central, as one choice."""
_RARE = dict.fromkeys(("back_up", "restore", "back_up_central", "restore_central", "jump", "restart"), 1)
_SINGLE = {"edit": 30, "rename": 8, "register": 3, "print_card": 6, "pay_in": 6, "identify": 5, "sync": 34} | _RARE
_OFTEN = {"busy": 16, "edit": 6, "rename": 2, "print_card": 2, "pay_in": 2, "identify": 2, "merge": 4, "undo_merge": 2, "sync": 34}
_MERGING = {"edit": 20, "rename": 6, "register": 2, "print_card": 4, "identify": 4, "pay_in": 2, "merge": 10, "undo_merge": 6, "sync": 40}
_MIXED = _OFTEN | dict.fromkeys((*_RARE, "archive_central"), 2)

Step = Callable[[Simulator, Random], str]


def step(chain: Simulator, rng: Random) -> str:
    """One choice: a site is busy for a while, somebody does one thing, a site syncs, something goes wrong."""
    return _step(chain, rng, _MIXED)


def former_step(chain: Simulator, rng: Random) -> str:
    """One choice as it was made before there were archives and busy sites: what was found then is played again by it."""
    return _step(chain, rng, _SINGLE)


def merging_step(chain: Simulator, rng: Random) -> str:
    """One choice of a chain in which records are merged and taken apart all the time, everywhere."""
    return _step(chain, rng, _MERGING)


def _step(chain: Simulator, rng: Random, weights: Mapping[str, int]) -> str:
    (name,) = rng.choices(list(weights), list(weights.values()))
    at, more, even_more = rng.randrange(3), rng.randrange(20), rng.randrange(20)
    trouble, days = rng.randrange(len(TROUBLES)), rng.choice((0, 0, 365, -365, -1))
    arguments: dict[str, tuple[int, ...]] = {
        "edit": (at, more, even_more),
        "rename": (at, more, even_more),
        "register": (at,),
        "print_card": (at, more),
        "pay_in": (at, more, 100 * (1 + even_more)),
        "identify": (at, more, even_more % 5),
        "sync": (at, trouble, even_more),
        "jump": (at, days),
        "back_up": (at,),
        "restore": (at,),
        "restart": (at,),
        "merge": (at, more, even_more),
        "undo_merge": (at, more),
    }
    if "busy" in weights:
        arguments |= {
            "busy": (at, rng.randrange(1 << 32), 1 + rng.randrange(MOST_AT_ONCE)),
            "restart": (at, more % len(PAGES)),
            "archive_central": (rng.choice((0, 3, 40, 400)),),
        }
    getattr(chain, name)(*arguments.get(name, ()))
    return f"{name}{arguments.get(name, ())}"


def run(seed: int, steps: int, folder: Path, *, by: Step = step) -> Counter[str]:
    """At least so many steps of one seed, and the proofs; returns what happened."""
    rng, chain, proved = Random(seed), begin(folder), 0
    try:
        if by is step:
            chain.open_houses()
        while chain.steps < steps:
            chain.done.append(by(chain, rng))
            if chain.steps >= proved + PROVED_EVERY:
                chain.heal(thoroughly=False)
                proved = chain.steps
        chain.heal()
    except BaseException:
        sys.stderr.write("\n".join(chain.done[-60:]) + f"\nCLINIC_SOAK_SEED={seed} CLINIC_SOAK_STEPS={steps} make soak\n")
        raise
    finally:
        chain.close()
    return chain.happened


def soak(place: str) -> None:
    """Runs of many seeds until all steps are done; each tells its seed before it begins."""
    steps, seed = int(os.environ.get("CLINIC_SOAK_STEPS", "100000")), os.environ.get("CLINIC_SOAK_SEED")
    numbers = Random() if seed is None else None
    happened: Counter[str] = Counter()
    while (done := happened.total()) < steps:
        chosen = int(seed or 0) if numbers is None else numbers.randrange(1 << 32)
        some, began = min(steps - done, steps if numbers is None else STEPS_OF_A_RUN), process_time()
        print(f"seed {chosen} …", flush=True)
        with TemporaryDirectory(dir=place) as folder:
            happened += run(chosen, some, Path(folder))
        more = happened.total() - done
        cost = (process_time() - began) / more * 1e6
        print(f"seed {chosen}: {more} steps, {cost:.0f} µs of CPU each; {done + more} of {steps}", flush=True)
    print(histogram(happened))


def histogram(happened: Counter[str]) -> str:
    """How often each thing happened in 10 000 steps."""
    return "\n".join(f"{name:16} {10_000 * times / happened.total():8.1f}" for name, times in happened.most_common() if times)
