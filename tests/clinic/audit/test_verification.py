"""Verifying page by page: as the whole walk finds it, while others write, against what was seen before; and it is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic_desktop.clinic.audit import queries
from clinic_desktop.clinic.audit.queries import AuditFilter
from clinic_desktop.clinic.audit.verification import compare, verify_journal
from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.kernel import identity
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.journal_proof import Anchor, BrokenLink, Walked, head, verify, walk
from tests.clinic.world import World
from tests.kernel.test_journal import raw, without_triggers


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anchors lie in a folder of the test."""
    monkeypatch.setenv(identity.STATE_VARIABLE, str(tmp_path / "state"))


def newest(world: World) -> Anchor:
    with world.db.read() as session:
        return head(session)


def verifications(world: World) -> list[dict[str, object]]:
    with world.db.read() as session:
        page = queries.audit_page(session, world.actor("auditor"), AuditFilter(command="audit.record_verification"))
    return [dict(entry.note) for entry in page.entries]


@pytest.mark.parametrize("page", [1, 7, 10_000])
def test_page_by_page_is_as_good_as_at_once(world: World, page: int) -> None:
    walked, pages = Walked(), 0
    while not walked.is_end:
        with world.db.read() as session:
            walked = walk(session, walked, page=page)
        pages += 1
    last = newest(world)
    assert (walked.seq, walked.hash.hex(), walked.broken) == (last.seq, last.hash, None)
    assert pages == last.seq // page + 1


@pytest.mark.parametrize("page", [1, 7, 10_000])
def test_tampering_on_any_page_is_named(world: World, page: int) -> None:
    without_triggers(world.db, "journal", "UPDATE journal SET reason = 'None' WHERE seq = 21")
    walked = Walked()
    while not walked.is_end:
        with world.db.read() as session:
            walked = walk(session, walked, page=page)
    assert (walked.seq, walked.broken) == (20, BrokenLink(21, "altered"))


def test_others_go_on_writing_meanwhile(world: World) -> None:
    """Between two pages somebody commits: the walk sees it at its end, and finds nothing wrong."""
    walked, value = Walked(), 1
    while not walked.is_end and value < 30:
        with world.db.read() as session:
            walked = walk(session, walked, page=5)
        value += 1
        if value % 3 == 0:
            world.db.run(world.actor("admin"), set_setting, key="queue.skip_behind", value=value)
    assert walked.is_end
    assert walked.broken is None
    assert walked.seq == newest(world).seq or value % 3 == 0


def test_who_verified_is_noted_with_the_head_of_that_moment(world: World) -> None:
    before = newest(world)
    told: list[tuple[int, int]] = []
    found = verify_journal(world.db, world.actor("auditor"), advance=lambda done, of: told.append((done, of)))
    assert (found.head_seq, found.head_hash, found.broken) == (before.seq, before.hash, None)
    assert told == [(before.seq, before.seq)]
    assert verifications(world) == [{"event": "verified", "head_seq": before.seq, "head_hash": before.hash}]


def test_what_was_broken_is_noted_too(world: World) -> None:
    without_triggers(world.db, "audit_logs", "DELETE FROM audit_logs WHERE seq = 12")
    assert verify_journal(world.db, world.actor("auditor")).broken == BrokenLink(12, "altered")
    (note,) = verifications(world)
    assert (note["broken_seq"], note["problem"]) == (12, "altered")


def test_a_tail_that_was_cut_off_neatly_is_found_by_what_this_computer_saw(world: World) -> None:
    """Somebody takes the newest entries away and sets the head back: the chain is whole in itself."""
    identity.remember(world.db)
    with world.db.read() as session:
        assert verify(session).broken is None
    last = newest(world)
    cut = f"seq > {last.seq - 3}"
    take = "UPDATE journal_head SET {} = (SELECT {} FROM journal WHERE seq = {})"
    without_triggers(world.db, "audit_logs", f"DELETE FROM audit_logs WHERE {cut}")
    without_triggers(world.db, "journal", f"DELETE FROM journal WHERE {cut}")
    raw(world.db, *(take.format(name, name, last.seq - 3) for name in ("hash", "hlc", "seq")))
    with world.db.read() as session:
        assert verify(session).broken is None
    assert verify_journal(world.db, world.actor("auditor")).broken == BrokenLink(last.seq - 2, "truncated")


def test_a_printed_head_is_in_the_chain_or_not(world: World) -> None:
    actor, last = world.actor("auditor"), newest(world)
    spaced = " ".join((last.hash[:8], last.hash[8:16])).upper()
    assert compare(world.db, actor, written=Anchor(last.seq, spaced)) is None
    assert compare(world.db, actor, written=Anchor(last.seq - 1, last.hash)) == BrokenLink(last.seq - 1, "replaced")
    assert compare(world.db, actor, written=Anchor(last.seq + 1, last.hash)) == BrokenLink(last.seq + 1, "truncated")


def test_only_who_may_read_the_trail_verifies_it(world: World) -> None:
    for act in (
        lambda: verify_journal(world.db, world.actor("cashier")),
        lambda: compare(world.db, world.actor("cashier"), written=newest(world)),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_who_cancels_stops_it_and_nothing_is_noted(world: World) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify_journal(world.db, world.actor("auditor"), advance=stop)
    assert verifications(world) == []
