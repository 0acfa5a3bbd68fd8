"""From a key press in the reception's search box to the painted rows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.bench import SQLITE, Bench
from tests.benchmarks.bulk import register_of
from tests.benchmarks.measuring import Figure
from tests.benchmarks.starting import child_settings


def keys(bench: Bench) -> Iterator[Figure]:
    """In a process of its own with real key events; the floor asks and fills a plain table on the UI thread."""
    size, rounds = max(bench.patients), min(bench.rounds, 60)
    with register_of(bench, SQLITE, size) as database:
        address = f"sqlcipher:///{database.address.file}"
        command = [sys.executable, "-m", "tests.benchmarks.typing_child", address, str(rounds)]
        said = subprocess.run(command, check=True, capture_output=True, **child_settings())
    painted, stalls, floor_painted, floor_stalls = zip(*json.loads(said.stdout.splitlines()[-1]), strict=True)
    yield Figure("keys", "key press to painted rows of the search", SQLITE, painted, floor_painted, size=size)
    yield Figure("stall", "longest standstill of the UI thread meanwhile", SQLITE, stalls, floor_stalls, size=size)
