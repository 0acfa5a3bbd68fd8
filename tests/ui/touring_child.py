"""A tour in a program of its own, run by test_tour."""

from __future__ import annotations

import sys

from clinic_desktop.ui.tour.__main__ import main
from tests.ui.children import cheap_passwords

if __name__ == "__main__":
    cheap_passwords()
    sys.exit(main())
