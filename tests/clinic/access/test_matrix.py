"""Role x action: what each default role may do, reviewed line by line in role_matrix.txt, and true below the screens.

After a change of rights: ``python -m tests.clinic.access.matrix > tests/clinic/access/role_matrix.txt``, and read the difference.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic_desktop.clinic.access.rules import ALL_POWERFUL, DEFAULT_ROLES
from clinic_desktop.kernel.commands import Command
from clinic_desktop.kernel.errors import PasswordNeeded, PermissionDenied
from clinic_desktop.kernel.security import Actor
from tests.clinic.access.matrix import REVIEWED, ROLES, commands, line, table
from tests.clinic.world import World

PIN_IS_ENOUGH = {
    "access": {
        "access.clear_own_pin",
        "access.keep_drafts",
        "access.log_out",
        "access.open_kiosk",
        "access.note_seen",
        "access.request_own_code",
    },
    "organisation": {"organisation.record_print"},
    "staff": {"staff.add_time_slot", "staff.close_time_slot", "staff.request_leave"},
    "privacy": {"privacy.break_glass", "privacy.restrict_record"},
    "backups": {
        "backups.begin_backup",
        "backups.fail_backup",
        "backups.finish_backup",
        "backups.forget_secrets",
        "backups.record_removed",
    },
}
"""Of the departments that administer: what concerns oneself, prints, what a doctor must do in an emergency, and making a backup."""
NEVER_BY_PIN = {
    "billing.refund",
    "billing.credit_note",
    "billing.cancel_invoice",
    "billing.change_discount",
    "billing.settle_doctor",
    "stock.write_off",
    "stock.adjust_stock",
    "stock.approve_adjustment",
    "stock.reject_adjustment",
    "messages.keep_channel_secret",
    "messages.try_again",
}
"""Money back, voids, write-offs. (Controlled medicines are asked for one by one: test_hiding.)"""


def test_the_rights_are_those_that_were_reviewed() -> None:
    assert table().splitlines() == REVIEWED.read_text(encoding="utf-8").splitlines()


class TakenBack(Exception):
    """Ends a transaction in which doors were tried."""


def reached(world: World, actor: Actor, names: dict[str, Command[..., object]]) -> set[str]:
    """The commands that get past their door for an actor: called without what they need, they fall over right behind it."""
    inside = set()
    with pytest.raises(TakenBack), world.db.write(actor) as tx:
        for name, one in names.items():
            tx.command = None
            try:
                one(tx)
            except (PermissionDenied, PasswordNeeded):
                continue
            except Exception:
                pass
            inside.add(name)
        raise TakenBack
    return inside


@pytest.mark.parametrize("role", ROLES)
def test_the_door_of_each_command_obeys_the_table(world: World, role: str) -> None:
    reviewed = {text.split()[0]: text for text in REVIEWED.read_text(encoding="utf-8").splitlines()[1:]}
    all_commands, actor = commands(), world.actor(role)
    inside = reached(world, actor, all_commands)
    column = ROLES.index(role)
    marked = {name for name, text in reviewed.items() if text.split()[1 + column] == "x"}
    assert inside == marked


@pytest.mark.parametrize("role", ["super_admin", "cashier", "pharmacist", "doctor"])
def test_what_needs_a_password_is_closed_to_a_pin(world: World, role: str) -> None:
    all_commands, actor = commands(), world.actor(role)
    allowed = {name for name, one in all_commands.items() if actor.may(one.permission)}
    protected = {name for name in allowed if all_commands[name].needs_password}
    assert reached(world, replace(actor, by_pin=True), all_commands) == allowed - protected
    confirmed = replace(actor, by_pin=True, confirmed_until=world.db.clock() + timedelta(minutes=10))
    assert reached(world, confirmed, all_commands) == allowed


def test_a_pin_is_not_enough_for_money_back_write_offs_and_administration() -> None:
    all_commands = commands()
    for name in NEVER_BY_PIN:
        assert all_commands[name].needs_password, name
    for department, exceptions in PIN_IS_ENOUGH.items():
        mine = {name: one for name, one in all_commands.items() if name.startswith(f"{department}.")}
        assert {name for name, one in mine.items() if not one.needs_password} == exceptions & mine.keys(), department


def test_everyday_work_is_open_to_a_pin() -> None:
    all_commands = commands()
    for name in ("frontdesk.check_in", "frontdesk.book", "billing.take_payment", "clinical.save_consultation", "patients.register_patient"):
        assert not all_commands[name].needs_password, name


def test_everybody_may_leave_and_keep_what_they_typed() -> None:
    reviewed = REVIEWED.read_text(encoding="utf-8").splitlines()
    for name in ("access.log_out", "access.keep_drafts"):
        assert line(name, set(DEFAULT_ROLES), needs_password=False) in reviewed


def test_the_owner_and_the_administrator_may_everything() -> None:
    for text in REVIEWED.read_text(encoding="utf-8").splitlines()[1:]:
        for role in ALL_POWERFUL:
            assert text.split()[1 + ROLES.index(role)] == "x", text
