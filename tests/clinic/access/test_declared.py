"""What a first log-in knows of rights: ``load_departments`` alone declares every permission that any module of the clinic does."""

from __future__ import annotations

import subprocess
import sys

COMPARE = """
import importlib, pkgutil
import clinic_desktop.clinic
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.security import declared_permissions
load_departments()
early = {one.code for one in declared_permissions()}
for found in pkgutil.walk_packages(clinic_desktop.clinic.__path__, "clinic_desktop.clinic."):
    importlib.import_module(found.name)
print(len(early) > 50, *sorted({one.code for one in declared_permissions()} - early))
"""


def test_no_permission_comes_to_light_later() -> None:
    told = subprocess.run([sys.executable, "-c", COMPARE], capture_output=True, text=True, check=False, timeout=120)
    assert told.stdout.split() == ["True"], told.stderr[-500:]
