"""Logging in: right and wrong passwords, the lock, and what the journal keeps of it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import clinic_desktop
from clinic_desktop.clinic.access import commands, passwords
from clinic_desktop.clinic.access.login import change_password, confirm_identity, log_in
from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.access.queries import open_sessions, still_valid, users
from clinic_desktop.clinic.access.rules import (
    AccountDisabled,
    LoginLocked,
    LoginRefused,
    PasswordChangeRequired,
    SessionEnded,
)
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.stretching import Stretching
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.history import entity_history

SECRET = "tamarind-boat-7"


@pytest.fixture
def world(world: World) -> World:
    """The receptionist has a password."""
    _give_password(world, "receptionist", SECRET)
    return world


def _give_password(world: World, role: str, password: str, *, must_change: bool = False) -> None:
    hashed = passwords.new(password, username=role)
    world.db.run(world.system(), commands.set_password, user_id=world.users[role], password=hashed, must_change_password=must_change)


def _log_in(
    world: World, username: str = "receptionist", password: str = SECRET, *, at: str = "front desk", db: Database | None = None
) -> Actor:
    return log_in(db or world.db, username, password, clinic_id=world.clinic_id, workstation_id=world.workstations[at])


def _fail(world: World, times: int, username: str = "receptionist", db: Database | None = None) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            _log_in(world, username, "not the password", db=db)


def _locked_for(world: World, username: str = "receptionist", db: Database | None = None, password: str = SECRET) -> int:
    with pytest.raises(LoginLocked) as locked:
        _log_in(world, username, password, db=db)
    return int(locked.value.params["seconds"])


def _events(world: World, user_id: UUID) -> list[str]:
    with world.db.read() as session:
        return [entry.changes["event"] for entry in entity_history(session, "users", user_id) if entry.operation == "N"]


def test_the_right_password_opens_a_session(world: World, clock: FrozenClock) -> None:
    actor = _log_in(world, " Receptionist ")
    assert actor == world.actor("receptionist")
    assert "access.own_account" in actor.permissions
    assert "access.users" not in actor.permissions
    with world.db.read() as session:
        (opened,) = open_sessions(session, now=clock.now)
        (row,) = users(session, role="receptionist")
        (entry,) = [e for e in entity_history(session, "users", row.id) if e.changes.get("event") == "logged_in"]
    assert (opened.user_id, opened.workstation_id) == (actor.user_id, actor.workstation_id)
    assert row.last_login_at == clock.now
    assert (entry.actor_id, entry.workstation_id, entry.command) == (actor.user_id, actor.workstation_id, "access.accept_login")


def test_a_wrong_password_and_an_unknown_user_get_one_answer(world: World) -> None:
    answers = []
    for username in ("receptionist", "nobody", "cashier", "not a username!"):  # the cashier has no password yet
        with pytest.raises(LoginRefused) as refused:
            _log_in(world, username, "not the password")
        answers.append((refused.value.code, refused.value.field, refused.value.params))
    assert len({str(answer) for answer in answers}) == 1
    assert _events(world, world.users["receptionist"])[-1] == "login_failed"


def _median_seconds(attempt: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begun = time.thread_time()  # one lane: all of it is done on this thread
        with pytest.raises(ClinicError):
            attempt()
        times.append(time.thread_time() - begun)
    return statistics.median(times)


def test_an_unknown_user_takes_as_long_as_a_wrong_password(stretching: Callable[[Stretching], None]) -> None:
    stretching(Stretching(passes=3, memory_kib=32_768, lanes=1))
    known = passwords.new(SECRET, username="x").encoded

    def check(encoded: str | None) -> None:
        if not passwords.matches(encoded, "not the password"):
            raise LoginRefused

    ratio = _median_seconds(lambda: check(None)) / _median_seconds(lambda: check(known))
    assert 0.4 < ratio < 2.5


def test_a_program_that_chose_nothing_hashes_by_argon2id_at_the_promised_cost() -> None:
    program = "from clinic_desktop.clinic.access import passwords; print(passwords.new('lake road 12', username='x').encoded)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_no_program_chooses_another_cost() -> None:
    """Only tests do: ``choose`` is called nowhere in the package."""
    sources = [one for one in Path(clinic_desktop.__file__).parent.rglob("*.py") if one.name != "stretching.py"]
    taken = [one.name for one in sources if "choose" in one.read_text() and "stretching" in one.read_text()]
    assert len(sources) > 300
    assert taken == []


def test_five_failures_lock_and_the_right_password_does_not_open(world: World) -> None:
    _fail(world, 5)
    assert _locked_for(world) == 30
    assert _events(world, world.users["receptionist"])[-1] == "login_locked"


def test_an_unknown_username_locks_just_the_same(world: World) -> None:
    _fail(world, 5, "nobody")
    assert _locked_for(world, "nobody") == 30
    assert _log_in(world).name == "Receptionist One"


def test_the_lock_ends_and_doubles_with_each_further_failure(world: World, clock: FrozenClock) -> None:
    _fail(world, 5)
    for seconds in (30, 60, 120):
        assert _locked_for(world) == seconds
        clock.advance(seconds=seconds)
        _fail(world, 1)
    clock.advance(seconds=240)
    assert _log_in(world).name == "Receptionist One"
    _fail(world, 4)  # success has set the count back
    assert _log_in(world).name == "Receptionist One"


def test_tries_while_locked_do_not_lengthen_the_lock(world: World, clock: FrozenClock) -> None:
    _fail(world, 5)
    for _ in range(20):
        _locked_for(world, password="not the password")
    clock.advance(seconds=30)
    assert _log_in(world).name == "Receptionist One"


def test_the_lock_survives_a_restart(world: World, clock: FrozenClock) -> None:
    _fail(world, 5)
    restarted = Database.open(world.db.address.url.render_as_string(hide_password=False), clock=clock)
    try:
        assert _locked_for(world, db=restarted) == 30
    finally:
        restarted.close()


def test_a_clock_set_back_neither_opens_nor_lengthens_the_lock(world: World, clock: FrozenClock) -> None:
    _fail(world, 5)
    clock.now -= timedelta(days=900)
    assert _locked_for(world) == 30
    clock.advance(seconds=29)
    assert _locked_for(world) == 1
    clock.advance(seconds=1)
    assert _log_in(world).name == "Receptionist One"


def test_a_clock_set_forward_buys_one_guess_and_a_longer_lock(world: World, clock: FrozenClock) -> None:
    _fail(world, 5)
    clock.advance(days=900)
    _fail(world, 1)
    assert _locked_for(world) == 60


def test_parallel_guesses_do_not_outrun_the_counter(world: World) -> None:
    barrier = Barrier(10)

    def guess(_: int) -> type[ClinicError]:
        barrier.wait(timeout=30)
        with pytest.raises(ClinicError) as refused:
            _log_in(world, password="not the password")
        return refused.type

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(guess, range(10)))
    assert (answers.count(LoginRefused), answers.count(LoginLocked)) == (5, 5)


def test_a_disabled_user_is_refused_and_his_sessions_end(world: World, clock: FrozenClock) -> None:
    actor = _log_in(world)
    world.db.run(world.actor("admin"), commands.disable_user, user_id=world.users["receptionist"])
    with world.db.read() as session, pytest.raises(SessionEnded):
        still_valid(session, actor, clock.now)
    with pytest.raises(AccountDisabled):
        _log_in(world)
    with pytest.raises(LoginRefused):
        _log_in(world, password="not the password")
    world.db.run(world.actor("admin"), commands.enable_user, user_id=world.users["receptionist"])
    assert _log_in(world) == actor


def test_a_first_password_must_be_changed(world: World) -> None:
    _give_password(world, "nurse", SECRET, must_change=True)
    with pytest.raises(PasswordChangeRequired):
        _log_in(world, "nurse")
    change_password(world.db, "nurse", SECRET, "quiet-harbour-91")
    with pytest.raises(LoginRefused):
        _log_in(world, "nurse")
    assert _log_in(world, "nurse", "quiet-harbour-91").name == "Nurse One"
    assert _events(world, world.users["nurse"])[-3:] == ["password_changed", "login_failed", "logged_in"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short-7", "password_too_short"),
        ("Password123", "password_too_common"),
        ("zzzzzzzzzzzz", "password_too_common"),
        ("RECEPTIONIST", "password_too_common"),
        ("x" * 64 + "y" * 65, "too_long"),
        (SECRET, "password_unchanged"),
    ],
)
def test_weak_new_passwords_are_refused(world: World, password: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        change_password(world.db, "receptionist", SECRET, password)
    assert refused.value.reason == reason


@pytest.mark.parametrize("password", ["abcdefg-", "кошка под дождём", "x y" * 30, "पासवर्ड-मेरा", "ﬁne-ligature"])
def test_long_and_foreign_passwords_work(world: World, password: str) -> None:
    change_password(world.db, "receptionist", SECRET, password)
    assert _log_in(world, password=password).name == "Receptionist One"


def test_changing_a_password_needs_the_old_one_and_counts_failures(world: World) -> None:
    for _ in range(5):
        with pytest.raises(LoginRefused):
            change_password(world.db, "receptionist", "not the password", "quiet-harbour-91")
    assert _locked_for(world) == 30


def test_a_hash_is_renewed_when_the_cost_is_raised(world: World, stretching: Callable[[Stretching], None]) -> None:
    stretching(Stretching(passes=2, memory_kib=128, lanes=1))
    where = {"clinic_id": world.clinic_id, "workstation_id": world.workstations["cashier"]}
    log_in(world.db, "receptionist", SECRET, **where)
    with world.db.read() as session:
        attempt_hash = _stored_hash(session, world.users["receptionist"])
    assert not passwords.outdated(attempt_hash)
    assert log_in(world.db, "receptionist", SECRET, **where).name == "Receptionist One"


def _stored_hash(session: Session, user_id: UUID) -> str:
    return str(session.scalar(select(User.password_hash).where(User.id == user_id)))


def test_one_person_at_a_workstation(world: World, clock: FrozenClock) -> None:
    _give_password(world, "cashier", SECRET)
    first, second = _log_in(world), _log_in(world, "cashier")
    with world.db.read() as session:
        with pytest.raises(SessionEnded):
            still_valid(session, first, clock.now)
        assert still_valid(session, second, clock.now) == second


def test_a_session_ends_by_logging_out_and_by_itself(world: World, clock: FrozenClock) -> None:
    actor, elsewhere = _log_in(world), _log_in(world, at="cashier")
    world.db.run(actor, commands.log_out)
    with world.db.read() as session:
        with pytest.raises(SessionEnded):
            still_valid(session, actor, clock.now)
        assert still_valid(session, elsewhere, clock.now) == elsewhere
        with pytest.raises(SessionEnded):
            still_valid(session, elsewhere, clock.now + timedelta(hours=15))


def test_a_new_password_ends_open_sessions_and_the_lock(world: World, clock: FrozenClock) -> None:
    actor = _log_in(world)
    _fail(world, 5)
    _give_password(world, "receptionist", "quiet-harbour-91")
    with world.db.read() as session, pytest.raises(SessionEnded):
        still_valid(session, actor, clock.now)
    assert _log_in(world, password="quiet-harbour-91") == actor


def test_no_secret_reaches_the_journal(world: World) -> None:
    _log_in(world)
    _fail(world, 1)
    change_password(world.db, "receptionist", SECRET, "quiet-harbour-91")
    with world.db.read() as session:
        kept = "\n".join(session.scalars(select(AuditLog.changes)))
    assert "receptionist" in kept
    for secret in ("argon2", SECRET, "quiet-harbour", "not the password"):
        assert secret not in kept
    assert "argon2" not in repr(passwords.new(SECRET, username="x"))


def test_a_second_person_vouches_without_a_session(world: World, clock: FrozenClock) -> None:
    _log_in(world)
    cashier = world.actor("cashier")
    _give_password(world, "admin", SECRET)
    with pytest.raises(LoginRefused):
        confirm_identity(world.db, "admin", "not the password", asking=cashier)
    assert confirm_identity(world.db, "admin", SECRET, asking=cashier) == world.actor("admin")
    assert _events(world, world.users["admin"])[-2:] == ["login_failed", "identity_confirmed"]
    with world.db.read() as session:
        assert [one.user_id for one in open_sessions(session, now=clock.now)] == [world.users["receptionist"]]
    _give_password(world, "admin", SECRET, must_change=True)
    with pytest.raises(PasswordChangeRequired):
        confirm_identity(world.db, "admin", SECRET, asking=cashier)
    world.db.run(world.system(), commands.disable_user, user_id=world.users["admin"])
    with pytest.raises(AccountDisabled):
        confirm_identity(world.db, "admin", SECRET, asking=cashier)
