"""Commands: permission first, one effect per key, denials audited, two at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.commands import Command, CommandKey, KeyReused, command, step
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor, declared_permissions, permission

WRITE = permission("test.write", "Write for a test")
SYSTEM = Actor.system("tester")


@dataclass(frozen=True, slots=True)
class Answer:
    row_id: UUID
    amount: Money


@command(WRITE, idempotent=True)
def add_row(tx: Tx, *, key: UUID, amount: Money) -> Answer:
    """Add one row that can be counted."""
    return Answer(tx.add(CommandKey(key=new_id(), command="counted", result="null")).key, amount)


@command(WRITE, idempotent=True)
def add_other(tx: Tx, *, key: UUID) -> None:
    """Another command, for a key that belongs to the first."""


@step
def part(tx: Tx) -> None:
    """A part of commands."""


def counted(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).where(CommandKey.command == "counted")) or 0


def test_one_key_has_one_effect_and_one_answer(database: Database) -> None:
    key = new_id()
    first = database.run(SYSTEM, add_row, key=key, amount=Money(5, "INR"))
    assert database.run(SYSTEM, add_row, key=key, amount=Money(5, "INR")) == first
    assert counted(database) == 1


def test_a_key_belongs_to_one_command(database: Database) -> None:
    key = new_id()
    database.run(SYSTEM, add_row, key=key, amount=Money(5, "INR"))
    with pytest.raises(KeyReused):
        database.run(SYSTEM, add_other, key=key)


def test_a_double_click_from_two_connections_has_one_effect(database: Database) -> None:
    for _ in range(10):
        key, answers, start = new_id(), [], threading.Barrier(4)

        def click(key: UUID = key, answers: list[Answer] = answers, start: threading.Barrier = start) -> None:
            start.wait()
            answers.append(database.run(SYSTEM, add_row, key=key, amount=Money(5, "INR")))

        threads = [threading.Thread(target=click) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 4
        assert len(set(answers)) == 1
    assert counted(database) == 10


def test_without_the_permission_nothing_happens_and_the_denial_is_audited(database: Database) -> None:
    nobody = Actor(user_id=new_id(), name="nobody")
    with pytest.raises(PermissionDenied):
        database.run(nobody, add_row, key=new_id(), amount=Money(5, "INR"))
    assert counted(database) == 0
    with database.read() as session:
        (denial,) = session.scalars(select(AuditLog).where(AuditLog.entity_type == "users", AuditLog.entity_id == nobody.user_id))
    assert msgspec.json.decode(denial.changes) == {"command": add_row.name, "event": "denied", "permission": "test.write"}


def test_a_step_does_not_run_by_itself(database: Database) -> None:
    with pytest.raises(RuntimeError, match="step"):
        database.run(SYSTEM, part)


def test_every_public_function_of_a_commands_module_declares_what_it_is() -> None:
    permissions = {declared.code for declared in declared_permissions()}
    commands = 0
    for module in load_departments():
        for name, function in vars(module).items():
            own = str(getattr(function, "__module__", "")).startswith(module.__name__)
            if name.startswith("_") or not own or not callable(function) or isinstance(function, type):
                continue
            if isinstance(function, Command):
                commands += 1
                assert function.permission.code in permissions
                assert function.__doc__, f"{function.name} has no docstring"
            else:
                declared = any(getattr(function, what, False) for what in ("is_step", "is_reaction", "is_mend"))
                assert declared, f"{module.__name__}.{name} is no command, step, reaction or mend"
    assert commands > 20
