"""A forgotten password: by a code that an administrator reads out, by a token that comes by e-mail, and by nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import accounts, commands
from clinic_desktop.clinic.access.login import change_password
from clinic_desktop.clinic.access.models import PasswordReset
from clinic_desktop.clinic.access.queries import open_sessions
from clinic_desktop.clinic.access.resets import issue_reset_code, request_reset_mail, reset_password
from clinic_desktop.clinic.access.rules import AccountDisabled, CodeRefused, LoginLocked, LoginRefused, RoleNotGrantable, reset_code_form
from clinic_desktop.clinic.messages.commands import claim_due
from clinic_desktop.clinic.messages.rules import Channel
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.keys import OneTimeCode, UserPassword, WrongPassphrase
from clinic_desktop.kernel.security import Actor
from tests.clinic.access.people import OTHER, SECRET, come_in, give_password, notes_of
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import fresh


@pytest.fixture
def world(world: World) -> World:
    """The receptionist has a password, which she will forget, and an address."""
    give_password(world, "receptionist")
    details = {"username": "receptionist", "full_name": "Receptionist One", "email": "desk@clinic.example"}
    world.db.run(world.system(), commands.edit_user, user_id=world.users["receptionist"], **details)  # type: ignore[arg-type]
    return world


def issue(world: World, role: str = "receptionist", by: str = "admin") -> str:
    return issue_reset_code(world.db, world.actor(by), world.users[role]).text


def reset(world: World, code: str, *, username: str = "receptionist", new: str = OTHER) -> None:
    reset_password(world.db, username, code, new)


def mailed(world: World) -> list[str]:
    """The tokens that wait to be sent."""
    taken = world.db.run(Actor.system("messages"), claim_due, channels=(Channel.EMAIL,), limit=10)
    return [one.body.split("The code is:")[1].split("Type")[0].strip() for one in taken]


def test_a_code_replaces_the_password_and_everything_that_rested_on_it(world: World, clock: FrozenClock) -> None:
    come_in(world)
    code = issue(world)
    assert len(code.replace(" ", "")) == 10
    reset(world, code)
    with world.db.read() as session:
        assert open_sessions(session, now=clock.now) == []
    with pytest.raises(LoginRefused):
        come_in(world)
    assert come_in(world, password=OTHER).name == "Receptionist One"
    assert {"reset_code_issued", "password_reset"} <= set(notes_of(world, world.users["receptionist"]))


def test_a_code_works_as_it_is_read_out(world: World) -> None:
    code = issue(world)
    reset(world, f" {code.lower().replace('0', 'o').replace('1', 'l').replace(' ', '-')} ")
    assert come_in(world, password=OTHER)


def test_a_code_works_once(world: World) -> None:
    code = issue(world)
    reset(world, code)
    with pytest.raises(CodeRefused):
        reset(world, code, new="another-harbour-5")


def test_a_code_ends_after_half_an_hour(world: World, clock: FrozenClock) -> None:
    code = issue(world)
    clock.advance(minutes=30)
    with pytest.raises(CodeRefused):
        reset(world, code)


def test_a_new_code_makes_the_old_one_void(world: World) -> None:
    old, new = issue(world), issue(world)
    with pytest.raises(CodeRefused):
        reset(world, old)
    reset(world, new)


def test_a_code_is_its_owners_only(world: World) -> None:
    code = issue(world)
    give_password(world, "cashier")
    for username in ("cashier", "nobody"):
        with pytest.raises(CodeRefused):
            reset(world, code, username=username)


def test_wrong_codes_lock_like_wrong_passwords(world: World, clock: FrozenClock) -> None:
    code = issue(world)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            reset(world, "AAAAA AAAAA")
    with pytest.raises(LoginLocked):
        reset(world, code)
    with pytest.raises(LoginLocked):
        come_in(world)
    clock.advance(seconds=30)
    reset(world, code)
    assert come_in(world, password=OTHER)


def test_the_right_code_ends_a_lock(world: World, clock: FrozenClock) -> None:
    for _ in range(5):
        with pytest.raises(LoginRefused):
            come_in(world, password="not the password")
    code = issue(world)
    clock.advance(seconds=30)
    reset(world, code)
    assert come_in(world, password=OTHER)


def test_the_new_password_meets_the_rules(world: World) -> None:
    code = issue(world)
    for weak in ("short-7", "password123", SECRET):
        with pytest.raises(InvalidInput):
            reset(world, code, new=weak)
    reset(world, code)


def test_nobody_issues_a_code_for_somebody_above(world: World) -> None:
    with pytest.raises(RoleNotGrantable):
        issue(world, "super_admin")
    with pytest.raises(PermissionDenied):
        issue(world, by="receptionist")


def test_a_disabled_account_is_not_opened_by_a_code(world: World) -> None:
    code = issue(world)
    world.db.run(world.actor("admin"), commands.disable_user, user_id=world.users["receptionist"])
    with pytest.raises(AccountDisabled):
        reset(world, code)


@pytest.mark.parametrize("name", ["receptionist", " Desk@Clinic.example "])
def test_a_token_comes_by_mail(world: World, name: str) -> None:
    request_reset_mail(world.db, name)
    (token,) = mailed(world)
    assert len(token.replace(" ", "")) == 16
    reset(world, token)
    assert come_in(world, password=OTHER)
    with pytest.raises(CodeRefused):
        reset(world, token, new="another-harbour-5")


def test_who_asks_learns_nothing(world: World) -> None:
    world.db.run(world.system(), commands.disable_user, user_id=world.users["nurse"])
    for name in ("nobody", "nurse", "cashier", "nobody@clinic.example", "", "x" * 10_000):  # the cashier has no address
        assert request_reset_mail(world.db, name) is None  # type: ignore[func-returns-value]
    assert mailed(world) == []


def test_a_mailbox_is_not_flooded(world: World, clock: FrozenClock) -> None:
    for _ in range(5):
        request_reset_mail(world.db, "receptionist")
    assert len(mailed(world)) == 3
    clock.advance(hours=1, seconds=1)
    request_reset_mail(world.db, "receptionist")
    assert len(mailed(world)) == 1


def test_a_mail_does_not_undo_the_administrators_code(world: World) -> None:
    code = issue(world)
    request_reset_mail(world.db, "receptionist")
    reset(world, code)


def test_only_hashes_are_kept(world: World) -> None:
    code = issue(world)
    request_reset_mail(world.db, "receptionist")
    with world.db.read() as session:
        stored = list(session.scalars(select(PasswordReset.token_hash)))
        said = "\n".join(session.scalars(select(AuditLog.changes)))
    assert all(one.startswith("$argon2id$") for one in stored)
    assert len(stored) == 2
    assert reset_code_form(code) not in said


@pytest.fixture
def encrypted(tmp_path: Path, clock: FrozenClock) -> World:
    """A furnished clinic in an encrypted file."""
    db, built = fresh("sqlcipher", tmp_path, clock, recipe="world", build=build_world)
    made: World = built.at(db)
    return made


def opens(world: World, secret: UserPassword | OneTimeCode) -> bool:
    """Whether a secret opens the encrypted file at another start of the program."""
    try:
        Database.open(f"sqlcipher:///{world.db.address.file}", secret=secret, clock=world.db.clock).close()
    except WrongPassphrase:
        return False
    return True


def test_the_code_opens_the_encrypted_data_and_then_the_new_password_does(encrypted: World, clock: FrozenClock) -> None:
    world, admin, user_id = encrypted, encrypted.actor("admin"), encrypted.users["receptionist"]
    try:
        accounts.set_password(world.db, admin, user_id=user_id, password=SECRET)
        assert opens(world, UserPassword("receptionist", SECRET))
        code = issue(world)
        assert opens(world, OneTimeCode("receptionist", code.lower()))
        reset(world, code)
        assert opens(world, UserPassword("receptionist", OTHER))
        assert not opens(world, UserPassword("receptionist", SECRET))
        assert not opens(world, OneTimeCode("receptionist", code))
        late = issue(world)
        clock.now += timedelta(minutes=31)
        assert not opens(world, OneTimeCode("receptionist", late))
    finally:
        world.db.close()


def test_the_way_into_the_data_follows_the_account(encrypted: World) -> None:
    world, admin, user_id = encrypted, encrypted.actor("admin"), encrypted.users["receptionist"]
    try:
        accounts.set_password(world.db, admin, user_id=user_id, password=SECRET)
        change_password(world.db, "receptionist", SECRET, OTHER)
        assert not opens(world, UserPassword("receptionist", SECRET))
        assert opens(world, UserPassword("receptionist", OTHER))
        accounts.edit(world.db, admin, user_id=user_id, username="asha", full_name="Asha")
        assert not opens(world, UserPassword("receptionist", OTHER))
        accounts.set_password(world.db, admin, user_id=user_id, password=SECRET)
        assert opens(world, UserPassword("asha", SECRET))
        accounts.disable(world.db, admin, user_id=user_id)
        assert not opens(world, UserPassword("asha", SECRET))
        made = accounts.create(world.db, admin, username="new", full_name="New", roles=["nurse"], password=OTHER)
        assert made
        assert opens(world, UserPassword("new", OTHER))
    finally:
        world.db.close()
