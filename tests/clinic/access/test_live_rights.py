"""A change of rights bites in open sessions at once, whichever computer made it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.login import change_password
from clinic_desktop.clinic.access.queries import open_sessions
from clinic_desktop.clinic.access.rules import SessionEnded
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.vouching import present_stamp
from tests.clinic.access.people import OTHER, SECRET, come_in, give_password, second_computer
from tests.clinic.world import World
from tests.conftest import FrozenClock


@pytest.fixture
def world(world: World) -> World:
    """Everybody who logs in here has a password."""
    for role in ("receptionist", "cashier", "admin"):
        give_password(world, role)
    return world


@pytest.fixture
def elsewhere(world: World) -> Iterator[Database]:
    """The other computer, at which the change is made."""
    with second_computer(world) as other:
        yield other


def keep_drafts(db: Database, actor: Actor) -> None:
    db.run(actor, commands.keep_drafts, changed={"reception": "{}"}, open_screen=None)


def disable(db: Database, world: World, actor: Actor) -> None:
    assert actor.user_id is not None
    db.run(world.actor("admin"), commands.disable_user, user_id=actor.user_id)


def end_one(db: Database, world: World, actor: Actor) -> None:
    assert actor.session_id is not None
    db.run(world.actor("admin"), commands.end_session, session_id=actor.session_id)


def end_all(db: Database, world: World, actor: Actor) -> None:
    assert actor.user_id is not None
    db.run(world.actor("admin"), commands.end_sessions, user_id=actor.user_id)


@pytest.mark.parametrize("shut", [disable, end_one, end_all])
def test_who_is_shut_out_elsewhere_does_and_reads_nothing_more(
    world: World, elsewhere: Database, shut: Callable[[Database, World, Actor], None]
) -> None:
    actor = come_in(world)
    keep_drafts(world.db, actor)
    with world.db.read(actor):
        pass
    shut(elsewhere, world, actor)
    for _ in range(2):  # not only the first time
        with pytest.raises(SessionEnded):
            keep_drafts(world.db, actor)
        with pytest.raises(SessionEnded), world.db.read(actor):
            pass


def test_a_role_taken_elsewhere_is_gone_at_the_next_command(world: World, elsewhere: Database) -> None:
    actor = come_in(world)
    keep_drafts(world.db, actor)
    elsewhere.run(world.actor("admin"), commands.assign_roles, user_id=actor.user_id, roles=[])
    with pytest.raises(PermissionDenied):
        keep_drafts(world.db, actor)
    assert world.db.vouching.now(actor).permissions == frozenset()


@pytest.mark.parametrize("role_is_off", [True, False])
def test_a_role_switched_off_or_narrowed_elsewhere_bites(world: World, elsewhere: Database, role_is_off: bool) -> None:
    actor = come_in(world)
    held = actor.permissions - {"patients.create"}
    if role_is_off:
        elsewhere.run(world.actor("admin"), commands.disable_role, code="receptionist")
    else:
        elsewhere.run(world.actor("admin"), commands.define_role, code="receptionist", name="Receptionist", permissions=held)
    with world.db.read(actor):
        assert world.db.vouching.now(actor).permissions == (frozenset() if role_is_off else held)


def test_more_rights_come_at_once_too(world: World, elsewhere: Database) -> None:
    actor = come_in(world)
    elsewhere.run(world.actor("admin"), commands.assign_roles, user_id=actor.user_id, roles=["receptionist", "cashier"])
    with world.db.read(actor):
        assert "billing.refund" in world.db.vouching.now(actor).permissions


def test_nothing_is_read_anew_while_nothing_changed(world: World, elsewhere: Database) -> None:
    actor = come_in(world)
    assert actor.session_id is not None
    come_in(world, "cashier", at="cashier", db=elsewhere)
    keep_drafts(elsewhere, world.actor("doctor"))
    with world.db.read(actor):
        assert world.db.vouching.now(actor) is world.db.vouching.now(actor)
        assert world.db.vouching.now(actor).stamp == actor.stamp


def test_a_change_that_was_taken_back_raises_no_stamp(world: World) -> None:
    actor = come_in(world)

    class TakenBack(Exception):
        pass

    with pytest.raises(TakenBack), world.db.write(world.system()) as tx:
        commands.disable_user(tx, user_id=world.users["receptionist"])
        raise TakenBack
    with world.db.read(actor) as session:
        assert present_stamp(session) == actor.stamp


def test_the_session_ends_with_the_shift(world: World, clock: FrozenClock) -> None:
    actor = come_in(world)
    clock.advance(hours=13, minutes=59)
    with world.db.read(actor):
        pass
    clock.advance(minutes=1)
    with pytest.raises(SessionEnded), world.db.read(actor):
        pass


def test_two_people_without_workstations_leave_each_other_alone(world: World, clock: FrozenClock) -> None:
    first, second = come_in(world, at=None), come_in(world, "cashier", at=None)
    for actor in (first, second):
        with world.db.read(actor):
            pass
    world.db.run(first, commands.log_out)
    with pytest.raises(SessionEnded), world.db.read(first):
        pass
    with world.db.read(second) as session:
        assert [row.user_id for row in open_sessions(session, now=clock.now)] == [second.user_id]


def test_who_comes_in_again_at_the_same_computer_has_one_session(world: World, clock: FrozenClock) -> None:
    first, again = come_in(world, at=None), come_in(world, at=None)
    with pytest.raises(SessionEnded), world.db.read(first):
        pass
    with world.db.read(again) as session:
        (row,) = open_sessions(session, now=clock.now)
    assert row.id == again.session_id
    assert row.host


def test_who_changes_the_password_at_work_goes_on_here_and_nowhere_else(world: World) -> None:
    here, there = come_in(world), come_in(world, at="cashier")
    change_password(world.db, "receptionist", SECRET, OTHER, at_work=here)
    with world.db.read(here):
        pass
    with pytest.raises(SessionEnded), world.db.read(there):
        pass


def test_leaving_ends_this_session_only(world: World) -> None:
    here, there = come_in(world), come_in(world, at="cashier")
    world.db.run(here, commands.log_out)
    with pytest.raises(SessionEnded), world.db.read(here):
        pass
    with world.db.read(there):
        pass


def test_a_session_shows_that_somebody_is_there(world: World, clock: FrozenClock) -> None:
    actor = come_in(world)
    seen = []
    for seconds in (0, 30, 31, 3_600):
        clock.advance(seconds=seconds)
        world.db.run(actor, commands.note_seen)
        with world.db.read() as session:
            (row,) = open_sessions(session, now=clock.now)
        assert row.seen_at is not None
        seen.append(clock.now - row.seen_at)
    assert seen == [timedelta(0), timedelta(seconds=30), timedelta(0), timedelta(0)]


def test_asking_costs_next_to_nothing(world: World) -> None:
    """The promise is 0.1 ms on SQLite; the budget here, of this program's own time, leaves room for a slow machine."""
    actor = come_in(world)
    with world.db.read() as session:
        costs = []
        for _ in range(300):
            begun = time.thread_time()
            world.db.vouching.vouch(session, actor, world.db.clock())
            costs.append(time.thread_time() - begun)
    asked = statistics.median(costs) * 1_000
    print(f"vouching: {asked:.3f} ms")
    assert asked < (1.0 if world.db.address.file is None else 0.4)
