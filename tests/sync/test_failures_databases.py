"""What happens to a database, a clock or a program: the failures of SYNC.md by number, on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.staff.models import Service
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.identity import accept_as_restored
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.central import answer, retry
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.wire import Hello, Push, pack, unpack
from tests.conftest import FrozenClock
from tests.databases import copied, drop
from tests.sync.chain import Direct, caller
from tests.sync.full_disk import full
from tests.sync.houses import ON_FILES, House, Houses, row_of, waiting
from tests.sync.test_failures_way import head, pushes

load_checks()


def peer(houses: Houses, house: House, **values: Any) -> None:
    """What an operator changes of a site at central."""
    with houses.central.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(update(SyncPeer).where(SyncPeer.site_id == caller(house.db).site_id).values(**values))


@ON_FILES
def test_07_a_pull_that_is_cut_goes_on_and_shows_nothing_half(houses: Houses) -> None:
    people = [houses.main.register(name) for name in ("Asha", "Usha", "Nisha")]
    houses.chain.sync("MAIN")
    site = houses.chain.sites["NORTH"]

    class Cut(Direct):
        left = 2

        def ask(self, verb: str, body: bytes) -> bytes:
            self.left -= verb == "pull"
            if self.left < 0:
                raise Refused("cut")
            return super().ask(verb, body)

    site.channel, site.page_bytes = Cut(houses.central, site.database), 1
    with pytest.raises(Refused):
        site.round()
    there = [houses.north.read(Patient, key) is not None for key in people]
    assert there == [True, True, False]
    site.channel = Direct(houses.central, site.database)
    houses.agree()


def test_11_and_13_a_poisoned_change_set_waits_with_what_depends_on_it_and_the_rest_flow(houses: Houses) -> None:
    north = houses.north
    with north.db.write(north.room.world.system()) as tx:
        tx.command = "sync.forged"  # a service that this house may not keep
        known = tx.session.get_one(Service, north.room.world.services["CONS"])
        values = {one.name: getattr(known, one.name) for one in Service.__table__.columns if one.name not in ("id", "row_version")}
        service = tx.add(Service(**values | {"code": "NEW", "name": "Of the north"}))
    patient_id = north.register("Asha")
    usual, north.room.world.services = north.room.world.services, {"CONS": service.id}
    visit_id = north.room.visit(patient_id)  # three change sets, one upon the other
    north.room.world.services = usual
    other_id = north.register("Usha")
    houses.chain.settle()
    assert [one.reason for one in waiting(houses.central)] == ["not_keeper", "parent_missing", "depends", "depends"]
    assert houses.main.read(Patient, other_id) is not None
    assert houses.main.read(Visit, visit_id) is None

    poison = waiting(houses.central)[0]
    assert not retry(houses.central, poison.id)
    peer(houses, north, keeps_shared_data=True)
    assert retry(houses.central, poison.id)
    houses.agree()
    assert houses.main.read(Visit, visit_id).status == north.read(Visit, visit_id).status


@ON_FILES
def test_21_a_wrong_clock_sends_nothing_and_takes_nobody_along(houses: Houses, clock: FrozenClock) -> None:
    main, north = houses.main, houses.north
    patient_id = main.register("Asha")
    houses.chain.settle()
    north.db.clock = lambda: clock.now + timedelta(days=365)
    north.write(Patient, patient_id, remarks="from next year")
    (round_,) = houses.chain.sync("NORTH")
    assert (round_.clock_ahead, round_.pushed, round_.is_complete) == (True, 0, False)
    main.write(Patient, patient_id, city="Pune")
    houses.chain.sync("MAIN")
    assert row_of(houses.central, Patient, patient_id).city == "Pune"

    north.db.clock = clock
    clock.advance(minutes=1)
    houses.chain.settle()
    latest = int((clock.now + timedelta(minutes=5)).timestamp() * 1000) << 16
    assert clocks(main.db) <= latest
    assert clocks(houses.central) <= latest
    clock.advance(minutes=1)
    north.write(Patient, patient_id, remarks="earlier")
    clock.advance(minutes=1)
    main.write(Patient, patient_id, remarks="later")
    clock.advance(days=1)
    houses.chain.sync("MAIN", "NORTH")
    houses.agree()
    assert north.read(Patient, patient_id).remarks == "later"

    north.db.clock = lambda: clock.now - timedelta(days=700)
    north.write(Patient, patient_id, remarks="with a clock that went back")
    north.db.clock = clock
    houses.agree()
    assert main.read(Patient, patient_id).remarks == "with a clock that went back"


def clocks(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(text("SELECT hlc FROM journal_head")).scalar_one())


def test_27_a_restored_site_gets_back_what_it_had_sent_and_takes_no_number_twice(houses: Houses) -> None:
    main, north = houses.main, houses.north
    known = main.register("Asha")
    houses.chain.sync("NORTH")
    houses.chain.sites["MAIN"].round()
    main.write(Patient, known, remarks="before the backup")
    backup = copied(main.db, houses.folder)
    after = main.register("Usha")
    late = pushes(houses, "MAIN")
    houses.chain.settle()
    north.write(Patient, known, remarks="after the backup")
    houses.chain.sync("NORTH")

    lost = main.db
    houses.replace(main, backup)
    with pytest.raises(Refused) as refused:
        houses.chain.sync("MAIN")
    assert refused.value.reason == "site_went_back"
    accept_as_restored(backup, Actor.system())
    houses.agree()
    assert main.read(Patient, known).remarks == "after the backup"
    assert main.read(Patient, after).patient_number == "PAT-2026-00002"
    with pytest.raises(Refused) as refused:  # what the lost one sent comes in the name of the restored one
        answer(houses.central, caller(backup), "push", late[-1])
    assert refused.value.reason == "superseded"
    fresh = main.register("Nisha")
    assert main.read(Patient, fresh).patient_number == "PAT-2026-00003"
    houses.agree()

    houses.replace(main, lost)  # the old disk comes back to life
    with pytest.raises(Refused) as refused:
        houses.chain.sync("MAIN")
    assert refused.value.reason == "superseded"
    drop(lost)
    houses.replace(main, backup)


def test_28_the_second_of_two_copies_is_refused(houses: Houses) -> None:
    main = houses.main
    main.register("Asha")
    houses.chain.settle()
    clone = copied(main.db, houses.folder)
    first, second = main.register("Usha"), main.room.world
    houses.chain.settle()
    twin = House("MAIN", type(main.room)(second.at(clone), main.room.shelf), main.medicines)
    for name in ("Nisha", "Uma"):
        twin.register(name)
    original = main.db
    houses.replace(main, clone)
    with pytest.raises(Refused) as refused:
        houses.chain.sync("MAIN")
    assert refused.value.reason == "diverged"
    assert main.read(Patient, first) is None  # nothing was mixed
    drop(original)


def test_29_a_restored_central_is_sent_again_what_it_lost(houses: Houses, clock: FrozenClock) -> None:
    """A visit may come before its patient then: it waits, and goes in by itself."""
    main, north = houses.main, houses.north
    known = main.register("Asha")
    houses.chain.settle()
    backup = copied(houses.central, houses.folder)
    patient_id = main.register("Usha", allergies="Latex")
    main.write(Patient, known, remarks="of main")
    clock.advance(minutes=1)
    north.write(Patient, known, remarks="of north")
    houses.chain.settle()
    visit_id = north.room.visit(patient_id)
    houses.chain.settle()

    old = houses.chain.central
    accept_as_restored(backup, Actor.system())
    houses.chain.central = backup
    for site in houses.chain.sites.values():
        site.channel = Direct(backup, site.database)
    houses.chain.sync("NORTH")
    assert "parent_missing" in {one.reason for one in waiting(backup)}
    houses.agree()
    assert row_of(backup, Patient, patient_id).allergies == "Latex"
    assert row_of(backup, Visit, visit_id) is not None
    assert main.read(Patient, known).remarks == "of north"
    drop(old)


def test_31_what_an_older_program_does_not_know_stays(houses: Houses) -> None:
    """Its new rows get what such a column begins with, its edits leave the column alone; what a newer one adds is passed over."""
    main, central = houses.main, houses.central
    patient_id = main.register("Asha")
    bodies, me = pushes(houses, "MAIN"), caller(main.db)
    older = pack(Push("0012", [without(one, "is_restricted") for body in bodies for one in unpack(Push, body).changes]))
    from clinic_desktop.kernel.schema import newest_revision

    behind = f"{int(newest_revision()) - 2:04d}"
    answer(central, me, "push", pack(Push(behind, unpack(Push, older).changes)))
    assert waiting(central) == []
    assert row_of(central, Patient, patient_id).is_restricted is False
    houses.chain.settle()
    houses.north.write(Patient, patient_id, is_restricted=True)
    houses.chain.sync("NORTH")
    main.write(Patient, patient_id, city="Pune")
    (body,) = pushes(houses, "MAIN")
    (change,) = unpack(Push, body).changes
    rows = [one._replace(changes=one.changes.replace('{"', '{"shoe_size":[null,43],"', 1)) for one in change.rows]
    answer(central, me, "push", pack(Push(behind, [msgspec.structs.replace(change, rows=rows)])))
    houses.agree()
    row = main.read(Patient, patient_id)
    assert (row.is_restricted, row.city) == (True, "Pune")


def without(change: Any, column: str) -> Any:
    """A change set as a program sends it that does not have a column."""
    rows = []
    for row in change.rows:
        told = msgspec.json.decode(row.changes)
        told.pop(column, None)
        rows.append(row._replace(changes=msgspec.json.encode(told).decode()))
    return msgspec.structs.replace(change, rows=rows)


@ON_FILES
def test_32_a_newer_program_is_told_that_central_is_older(houses: Houses) -> None:
    patient_id, site = houses.main.register("Asha"), houses.chain.sites["MAIN"]

    class Newer(Direct):
        def ask(self, verb: str, body: bytes) -> bytes:
            if verb == "hello":
                body = pack(msgspec.structs.replace(unpack(Hello, body), revision="9999"))
            return super().ask(verb, body)

    site.channel = Newer(houses.central, site.database)
    with pytest.raises(Refused) as refused:
        site.round()
    assert refused.value.reason == "central_too_old"
    site.channel = Direct(houses.central, site.database)
    houses.agree()
    assert houses.north.read(Patient, patient_id) is not None


@ON_FILES
def test_39_a_revoked_site_works_on_by_itself(houses: Houses, clock: FrozenClock) -> None:
    peer(houses, houses.north, revoked_at=clock.now, revoked_reason="sold")
    patient_id, before = houses.north.register("Asha"), head(houses.central)
    with pytest.raises(Refused) as refused:
        houses.chain.sync("NORTH")
    assert (refused.value.reason, head(houses.central)) == ("revoked", before)
    assert houses.north.read(Patient, patient_id) is not None


def test_41_a_full_disk_acknowledges_nothing(houses: Houses) -> None:
    """Central's disk, then the site's."""
    main, north = houses.main, houses.north
    people = [main.register(f"Asha {number}", remarks="x" * 20_000) for number in range(3)]
    with full(houses.central), pytest.raises((OperationalError, DatabaseUnavailable)):
        houses.chain.sync("MAIN")
    assert row_of(houses.central, Patient, people[0]) is None
    houses.chain.sync("MAIN")
    with full(north.db), pytest.raises((OperationalError, DatabaseUnavailable)):
        houses.chain.sync("NORTH")
    assert north.read(Patient, people[0]) is None
    houses.agree()
