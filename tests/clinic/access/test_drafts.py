"""Drafts: kept for the person who typed them, within bounds, and in no journal."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.models import Draft
from clinic_desktop.clinic.access.queries import DraftRow, own_drafts
from clinic_desktop.clinic.access.rules import MOST_DRAFTED, DraftsTooLarge
from clinic_desktop.kernel.capture import JournalBypass
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.journal_proof import head, verify
from clinic_desktop.kernel.security import Actor
from tests.clinic.world import World
from tests.conftest import START, FrozenClock

Keep = Callable[..., None]


@pytest.fixture
def keep(world: World) -> Keep:
    """``keep("receptionist", booking="{}")``: a person's drafts by screen."""

    def run(role: str, *, open_screen: str | None = None, **changed: str | None) -> None:
        world.db.run(world.actor(role), commands.keep_drafts, changed=changed, open_screen=open_screen)

    return run


def drafts(world: World, role: str) -> list[DraftRow]:
    with world.db.read() as session:
        return own_drafts(session, world.actor(role))


def test_what_is_kept_comes_back_to_its_owner_only(world: World, keep: Keep) -> None:
    keep("receptionist", registration='{"name": "آشا"}', open_screen="registration")
    keep("nurse", queue="{}")
    assert drafts(world, "receptionist") == [DraftRow("registration", '{"name": "آشا"}', True, START)]
    assert [row.screen for row in drafts(world, "nurse")] == ["queue"]
    assert drafts(world, "admin") == []
    keep("nurse", registration=None, queue=None)
    assert [row.screen for row in drafts(world, "receptionist")] == ["registration"]
    assert drafts(world, "nurse") == []


def test_only_what_changed_is_written_and_the_time_of_typing_stays(world: World, keep: Keep, clock: FrozenClock) -> None:
    keep("doctor", consultation="1", booking="2", open_screen="consultation")
    clock.advance(minutes=5)
    later = clock.now
    keep("doctor", consultation="3", open_screen="booking")
    assert drafts(world, "doctor") == [DraftRow("booking", "2", True, START), DraftRow("consultation", "3", False, later)]


def test_a_cleared_draft_leaves_only_where_the_person_was(world: World, keep: Keep) -> None:
    keep("doctor", consultation="1", booking="2", open_screen="consultation")
    keep("doctor", consultation=None, booking=None, open_screen="consultation")
    assert [(row.screen, row.body, row.is_open) for row in drafts(world, "doctor")] == [("consultation", None, True)]
    keep("doctor", open_screen="queue")
    assert [(row.screen, row.is_open) for row in drafts(world, "doctor")] == [("queue", True)]
    keep("doctor")
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_nothing_of_it_is_in_the_journal(world: World, keep: Keep) -> None:
    with world.db.read() as session:
        before = head(session)
    keep("receptionist", registration="secret words", open_screen="registration")
    keep("receptionist", registration="other words")
    keep("receptionist", registration=None)
    with world.db.read() as session:
        assert head(session) == before
        assert session.scalar(select(func.count()).select_from(AuditLog).where(AuditLog.entity_type == "drafts")) == 0
        assert verify(session).broken is None


def test_it_is_bounded_and_a_refusal_leaves_what_was_kept(world: World, keep: Keep) -> None:
    keep("doctor", consultation="short", booking="x" * (MOST_DRAFTED // 2))
    with pytest.raises(DraftsTooLarge) as refused:
        keep("doctor", consultation="y" * (MOST_DRAFTED // 2))
    assert refused.value.params == {"limit": MOST_DRAFTED}
    assert [row.body for row in drafts(world, "doctor") if row.screen == "consultation"] == ["short"]
    keep("doctor", booking=None, consultation="y" * (MOST_DRAFTED // 2))
    with pytest.raises(DraftsTooLarge):
        keep("nurse", **{f"{number:080}": "" for number in range(MOST_DRAFTED // 80 + 1)})
    for code in ("s" * 81, " "):
        with pytest.raises(InvalidInput):
            keep("nurse", **{code: "{}"})
    with pytest.raises(InvalidInput):
        keep("nurse", open_screen="s" * 81)


def test_it_is_for_people_with_an_account_and_the_right(world: World) -> None:
    with pytest.raises(NotFound):
        world.db.run(Actor.system(), commands.keep_drafts, changed={}, open_screen="queue")
    with pytest.raises(PermissionDenied):
        world.db.run(Actor(world.users["nurse"], "Nurse"), commands.keep_drafts, changed={}, open_screen="queue")
    assert drafts(world, "nurse") == []


def test_two_computers_of_one_person_may_write_at_once(world: World) -> None:
    rounds, start, actor = range(25), Barrier(4, timeout=60), world.actor("receptionist")

    def write(number: int) -> None:
        for screen in map(str, rounds):
            start.wait()
            world.db.run(actor, commands.keep_drafts, changed={screen: str(number)}, open_screen=screen)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    found = drafts(world, "receptionist")
    assert {row.screen for row in found} == set(map(str, rounds))
    assert {row.body for row in found} <= {"0", "1", "2", "3"}
    assert [row.is_open for row in found].count(True) == 1


def test_bulk_statements_on_it_are_refused_as_everywhere(world: World) -> None:
    with pytest.raises(JournalBypass), world.db.write(world.system()) as tx:
        tx.session.execute(Draft.__table__.delete())  # type: ignore[attr-defined]
