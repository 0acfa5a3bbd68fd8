"""Roles, permissions and accounts: who holds what, who may give it, and that a change bites at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from clinic_desktop.clinic.access import commands, queries
from clinic_desktop.clinic.access.passwords import HashedPassword
from clinic_desktop.clinic.access.rules import (
    ALL_POWERFUL,
    DEFAULT_ROLES,
    Desk,
    EmailTaken,
    LastAdministrator,
    RoleNotGrantable,
    UsernameTaken,
    UserStatus,
)
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.security import Actor, declared_permissions
from tests.clinic.world import World


def test_each_role_holds_what_was_declared_for_it(world: World) -> None:
    for code in DEFAULT_ROLES:
        declared = {one.code for one in declared_permissions() if code in one.roles or code in ALL_POWERFUL}
        assert world.actor(code).permissions == declared, code
    assert len(declared_permissions()) > 8


def test_permissions_are_declared_for_known_roles_only() -> None:
    ordinary = DEFAULT_ROLES.keys() - ALL_POWERFUL
    assert [one.code for one in declared_permissions() if not set(one.roles) <= ordinary] == []


def test_syncing_again_adds_nothing_and_keeps_what_was_taken_away(world: World) -> None:
    admin = world.actor("admin")
    kept = world.actor("nurse").permissions - {"patients.edit"}
    world.db.run(admin, commands.define_role, code="nurse", name="Nurse", permissions=kept)
    assert world.db.run(admin, commands.sync_permissions) == 0
    assert world.actor("nurse").permissions == kept


def test_a_role_of_the_clinics_own(world: World) -> None:
    admin = world.actor("admin")
    world.db.run(admin, commands.define_role, code="desk_lead", name="Desk lead", permissions=["access.users"])
    world.db.run(admin, commands.assign_roles, user_id=world.users["receptionist"], roles=["receptionist", "desk_lead"])
    actor = world.actor("receptionist")
    assert actor.roles == {"receptionist", "desk_lead"}
    assert "access.users" in actor.permissions
    with world.db.read() as session:
        row = next(role for role in queries.roles(session) if role.code == "desk_lead")
    assert (row.permissions, row.holders, row.is_default) == (("access.own_account", "access.own_drafts", "access.users"), 1, False)
    world.db.run(admin, commands.define_role, code="desk_lead", name="Desk lead", permissions=[])
    assert "access.users" not in world.actor("receptionist").permissions


def test_disabling_a_role_takes_its_permissions_from_all_holders(world: World) -> None:
    world.db.run(world.actor("admin"), commands.disable_role, code="receptionist")
    assert world.actor("receptionist").permissions == frozenset()
    world.db.run(world.actor("admin"), commands.enable_role, code="receptionist")
    assert "access.own_account" in world.actor("receptionist").permissions


def test_unknown_roles_and_permissions_are_refused(world: World) -> None:
    admin = world.actor("admin")
    with pytest.raises(InvalidInput):
        world.db.run(admin, commands.assign_roles, user_id=world.users["nurse"], roles=["nurse", "wizard"])
    with pytest.raises(InvalidInput):
        world.db.run(admin, commands.define_role, code="x1", name="X", permissions=["no.such"])
    with pytest.raises(InvalidInput):
        world.db.run(admin, commands.define_role, code="Bad Code", name="X", permissions=[])
    with pytest.raises(NotFound):
        world.db.run(admin, commands.assign_roles, user_id=world.clinic_id, roles=["nurse"])


def _desk_lead(world: World) -> Actor:
    """A person who may administer accounts, but is no administrator."""
    world.db.run(
        world.system(),
        commands.define_role,
        code="desk_lead",
        name="Desk lead",
        permissions=["access.users", "access.roles", "access.own_account"],
    )
    world.db.run(world.system(), commands.assign_roles, user_id=world.users["auditor"], roles=["desk_lead"])
    return world.actor("auditor")


@pytest.mark.parametrize("role", ["super_admin", "admin", "doctor"])
def test_nobody_hands_on_more_than_he_holds(world: World, role: str) -> None:
    lead = _desk_lead(world)
    with pytest.raises(RoleNotGrantable):
        world.db.run(lead, commands.assign_roles, user_id=world.users["nurse"], roles=["nurse", role])
    with pytest.raises(RoleNotGrantable):
        world.db.run(lead, commands.create_user, username="friend", full_name="Friend", roles=[role])
    with pytest.raises(RoleNotGrantable):
        world.db.run(lead, commands.set_password, user_id=world.users[role], password=HashedPassword("$x"))
    with pytest.raises(RoleNotGrantable):
        world.db.run(lead, commands.disable_user, user_id=world.users[role])
    with pytest.raises(RoleNotGrantable):
        world.db.run(lead, commands.define_role, code="desk_lead", name="D", permissions=["access.users", "organisation.settings"])


def test_an_administrator_does_not_touch_the_owner(world: World) -> None:
    admin = world.actor("admin")
    with pytest.raises(RoleNotGrantable):
        world.db.run(admin, commands.assign_roles, user_id=world.users["admin"], roles=["admin", "super_admin"])
    with pytest.raises(RoleNotGrantable):
        world.db.run(admin, commands.disable_user, user_id=world.users["super_admin"])
    world.db.run(world.actor("super_admin"), commands.assign_roles, user_id=world.users["admin"], roles=["super_admin"])
    assert world.actor("admin").roles == {"super_admin"}


@pytest.mark.parametrize("code", sorted(ALL_POWERFUL))
def test_the_roles_above_all_are_not_redefined(world: World, code: str) -> None:
    with pytest.raises(RoleNotGrantable):
        world.db.run(world.actor("super_admin"), commands.define_role, code=code, name="X", permissions=[])
    with pytest.raises(RoleNotGrantable):
        world.db.run(world.actor("super_admin"), commands.disable_role, code=code)


def test_the_last_administrator_stays(world: World) -> None:
    owner = world.actor("super_admin")
    world.db.run(owner, commands.disable_user, user_id=world.users["admin"])
    with pytest.raises(LastAdministrator):
        world.db.run(owner, commands.disable_user, user_id=world.users["super_admin"])
    with pytest.raises(LastAdministrator):
        world.db.run(owner, commands.assign_roles, user_id=world.users["super_admin"], roles=["nurse"])
    assert world.actor("super_admin").roles == {"super_admin"}


def test_two_administrators_do_not_disable_each_other_at_once(world: World) -> None:
    owner = world.actor("super_admin")
    second = world.db.run(owner, commands.create_user, username="owner2", full_name="Owner Two", roles=["super_admin"])
    world.db.run(owner, commands.disable_user, user_id=world.users["admin"])
    with ThreadPoolExecutor(1) as pool:
        with world.db.write(owner) as tx:
            commands.disable_user(tx, user_id=second)
            other = pool.submit(world.db.run, owner, commands.disable_user, user_id=world.users["super_admin"])
            wait([other], timeout=0.7)  # it must wait for this transaction, and see what it did
        with pytest.raises(LastAdministrator):
            other.result(timeout=30)


def test_usernames_and_addresses_are_unique_in_any_spelling(world: World) -> None:
    admin = world.actor("admin")
    world.db.run(admin, commands.create_user, username="Meera.K", full_name="Meera K", roles=["nurse"], email="Meera@Clinic.example")
    with pytest.raises(UsernameTaken):
        world.db.run(admin, commands.create_user, username="meera.k", full_name="Other", roles=["nurse"])
    with pytest.raises(EmailTaken):
        world.db.run(admin, commands.create_user, username="m2", full_name="Other", roles=["nurse"], email="meera@clinic.EXAMPLE")


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"username": "a b"}, "username"), ({"username": "x"}, "username"), ({"full_name": " "}, "full_name"), ({"email": "no at"}, "email")],
)
def test_bad_accounts_are_refused_at_the_field(world: World, changed: dict[str, str], field: str) -> None:
    parts = {"username": "good", "full_name": "Good", "email": None, **changed}
    with pytest.raises(InvalidInput) as refused:
        world.db.run(world.actor("admin"), commands.create_user, roles=["nurse"], **parts)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_lists_of_users(world: World) -> None:
    world.db.run(world.actor("admin"), commands.disable_user, user_id=world.users["nurse"])
    with world.db.read() as session:
        everyone = queries.users(session)
        doctors = queries.users(session, role="doctor")
        active = queries.users(session, with_disabled=False)
        assert queries.effective_permissions(session, world.users["cashier"]) == world.actor("cashier").permissions
        assert {p.code for p in queries.permissions(session)} == {p.code for p in declared_permissions()}
    assert len(everyone) == len(active) + 1 == 13
    assert [d.username for d in doctors] == ["doctor", "doctor2"]
    assert next(u for u in everyone if u.username == "nurse").status is UserStatus.DISABLED
    assert not any(u.has_password for u in everyone)


@pytest.mark.parametrize("role", sorted(DEFAULT_ROLES.keys() - ALL_POWERFUL))
def test_ordinary_roles_do_not_administer_accounts(world: World, role: str) -> None:
    actor, someone = world.actor(role), world.users["nurse"]
    for attempt in (
        lambda: world.db.run(actor, commands.create_user, username="new", full_name="New", roles=[]),
        lambda: world.db.run(actor, commands.set_password, user_id=someone, password=HashedPassword("$x")),
        lambda: world.db.run(actor, commands.unlock_user, user_id=someone),
        lambda: world.db.run(actor, commands.disable_user, user_id=someone),
        lambda: world.db.run(actor, commands.enable_user, user_id=someone),
        lambda: world.db.run(actor, commands.end_sessions, user_id=someone),
        lambda: world.db.run(actor, commands.assign_roles, user_id=someone, roles=[]),
        lambda: world.db.run(actor, commands.define_role, code="role", name="R", permissions=[]),
        lambda: world.db.run(actor, commands.disable_role, code="doctor"),
        lambda: world.db.run(actor, commands.enable_role, code="doctor"),
        lambda: world.db.run(actor, commands.sync_permissions),
        lambda: world.db.run(actor, commands.count_attempt, username="nurse"),
        lambda: world.db.run(actor, commands.accept_login, user_id=someone, desk=Desk(None)),
        lambda: world.db.run(actor, commands.replace_own_password, user_id=someone, password=HashedPassword("$x")),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_not_even_the_owner_opens_the_session_of_another(world: World) -> None:
    owner, someone = world.actor("super_admin"), world.users["nurse"]
    for attempt in (
        lambda: world.db.run(owner, commands.count_attempt, username="nurse"),
        lambda: world.db.run(owner, commands.accept_login, user_id=someone, desk=Desk(None)),
        lambda: world.db.run(owner, commands.replace_own_password, user_id=someone, password=HashedPassword("$x")),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_an_actor_without_rights_does_nothing(world: World) -> None:
    with pytest.raises(ClinicError):
        world.db.run(Actor(None, "stranger"), organisation.add_department, name="ENT")
