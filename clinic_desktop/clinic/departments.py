"""All departments, in the order in which they may know of each other."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

DEPARTMENTS = ("organisation", "access", "patients", "staff", "stock", "billing", "frontdesk", "clinical", "pharmacy")


def load_departments() -> list[ModuleType]:
    """Import the commands of every department, so that tables, permissions, settings and reactions are declared."""
    return [import_module(f"clinic_desktop.clinic.{name}.commands") for name in DEPARTMENTS]


def load_queries() -> None:
    """Import what every department asks its tables, and the commands with it."""
    load_departments()
    for name in DEPARTMENTS:
        import_module(f"clinic_desktop.clinic.{name}.queries")


CHECKS = ("kernel.kernel_checks", *(f"clinic.{name}.checks" for name in DEPARTMENTS))


def load_checks() -> None:
    """Import what every department and the kernel say must always be true."""
    load_departments()
    for name in CHECKS:
        import_module(f"clinic_desktop.{name}")
