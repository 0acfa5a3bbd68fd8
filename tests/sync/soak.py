"""The simulator for as long as wanted: ``make soak`` with CLINIC_SOAK_STEPS and, to play one run again, CLINIC_SOAK_SEED."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

from tests.sync.beginning import begin
from tests.sync.simulator import TROUBLES, Simulator

STEPS_OF_A_RUN = 400
"""After so many everything heals, is looked at, and a new chain begins."""
_RARE = ("back_up", "restore", "back_up_central", "restore_central", "jump", "restart")
_WEIGHTS = {"edit": 30, "rename": 8, "register": 3, "print_card": 6, "pay_in": 6, "identify": 5, "sync": 34} | dict.fromkeys(_RARE, 1)


def step(chain: Simulator, rng: Random) -> str:
    """One thing happens."""
    (name,) = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
    at, more, even_more = rng.randrange(3), rng.randrange(20), rng.randrange(20)
    arguments: dict[str, tuple[int, ...]] = {
        "edit": (at, more, even_more),
        "rename": (at, more, even_more),
        "register": (at,),
        "print_card": (at, more),
        "pay_in": (at, more, 100 * (1 + even_more)),
        "identify": (at, more, even_more % 5),
        "sync": (at, rng.randrange(len(TROUBLES)), even_more),
        "jump": (at, rng.choice((0, 0, 365, -365, -1))),
        "back_up": (at,),
        "restore": (at,),
        "restart": (at,),
    }
    getattr(chain, name)(*arguments.get(name, ()))
    return f"{name}{arguments.get(name, ())}"


def run(seed: int, steps: int, folder: Path) -> float:
    """So many steps of one seed, and the proof; returns CPU seconds a step."""
    rng, chain, began = Random(seed), begin(folder), process_time()
    try:
        for _ in range(steps):
            chain.done.append(step(chain, rng))
        chain.heal()
    except BaseException:
        sys.stderr.write("\n".join(chain.done[-60:]) + f"\nCLINIC_SOAK_SEED={seed} CLINIC_SOAK_STEPS={steps} make soak\n")
        raise
    finally:
        chain.close()
    return (process_time() - began) / steps


def soak(place: str) -> None:
    """Runs of many seeds until all steps are done; each tells its seed before it begins."""
    steps, seed = int(os.environ.get("CLINIC_SOAK_STEPS", "100000")), os.environ.get("CLINIC_SOAK_SEED")
    numbers = Random() if seed is None else None
    done = 0
    while done < steps:
        chosen = int(seed or 0) if numbers is None else numbers.randrange(1 << 32)
        some = min(steps - done, steps if numbers is None else STEPS_OF_A_RUN)
        with TemporaryDirectory(dir=place) as folder:
            cost = run(chosen, some, Path(folder))
        done += some
        print(f"seed {chosen}: {some} steps, {cost * 1000:.1f} ms of CPU each; {done} of {steps}", flush=True)
