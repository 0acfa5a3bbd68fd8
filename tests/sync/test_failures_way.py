"""What happens on the way, to a database or to a clock: the failures of SYNC.md by number, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import event, select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.staff.models import Specialty
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.schema import newest_revision
from clinic_desktop.sync.central import answer
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.models import SyncLink
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.wire import Push, Taken, WireRow, pack, unpack
from tests.sync.chain import Direct, caller
from tests.sync.houses import ON_FILES, Houses, row_of, waiting

load_checks()


class Trouble(Exception):
    """The power failed."""


class Way(Direct):
    """A way to central on which something happens: ``happens(verb, body, go)`` answers in its place."""

    happens: Callable[[str, bytes, Callable[[], bytes]], bytes]

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central, if it comes to that."""
        return self.happens(verb, body, lambda: super(Way, self).ask(verb, body))


def on_the_way(houses: Houses, code: str, happens: Callable[[str, bytes, Callable[[], bytes]], bytes]) -> Site:
    """Let something happen on a site's way to central."""
    site = houses.chain.sites[code]
    way = Way(houses.central, site.database)
    way.happens = happens
    site.channel = way
    return site


def mend(houses: Houses, code: str) -> None:
    """The way is free again."""
    site = houses.chain.sites[code]
    site.channel = Direct(houses.central, site.database)


def head(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(JournalHead.seq)).one()


def pushes(houses: Houses, code: str) -> list[bytes]:
    """What a site would send, one change set in each body; nothing of it arrives."""
    bodies: list[bytes] = []

    def stolen(verb: str, body: bytes, go: Callable[[], bytes]) -> bytes:
        if verb == "push":
            push = unpack(Push, body)
            bodies.extend(pack(Push(push.revision, [one], push.database_id)) for one in push.changes)
            raise Offline(reason="timeout")
        return go()

    with pytest.raises(Offline):
        on_the_way(houses, code, stolen).round()
    mend(houses, code)
    return bodies


def test_02_and_03_what_was_not_committed_is_nowhere(houses: Houses) -> None:
    """A command that fails, central that dies before and after its commit, and a site that does."""
    house, site = houses.main, houses.chain.sites["MAIN"]
    with pytest.raises(Trouble), house.db.write(house.room.world.system()) as tx:
        tx.command = "test.fails"
        tx.add(Specialty(name="Never", is_active=True))
        tx.session.flush()
        raise Trouble
    patient_id = house.register("Usha")
    before = head(houses.central)
    with dying(houses.central), pytest.raises(Trouble):
        site.round()
    assert (head(houses.central), row_of(houses.central, Patient, patient_id)) == (before, None)
    houses.chain.settle()
    houses.north.write(Patient, patient_id, remarks="seen")
    houses.chain.sync("NORTH")
    before = head(house.db)
    with dying(house.db, after=1), pytest.raises(Trouble):
        site.round()
    assert (head(house.db), house.read(Patient, patient_id).remarks) == (before, None)
    houses.agree()
    assert house.read(Patient, patient_id).remarks == "seen"


class dying:  # noqa: N801 - reads as what it says
    """A program that dies at a commit, after so many that it lived through."""

    def __init__(self, database: Database, after: int = 0) -> None:
        self.engine, self.left = database.engine, after

    def __enter__(self) -> None:
        event.listen(self.engine, "commit", self._commit)

    def __exit__(self, *gone: object) -> None:
        event.remove(self.engine, "commit", self._commit)

    def _commit(self, _connection: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise Trouble


@ON_FILES
def test_04_and_05_lost_answers_and_repeated_pushes_have_one_effect(houses: Houses) -> None:
    people = [houses.main.register(name) for name in ("Asha", "Usha", "Nisha")]

    def lost(verb: str, _body: bytes, go: Callable[[], bytes]) -> bytes:
        answered = go()
        if verb == "push":
            raise Offline(reason="timeout")
        return answered

    with pytest.raises(Offline):
        on_the_way(houses, "MAIN", lost).round()
    mend(houses, "MAIN")
    assert [row_of(houses.central, Patient, key) is None for key in people] == [False] * 3
    before = head(houses.central)
    assert houses.chain.sync("MAIN")[0].pushed == 0
    for key in people:
        houses.main.write(Patient, key, remarks="once")
    bodies, me = pushes(houses, "MAIN"), caller(houses.main.db)
    for body in (bodies[2], bodies[1]):
        with pytest.raises(Refused) as refused:
            answer(houses.central, me, "push", body)
        assert refused.value.reason == "gap"
    answers = [
        unpack(Taken, answer(houses.central, me, "push", body)).taken_seq
        for body in (bodies[0], bodies[0], bodies[1], bodies[0], bodies[2])
    ]
    assert answers[0] == answers[1] < answers[2] == answers[3] < answers[4]
    assert head(houses.central) == before + 3
    known = unpack(Push, bodies[0])
    (change,) = known.changes
    another = msgspec.structs.replace(change, hash=bytes(32))
    with pytest.raises(Refused) as refused:
        answer(houses.central, me, "push", pack(Push(known.revision, [another])))
    assert refused.value.reason == "diverged", "a copy that went another way before central's last one of it"
    assert head(houses.central) == before + 3
    houses.agree()


UNREAD = (4, 1 << 4)
"""The one bit of a zstandard frame that means nothing: all that was sent is there."""


@ON_FILES
def test_06_what_is_cut_damaged_or_too_large_is_refused(houses: Houses) -> None:
    houses.main.register("Asha", remarks="x" * 400)
    (body,), me, before = pushes(houses, "MAIN"), caller(houses.main.db), head(houses.central)
    rng = Random(6)
    cut = [body[: rng.randrange(len(body))] for _ in range(20)]
    places = [(rng.randrange(4, len(body)), 1 << rng.randrange(8)) for _ in range(60)]
    flipped = [flip(body, *place) for place in places if place != UNREAD]
    bomb = pack(bytes(40 << 20))
    for damaged in (*cut, *flipped, b"", b"\0" * 100, bomb, body + b"x"):
        for verb in ("push", "pull", "hello"):
            with pytest.raises(Refused) as refused:
                answer(houses.central, me, verb, damaged)
            assert refused.value.reason in ("malformed", "oversized")
    assert head(houses.central) == before
    link = read_to(houses.north.db)

    def damaging(verb: str, _body: bytes, go: Callable[[], bytes]) -> bytes:
        answered = go()
        return flip(answered, len(answered) // 2, 4) if verb == "pull" else answered

    houses.chain.sync("MAIN")
    with pytest.raises(Refused):
        on_the_way(houses, "NORTH", damaging).round()
    assert read_to(houses.north.db) == link
    mend(houses, "NORTH")
    houses.agree()


def flip(body: bytes, place: int, bit: int) -> bytes:
    return body[:place] + bytes([body[place] ^ bit]) + body[place + 1 :]


def read_to(database: Database) -> tuple[int, bytes]:
    with database.read() as session:
        link = session.scalars(select(SyncLink)).one()
        return link.pulled_seq, bytes(link.pulled_hash)


def test_06_no_sender_is_trusted(houses: Houses) -> None:
    """Well-formed bodies with nonsense in them are refused or set aside, and never more than that."""
    houses.main.register("Asha")
    (body,), me = pushes(houses, "MAIN"), caller(houses.main.db)
    (change,) = unpack(Push, body).changes
    row = next(one for one in change.rows if one.table == "patients")
    told = msgspec.json.decode(row.changes)

    def with_row(**values: Any) -> list[WireRow]:
        return [*change.rows[:-1], row._replace(changes=msgspec.json.encode(told | values).decode())]

    nonsense: list[dict[str, Any]] = [
        {"rows": with_row(first_name="a\0b")},
        {"rows": with_row(first_name=5)},
        {"rows": with_row(date_of_birth="1990-02-31")},
        {"rows": with_row(search_key=1 << 80)},
        {"rows": with_row(gender="ROBOT")},
        {"rows": with_row(clinic_id="nowhere")},
        {"rows": [row._replace(changes="[]")]},
        {"rows": [row._replace(changes="{")]},
        {"rows": [row._replace(operation="X")]},
        {"rows": [row._replace(table="journal")]},
        {"rows": [row._replace(operation="U", changes='{"remarks": 1}')]},
        {"rows": [row._replace(key=UUID(int=1))]},
        {"rows": [WireRow("patients", row.key, "N", '{"event": "kept_otherwise", "values": {}}')]},
        {"rows": [row._replace(table="a\0b", operation="N", changes="{}")]},
        {"command": "a\0b"},
        {"actor_name": "a\0b"},
        {"reason": "a\0b"},
        {"hlc": -1},
        {"hlc": 1 << 62},
        {"hash": b""},
        {"hash": bytes(4_000)},
        {"seq": change.seq + (1 << 63)},
        {"at": change.at.replace(tzinfo=None)},
        {"at": change.at.replace(year=9999)},
        {"at": change.at.replace(year=1)},
    ]
    for number, wrong in enumerate(nonsense):
        made = msgspec.structs.replace(change, **({"seq": change.seq + number} | wrong))
        try:
            answer(houses.central, me, "push", pack(Push(newest_revision(), [made])))
        except Refused:
            continue
        with houses.central.read() as session:
            assert verify(session).broken is None, wrong
        is_kept = wrong in ({"at": change.at.replace(year=9999)}, {"at": change.at.replace(year=1)})  # whose clock it was, it may say
        asked = [one.reason for one in waiting(houses.central)]
        assert len(asked) == (not is_kept), (number, wrong)
        assert set(asked) <= {"malformed", "not_owner", "parent_missing", "refused_by_database"}
        with houses.central.engine.execution_options(clinic_write=True).begin() as connection:
            connection.exec_driver_sql("DELETE FROM sync_parked_rows")
            connection.exec_driver_sql("DELETE FROM sync_parked")
            connection.exec_driver_sql(f"UPDATE sync_taken SET taken_seq = {change.after} WHERE taken_seq = {made.seq}")
