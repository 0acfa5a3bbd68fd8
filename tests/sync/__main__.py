"""``make soak``: the simulator for CLINIC_SOAK_STEPS steps, or one seed again."""

from __future__ import annotations

import os
import warnings
from tempfile import TemporaryDirectory

from clinic_desktop.clinic.departments import load_checks, load_departments
from clinic_desktop.kernel.stretching import choose
from tests.conftest import LIGHT
from tests.postgres import MEMORY
from tests.sharing import PLACE
from tests.sync.soak import soak

if __name__ == "__main__":
    load_departments()
    load_checks()
    choose(LIGHT)
    warnings.simplefilter("ignore", ResourceWarning)
    with TemporaryDirectory(dir=MEMORY) as folder:
        os.environ |= {"CLINIC_STATE_FOLDER": folder, PLACE: folder}
        soak(folder)
