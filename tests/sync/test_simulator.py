"""Whatever happens on the way, everybody agrees in the end and nothing that was saved is lost (``make soak`` goes on for hours)."""

from __future__ import annotations

from pathlib import Path

from tests.sync.soak import run


def test_x(tmp_path: Path) -> None:
    for seed in range(40):
        print(seed, run(seed, 120, tmp_path))
