"""The PIN: a short way back in at a desk where one has logged in with the password, and never a way to money or administration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import commands, queries
from clinic_desktop.clinic.access.login import confirm_password
from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.access.pins import set_pin, switch_user
from clinic_desktop.clinic.access.rules import Desk, LoginLocked, LoginRefused, PinOff, PinRefused, SessionEnded, check_pin
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, PasswordNeeded
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.security import Actor
from tests.clinic.access.people import OTHER, SECRET, come_in, give_password, notes_of, second_computer
from tests.clinic.world import World
from tests.conftest import FrozenClock

PIN = "7391"


@pytest.fixture
def world(world: World) -> World:
    """The administrator and the cashier take turns at one desk; both have a PIN."""
    for role in ("admin", "cashier"):
        give_password(world, role)
        set_pin(world.db, come_in(world, role), SECRET, PIN)
    return world


def switch(world: World, role: str = "admin", pin: str = PIN, *, at: str | None = "front desk", db: Database | None = None) -> Actor:
    place = None if at is None else world.workstations[at]
    return switch_user(db or world.db, role, pin, clinic_id=world.clinic_id, workstation_id=place)


def test_a_pin_opens_where_its_owner_has_logged_in_this_shift(world: World) -> None:
    actor = switch(world)
    assert actor.by_pin
    assert actor.permissions == world.actor("admin").permissions
    assert notes_of(world, world.users["admin"])[-1] == "switched_by_pin"
    with world.db.read(actor):
        pass
    back = switch(world, "cashier")  # there and back: who is replaced may come again
    assert back.user_id == world.users["cashier"]
    with pytest.raises(SessionEnded), world.db.read(actor):
        pass
    assert switch(world).user_id == actor.user_id


def test_a_pin_opens_nowhere_else(world: World) -> None:
    for place in ("cashier", None):
        with pytest.raises(PinOff):
            switch(world, at=place)
    with pytest.raises(PinOff):
        switch(world, "nurse")
    with pytest.raises(PinOff):
        switch(world, "nobody")


def test_a_computer_without_workstation_is_told_by_its_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "reception-pc")
    come_in(world, "admin", at=None)
    assert switch(world, at=None).by_pin
    monkeypatch.setattr("platform.node", lambda: "back-office-pc")
    with pytest.raises(PinOff):
        switch(world, at=None)


def test_the_pin_session_ends_with_the_shift_that_it_rests_on(world: World, clock: FrozenClock) -> None:
    clock.advance(hours=13)
    actor = switch(world)
    clock.advance(minutes=59)
    with world.db.read(actor):
        pass
    clock.advance(minutes=1)
    with pytest.raises(SessionEnded), world.db.read(actor):
        pass
    with pytest.raises(PinOff):
        switch(world)


def test_a_clock_set_back_does_not_lengthen_the_shift(world: World, clock: FrozenClock) -> None:
    clock.advance(hours=-2)
    with pytest.raises(PinOff):
        switch(world)


def shut_out(world: World, how: str) -> None:
    admin, user_id = world.actor("super_admin"), world.users["admin"]
    match how:
        case "disabled":
            world.db.run(admin, commands.disable_user, user_id=user_id)
            world.db.run(admin, commands.enable_user, user_id=user_id)
        case "sessions ended":
            world.db.run(admin, commands.end_sessions, user_id=user_id)
        case "logged out":
            world.db.run(come_in(world, "admin"), commands.log_out)
        case "pin session logged out":
            world.db.run(switch(world), commands.log_out)
        case "pin cleared":
            world.db.run(admin, commands.clear_pin, user_id=user_id)
        case "new password":
            give_password(world, "admin", OTHER)


@pytest.mark.parametrize("how", ["disabled", "sessions ended", "logged out", "pin session logged out", "pin cleared", "new password"])
def test_who_has_left_or_was_shut_out_needs_the_password(world: World, how: str) -> None:
    assert switch(world).by_pin
    shut_out(world, how)
    with pytest.raises(PinOff):
        switch(world)


def test_a_pin_rests_on_a_full_login_and_not_on_another_pin(world: World) -> None:
    full = come_in(world, "admin")
    come_in(world, "cashier")
    assert switch(world).by_pin  # still open when the full login before it is ended
    assert full.session_id is not None
    world.db.run(world.actor("super_admin"), commands.end_session, session_id=full.session_id)
    with pytest.raises(PinOff):
        switch(world)


def test_three_wrong_pins_turn_it_off_until_the_next_full_login(world: World) -> None:
    left = []
    for _ in range(2):
        with pytest.raises(PinRefused) as refused:
            switch(world, pin="4826")
        left.append(refused.value.params["left"])
    with pytest.raises(PinOff):
        switch(world, pin="4826")
    assert left == [2, 1]
    with second_computer(world) as restarted, pytest.raises(PinOff):
        switch(world, db=restarted)
    assert notes_of(world, world.users["admin"])[-1] == "pin_off"
    come_in(world, "admin")
    assert switch(world).by_pin


def test_the_right_pin_forgets_the_wrong_ones(world: World) -> None:
    for _ in range(3):
        for wrong in ("4826", "nothing"):
            with pytest.raises(PinRefused):
                switch(world, pin=wrong)
        switch(world)


def test_parallel_guesses_get_three_looks(world: World) -> None:
    barrier = Barrier(8)

    def guess(_: int) -> type[ClinicError]:
        barrier.wait(timeout=30)
        with pytest.raises(ClinicError) as refused:
            switch(world, pin="4826")
        return refused.type

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(8)))
    assert answers.count(PinRefused) == 2
    assert notes_of(world, world.users["admin"]).count("pin_failed") == 3


def test_a_locked_account_is_not_opened_by_its_pin(world: World) -> None:
    for _ in range(5):
        with pytest.raises(LoginRefused):
            come_in(world, "admin", password="not the password")
    with pytest.raises(PinOff):
        switch(world)


def test_a_pin_does_not_administer_until_the_password_is_confirmed(world: World, clock: FrozenClock) -> None:
    actor = switch(world)
    world.db.run(actor, commands.keep_drafts, changed={}, open_screen="queue")
    with pytest.raises(PasswordNeeded) as needed:
        world.db.run(actor, commands.disable_user, user_id=world.users["nurse"])
    assert needed.value.params == {"command": "access.disable_user"}
    with pytest.raises(LoginRefused):
        confirm_password(world.db, actor, "not the password")
    confirmed = confirm_password(world.db, actor, SECRET)
    assert confirmed.by_pin
    world.db.run(actor, commands.disable_user, user_id=world.users["nurse"])
    clock.advance(minutes=10)
    for one in (actor, confirmed):
        with pytest.raises(PasswordNeeded):
            world.db.run(one, commands.enable_user, user_id=world.users["nurse"])
    with pytest.raises(PasswordNeeded):  # confirming was for that session
        world.db.run(switch(world), commands.enable_user, user_id=world.users["nurse"])


def test_wrong_passwords_in_a_pin_session_lock_as_at_the_door(world: World) -> None:
    actor = switch(world)
    for _ in range(5):
        with pytest.raises(LoginRefused):
            confirm_password(world.db, actor, "not the password")
    with pytest.raises(LoginLocked):
        confirm_password(world.db, actor, SECRET)


def test_a_pin_is_set_with_the_password_only(world: World) -> None:
    actor = come_in(world, "cashier")
    with pytest.raises(LoginRefused):
        set_pin(world.db, actor, "not the password", "2846")
    set_pin(world.db, actor, SECRET, "2846")
    with pytest.raises(PinRefused):
        switch(world, "cashier")
    assert switch(world, "cashier", "२८४६").by_pin  # typed on a Devanagari keyboard
    world.db.run(world.actor("cashier"), commands.clear_own_pin)
    with pytest.raises(PinOff):
        switch(world, "cashier", "2846")


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("123", "not_a_pin"),
        ("123456789", "not_a_pin"),
        ("12a4", "not_a_pin"),
        ("", "not_a_pin"),
        ("1234", "pin_too_simple"),
        ("8901", "pin_too_simple"),
        ("9876", "pin_too_simple"),
        ("0000", "pin_too_simple"),
        ("1212", "pin_too_simple"),
        ("123123", "pin_too_simple"),
        ("1987", "pin_too_simple"),
        ("2580", "pin_too_simple"),
    ],
)
def test_pins_that_everybody_tries_first_are_refused(pin: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_pin(pin)
    assert (refused.value.field, refused.value.reason) == ("pin", reason)


@pytest.mark.parametrize("pin", ["7391", "00714", "83920175", "٧٣٩١"])
def test_other_pins_are_good(pin: str) -> None:
    assert check_pin(pin).isascii()


def test_no_pin_reaches_the_journal_and_each_is_argon2id(world: World) -> None:
    with world.db.read() as session:
        kept = "\n".join(session.scalars(select(AuditLog.changes)))
        (stored,) = session.scalars(select(User.pin_hash).where(User.username == "admin"))
    assert str(stored).startswith("$argon2id$")
    assert "argon2" not in kept
    assert f'"{PIN}"' not in kept


def test_the_lock_page_shows_whom_a_pin_opens_here(world: World, clock: FrozenClock) -> None:
    def tiles(at: str) -> list[str]:
        with world.db.read() as session:
            return [one.username for one in queries.pin_people(session, Desk(world.workstations[at]), now=clock.now)]

    assert tiles("front desk") == ["admin", "cashier"]
    assert tiles("cashier") == []
    shut_out(world, "logged out")
    assert tiles("front desk") == ["cashier"]
