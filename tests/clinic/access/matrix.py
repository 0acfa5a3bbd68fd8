"""The role matrix as a person reads it: a line a command, a column a role.

``python -m tests.clinic.access.matrix`` prints what the code says now; role_matrix.txt holds what was reviewed.
"""

from __future__ import annotations

import inspect
from pathlib import Path

from clinic_desktop.clinic.access.rules import ALL_POWERFUL, DEFAULT_ROLES
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.commands import Command
from clinic_desktop.kernel.security import Actor, declared_permissions

REVIEWED = Path(__file__).with_name("role_matrix.txt")
ROLES = tuple(DEFAULT_ROLES)
_SHORT = {
    "super_admin": "owner",
    "admin": "admin",
    "receptionist": "recep",
    "nurse": "nurse",
    "doctor": "doctr",
    "dentist": "denti",
    "optician": "optic",
    "pharmacist": "pharm",
    "lab_technician": "labor",
    "cashier": "cashr",
    "inventory_manager": "stock",
    "auditor": "audit",
}


def commands() -> dict[str, Command[..., object]]:
    """Every command of every department, by name."""
    found = {}
    for module in load_departments():
        for name, one in inspect.getmembers(module):
            if isinstance(one, Command):
                assert one.name.endswith(name)
                found[one.name] = one
    return dict(sorted(found.items()))


def may(actor: Actor, one: Command[..., object]) -> bool:
    """Whether an actor gets as far as the command's body."""
    return actor.may(one.permission)


def declared_actor(role: str) -> Actor:
    """Somebody with exactly the rights that the code declares for a role."""
    held = (one.code for one in declared_permissions() if role in one.roles or role in ALL_POWERFUL)
    return Actor(None, role, frozenset(held), frozenset((role,)))


def line(name: str, allowed: set[str], needs_password: bool) -> str:
    """One line: who may, and whether a PIN is enough."""
    marks = " ".join(("x" if role in allowed else ".").center(5) for role in ROLES)
    return f"{name:<44} {marks}  {'password' if needs_password else 'pin'}"


def header() -> str:
    """The names of the columns."""
    return f"{'command':<44} {' '.join(_SHORT[role].center(5) for role in ROLES)}  enough"


def table() -> str:
    """The matrix as the code declares it."""
    all_commands = commands()  # first: with them the permissions are declared
    actors = {role: declared_actor(role) for role in ROLES}
    lines = [
        line(name, {role for role, actor in actors.items() if may(actor, one)}, one.needs_password) for name, one in all_commands.items()
    ]
    return "\n".join([header(), *lines]) + "\n"


if __name__ == "__main__":
    print(table(), end="")
