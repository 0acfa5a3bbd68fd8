"""``python -m clinic_desktop.ui.tour``: started by ``clinic tour``; leaves its report in ``tour.json``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from clinic_desktop.ui.tour.run import run
from clinic_desktop.ui.tour.stage import Wanted, raise_curtain, set_up_screens


def wanted(given: Sequence[str]) -> Wanted:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="clinic tour")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--theme", default="light")
    parser.add_argument("--db", default=None)
    parser.add_argument("--parts", nargs="*", default=(), help="only these parts, after the entrance")
    found = parser.parse_args(given)
    width, _, height = found.size.partition("x")
    return Wanted(found.out, int(width), int(height), found.lang, found.theme, found.db, tuple(found.parts))


def main(given: Sequence[str] | None = None) -> int:
    """Make the tour; 1 when the screen stood still or a step failed."""
    asked = wanted(sys.argv[1:] if given is None else given)
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="clinic-tour-") as folder:
        if asked.url is None:  # of the demo nothing is left behind
            os.environ["CLINIC_STATE_FOLDER"] = str(Path(folder) / "state")
        set_up_screens(Path(folder), asked.width, asked.height)
        return run(asked, *raise_curtain(asked, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
