"""The outbound queue: what is said is sent once or said to have failed, whatever the server, the network or a crash does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access.resets import request_reset_mail
from clinic_desktop.clinic.messages import commands
from clinic_desktop.clinic.messages.delivery import Delivered, deliver_due, deliver_in_background
from clinic_desktop.clinic.messages.models import QueuedMessage
from clinic_desktop.clinic.messages.queries import message_counts, outbound
from clinic_desktop.clinic.messages.rules import (
    LEASE,
    MOST_ATTEMPTS,
    Channel,
    MailNotSetUp,
    MessageStatus,
    Outgoing,
    Text,
    Undeliverable,
    wait_after,
)
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.security import Actor
from tests.clinic.access.people import second_computer
from tests.clinic.world import World
from tests.conftest import FrozenClock

PROGRAM = Actor.system("messages")


@dataclass
class Postman:
    """A transport that takes messages, after refusing as often as it is told."""

    refusals: list[Undeliverable] = field(default_factory=list)
    taken: list[Outgoing] = field(default_factory=list)

    def send(self, message: Outgoing) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append(message)
        return f"provider-{len(self.taken)}"


def queue(world: World, number: int = 1, *, channel: Channel = Channel.EMAIL, minutes: float | None = None) -> None:
    """Messages to as many people, each with its number in the address and in the body."""
    with world.db.write(world.system()) as tx:
        tx.command = "test.queue"
        for one in range(number):
            commands.enqueue(
                tx,
                channel=channel,
                topic="test",
                recipient=f"person{one}@clinic.example" if channel is Channel.EMAIL else f"+9198765432{one:02}",
                text=Text("Hello" if channel is Channel.EMAIL else "", f"Body {one}"),
                key=f"{channel}:{one}",
                not_after=None if minutes is None else tx.now + timedelta(minutes=minutes),
            )


def rows(world: World) -> list[QueuedMessage]:
    with world.db.read() as session:
        return list(session.scalars(select(QueuedMessage).order_by(QueuedMessage.id)))


def statuses(world: World) -> list[MessageStatus]:
    return [row.status for row in rows(world)]


def test_what_is_queued_is_sent_once_and_forgotten(world: World, clock: FrozenClock) -> None:
    queue(world, 3)
    postman = Postman()
    assert deliver_due(world.db, postman) == Delivered(sent=3)
    assert [(one.recipient, one.subject, one.body) for one in postman.taken] == [
        (f"person{n}@clinic.example", "Hello", f"Body {n}") for n in range(3)
    ]
    assert deliver_due(world.db, postman) == Delivered()
    for row in rows(world):
        assert (row.status, row.payload, row.sent_at, row.retry_count) == (MessageStatus.SENT, None, clock.now, 1)
        assert row.provider_id is not None


def test_one_key_is_queued_once(world: World) -> None:
    queue(world)
    queue(world)
    assert len(rows(world)) == 1


def test_a_message_of_a_transaction_that_failed_is_not_sent(world: World) -> None:
    class TakenBack(Exception):
        pass

    with pytest.raises(TakenBack), world.db.write(world.system()) as tx:
        tx.command = "test.queue"
        commands.enqueue(tx, channel=Channel.EMAIL, topic="t", recipient="a@b.example", text=Text("", ""), key="k")
        raise TakenBack
    assert rows(world) == []


def test_a_refusal_waits_longer_each_time_and_then_the_message_is_given_up(world: World, clock: FrozenClock) -> None:
    queue(world)
    waits = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert deliver_due(world.db, Postman([Undeliverable("451 later")])).failed == 1
        (row,) = rows(world)
        if attempt < MOST_ATTEMPTS:
            assert (row.status, row.retry_count, row.last_error) == (MessageStatus.FAILED, attempt, "451 later")
            assert deliver_due(world.db, Postman()) == Delivered()  # not before its time
            waits.append((row.next_attempt_at - clock.now).total_seconds())
            clock.now = row.next_attempt_at
    assert (row.status, row.payload) == (MessageStatus.DEAD, None)
    assert all(24 * 2**n <= wait <= 36 * 2**n for n, wait in enumerate(waits))
    assert deliver_due(world.db, Postman()) == Delivered()


def test_waiting_times_stay_within_an_hour_and_spread() -> None:
    assert wait_after(1, 0.5) == timedelta(seconds=30)
    assert wait_after(60, 0.5) == timedelta(hours=1)
    assert wait_after(3, 0.0) < wait_after(3, 1.0)


def test_a_refusal_for_good_is_not_tried_again(world: World) -> None:
    queue(world)
    deliver_due(world.db, Postman([Undeliverable("550 no such person", for_good=True)]))
    assert statuses(world) == [MessageStatus.DEAD]


def test_what_was_given_up_cannot_be_sent_again_but_what_waits_can_be_sent_now(world: World) -> None:
    queue(world, 2)
    deliver_due(world.db, Postman([Undeliverable("550", for_good=True), Undeliverable("451")]))
    dead, failed = rows(world)
    with pytest.raises(InvalidInput):
        world.db.run(world.actor("admin"), commands.try_again, message_id=dead.id)
    world.db.run(world.actor("admin"), commands.try_again, message_id=failed.id)
    assert deliver_due(world.db, Postman()).sent == 1


def test_a_code_that_expired_is_not_sent_any_more(world: World, clock: FrozenClock) -> None:
    queue(world, 2, minutes=10)
    clock.advance(minutes=10)
    assert deliver_due(world.db, Postman()) == Delivered()
    assert statuses(world) == [MessageStatus.DEAD] * 2


def test_a_program_that_crashed_leaves_its_message_to_the_next_one(world: World, clock: FrozenClock) -> None:
    queue(world)

    class Crash(BaseException):
        pass

    class Crashing:
        def send(self, _message: Outgoing) -> str:
            raise Crash

    with pytest.raises(Crash):
        deliver_due(world.db, Crashing())
    assert statuses(world) == [MessageStatus.SENDING]
    assert deliver_due(world.db, Postman()) == Delivered()
    clock.now += LEASE
    with second_computer(world) as other:
        assert deliver_due(other, Postman()).sent == 1


def test_a_slow_program_does_not_undo_what_the_next_one_did(world: World, clock: FrozenClock) -> None:
    queue(world)
    (taken,) = world.db.run(PROGRAM, commands.claim_due, channels=(Channel.EMAIL,), limit=1)
    clock.now += LEASE
    deliver_due(world.db, Postman())
    world.db.run(PROGRAM, commands.settle, message_id=taken.message_id, error="timed out")
    assert statuses(world) == [MessageStatus.SENT]


def test_a_clock_that_was_set_back_keeps_nothing_waiting(world: World, clock: FrozenClock) -> None:
    queue(world)
    clock.now -= timedelta(days=900)
    assert deliver_due(world.db, Postman()).sent == 1


def test_two_programs_share_the_work(world: World) -> None:
    queue(world, 12)
    barrier = Barrier(3)

    def run(_: int) -> list[UUID]:
        postman = Postman()
        barrier.wait(timeout=30)
        deliver_due(world.db, postman)
        return [one.message_id for one in postman.taken]

    with ThreadPoolExecutor(3) as pool:
        taken = [one for part in pool.map(run, range(3)) for one in part]
    assert len(taken) == len(set(taken)) == 12
    assert statuses(world) == [MessageStatus.SENT] * 12


def test_only_the_program_delivers(world: World) -> None:
    for act in (
        lambda: world.db.run(world.actor("super_admin"), commands.claim_due, channels=(Channel.EMAIL,), limit=1),
        lambda: world.db.run(world.actor("super_admin"), commands.settle, message_id=UUID(int=1)),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_without_a_mail_server_messages_wait(world: World) -> None:
    queue(world)
    with pytest.raises(MailNotSetUp):
        deliver_due(world.db)
    assert deliver_in_background(world.db) == Delivered()
    assert statuses(world) == [MessageStatus.QUEUED]


def test_what_a_message_says_is_in_no_journal_and_no_list(world: World) -> None:
    user_id = world.users["doctor"]
    details: dict[str, Any] = {"username": "doctor", "full_name": "Doctor One", "email": "one@clinic.example"}
    world.db.run(world.system(), access.edit_user, user_id=user_id, **details)
    request_reset_mail(world.db, "doctor")
    postman = Postman()
    deliver_due(world.db, postman)
    token = postman.taken[0].body.split("The code is:")[1].split("Type")[0].strip()
    assert len(token.replace(" ", "")) == 16
    with world.db.read() as session:
        kept = "\n".join(session.scalars(select(AuditLog.changes)))
        assert [(row.topic, row.recipient) for row in outbound(session)] == [("password_reset", "one@clinic.example")]
        assert message_counts(session) == {MessageStatus.SENT: 1}
    assert token not in kept
    assert token.replace(" ", "") not in kept
    assert token not in repr(postman.taken)
