"""Somebody is shut out at another computer: this one stops at the next command, the next read, or the next heartbeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.queries import open_sessions, users
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, PermissionDenied, SessionEnded
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui import heartbeat
from clinic_desktop.ui.work import Work
from tests.clinic.access.people import come_in, give_password, second_computer
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import ENGINES, drop, fresh

Settle = Callable[[], None]
BEAT_MS = 30


@pytest.fixture(params=ENGINES)
def world(request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock) -> Iterator[World]:
    """The clinic of the tests, on both engines: what another computer did must be seen on each."""
    db, built = fresh(request.param, tmp_path, clock, recipe="world", build=build_world)
    yield built.at(db)
    drop(db)


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def elsewhere(world: World) -> Iterator[Database]:
    with second_computer(world) as other:
        yield other


@pytest.fixture
def actor(world: World, work: Work, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """The receptionist, at work here."""
    give_password(world, "receptionist")
    work.actor = come_in(world)
    return work.actor


@pytest.fixture
def ended(work: Work) -> list[ClinicError]:
    """What the work said of the end of the session."""
    told: list[ClinicError] = []
    work.ended.connect(told.append)
    return told


def disable(world: World, elsewhere: Database) -> None:
    elsewhere.run(world.actor("admin"), commands.disable_user, user_id=world.users["receptionist"])


def quickly(work: Work) -> None:
    """Let the heart beat fast enough for a test."""
    (timer,) = work.findChild(heartbeat.Heartbeat).findChildren(QTimer)
    timer.setInterval(BEAT_MS)


def keep(work: Work, owner: QWidget, told: list[Any]) -> None:
    work.do(owner, commands.keep_drafts, changed={}, open_screen="queue", then=told.append, failed=told.append)


def test_the_next_command_is_refused_and_the_end_is_told_once(
    world: World, work: Work, owner: QWidget, settle: Settle, actor: Actor, elsewhere: Database, ended: list[ClinicError]
) -> None:
    told: list[Any] = []
    keep(work, owner, told)
    settle()
    disable(world, elsewhere)
    keep(work, owner, told)
    keep(work, owner, told)
    settle()
    assert [type(one) for one in told] == [type(None), SessionEnded, SessionEnded]
    assert [type(one) for one in ended] == [SessionEnded]


def test_the_next_read_is_refused(
    world: World, work: Work, owner: QWidget, settle: Settle, actor: Actor, elsewhere: Database, ended: list[ClinicError]
) -> None:
    told: list[Any] = []
    disable(world, elsewhere)
    work.read(owner, users, then=told.append)  # without a handler, and no toast besides
    settle()
    assert (told, len(ended)) == ([], 1)


def test_the_heartbeat_notices_while_nobody_does_anything(
    world: World,
    work: Work,
    owner: QWidget,
    settle: Settle,
    qtbot: QtBot,
    actor: Actor,
    elsewhere: Database,
    ended: list[ClinicError],
) -> None:
    busy: list[bool] = []
    work.busy.connect(busy.append)
    quickly(work)
    disable(world, elsewhere)
    qtbot.waitUntil(lambda: len(ended) == 1)
    assert busy == []  # nothing looks busy for it
    heart = work.findChild(heartbeat.Heartbeat)
    (timer,) = heart.findChildren(QTimer)
    assert not timer.isActive()
    heart.beat()
    work.call(owner, list)  # on the same thread: when this is answered, a beat would have been
    settle()
    assert len(ended) == 1


def test_rights_that_were_taken_reach_the_desk_by_themselves(
    world: World, work: Work, qtbot: QtBot, actor: Actor, elsewhere: Database, ended: list[ClinicError]
) -> None:
    changed: list[Actor] = []
    work.rights_changed.connect(changed.append)
    quickly(work)
    elsewhere.run(world.actor("admin"), commands.assign_roles, user_id=actor.user_id, roles=["cashier"])
    qtbot.waitUntil(lambda: len(changed) == 1)
    assert work.actor is changed[0]
    assert work.actor.roles == {"cashier"}
    assert ended == []


def test_a_command_with_a_right_that_was_taken_is_denied(
    world: World, work: Work, owner: QWidget, settle: Settle, actor: Actor, elsewhere: Database
) -> None:
    told: list[Any] = []
    elsewhere.run(world.actor("admin"), commands.assign_roles, user_id=actor.user_id, roles=[])
    keep(work, owner, told)
    settle()
    assert [type(one) for one in told] == [PermissionDenied]
    assert work.actor is not None
    assert work.actor.permissions == frozenset()


def test_the_heartbeat_shows_that_somebody_is_there(world: World, work: Work, qtbot: QtBot, actor: Actor) -> None:
    def seen() -> bool:
        with world.db.read() as session:
            return open_sessions(session, now=world.db.clock())[0].seen_at is not None

    assert not seen()
    quickly(work)
    qtbot.waitUntil(seen)


def test_a_late_answer_does_not_end_the_session_of_who_came_after(
    world: World, work: Work, owner: QWidget, settle: Settle, actor: Actor, elsewhere: Database, ended: list[ClinicError]
) -> None:
    give_password(world, "cashier")
    told: list[Any] = []
    disable(world, elsewhere)
    keep(work, owner, told)
    work.actor = come_in(world, "cashier", at="cashier")
    settle()
    assert [type(one) for one in told] == [SessionEnded]
    assert ended == []


def test_the_heart_rests_while_nobody_is_at_work(world: World, work: Work, qtbot: QtBot, actor: Actor, ended: list[ClinicError]) -> None:
    quickly(work)
    (timer,) = work.findChild(heartbeat.Heartbeat).findChildren(QTimer)
    assert timer.isActive()
    work.actor = None
    assert not timer.isActive()
    work.actor = world.actor("admin")  # no session: tests, and the program itself
    assert not timer.isActive()


def test_a_second_beat_waits_for_the_answer_to_the_first(world: World, work: Work, owner: QWidget, settle: Settle, actor: Actor) -> None:
    heart = work.findChild(heartbeat.Heartbeat)
    asked: list[object] = []
    real, heart._ask = heart._ask, asked.append
    heart.beat()
    heart.beat()
    assert len(asked) == 1
    real(asked[0])
    settle()
