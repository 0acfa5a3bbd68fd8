"""All departments, in the order in which they may know of each other."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from clinic_desktop.kernel.importing import uncollected

DEPARTMENTS = (
    "organisation",
    "access",
    "patients",
    "staff",
    "stock",
    "billing",
    "frontdesk",
    "clinical",
    "pharmacy",
    "messages",
    "privacy",
    "audit",
    "backups",
    "reconciling",
)


def load_departments() -> list[ModuleType]:
    """Import the commands of every department, so that tables, permissions, settings and reactions are declared."""
    with uncollected():
        return [import_module(f"clinic_desktop.clinic.{name}.commands") for name in DEPARTMENTS]


def load_queries() -> None:
    """Import all that screens ask of every department: its queries, commands, and the rest but its checks."""
    for department in load_departments():
        package = import_module(department.__name__.rpartition(".")[0])
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".checks" not in found.name:
                import_module(found.name)


CHECKS = ("kernel.kernel_checks", *(f"clinic.{name}.checks" for name in DEPARTMENTS))


def load_checks() -> None:
    """Import what every department and the kernel say must always be true."""
    load_departments()
    for name in CHECKS:
        import_module(f"clinic_desktop.{name}")
