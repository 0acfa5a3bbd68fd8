"""A tour in a program of its own, whose passwords cost little: how strong they are is tested elsewhere."""

from __future__ import annotations

import sys

from clinic_desktop.kernel.stretching import Stretching, choose
from clinic_desktop.ui.tour.__main__ import main

if __name__ == "__main__":
    choose(Stretching(passes=1, memory_kib=64, lanes=1))  # not from the tests' own fixtures: those load all that the tour watches load
    sys.exit(main())
