"""SIGKILL at the points of sync where it would hurt: a site and central are processes, and whatever was said stays so, once.

``CLINIC_FAULT_ROUNDS`` of 100 or more kills a first load at many pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.models import IdCard, Patient
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.loading import is_loading
from clinic_desktop.sync.outbox import own_changes
from tests.databases import address_of, drop, fresh
from tests.faults.killing import Zygote, zygote
from tests.sync.chain import Chain, caller, renewed
from tests.sync.houses import Houses, all_rows, row_of
from tests.sync.killed_child import NOWHERE

load_checks()
IS_LONG = int(os.environ.get("CLINIC_FAULT_ROUNDS", "8")) >= 100
# Central takes in one commit what a round sends; so does a site what it reads, with the cursor.
POINTS = ["before 1", "after 1"]
LOADING = [f"after {number}" for number in range(2, 60, 3)] if IS_LONG else ["before 8"]


@pytest.fixture(scope="module")
def workers() -> Iterator[Zygote]:
    with zygote() as made:
        yield made


def turn(
    workers: Zygote, central: Database, site: Database, place: Path, *, what: str, at_central: str = NOWHERE, at_site: str = NOWHERE
) -> str:
    """One turn of a site with both ends in processes of their own; what came of it."""
    for one in (central, site):
        one.engine.dispose()
    ends = [workers.start("central", address_of(central), str(place), at_central)]
    assert workers.hear() == "listening"
    ends.append(workers.start("site", address_of(site), str(place), at_site, what))
    told = "" if at_site != NOWHERE else workers.hear()
    for pid in reversed(ends):
        workers.wait_for(pid)
    return told


def test_03_either_end_is_killed_before_and_after_it_commits(houses: Houses, workers: Zygote, tmp_path: Path) -> None:
    main, north, place = houses.main, houses.north, tmp_path / "line"
    card = shared_card(houses)
    prints = 0
    for number, points in enumerate([{end: point} for end in ("at_central", "at_site") for point in POINTS]):
        for house in (main, north):
            house.db.run(house.room.world.system(), patients.record_card_printed, card_id=card)
            house.register(f"Asha {number}")
        prints += 2
        houses.chain.sync("NORTH")
        told = turn(workers, houses.central, main.db, place, what="round", **points)
        assert told == "" or told.startswith("broke off"), told
        assert turn(workers, houses.central, main.db, place, what="round") == "done"
        assert row_of(houses.central, IdCard, card).print_count == prints, points
    houses.agree()
    assert main.read(IdCard, card).print_count == north.read(IdCard, card).print_count == prints


def shared_card(houses: Houses) -> UUID:
    """An id card of which both houses know: each print counts, once."""
    house = houses.main
    patient_id = house.register("Usha")
    clinic_id = house.room.world.clinic_id
    card = house.db.run(house.room.world.system(), patients.issue_id_card, key=new_id(), clinic_id=clinic_id, patient_id=patient_id)
    houses.chain.settle()
    key: UUID = card.id
    return key


def test_35_a_first_load_is_killed_again_and_again(houses: Houses, engine_name: str, workers: Zygote, tmp_path: Path) -> None:
    south, _ = fresh(engine_name, tmp_path, houses.central.clock)
    renewed(south)
    chain = Chain(houses.central)
    site = chain.join("SOUTH", south)
    try:
        for point in LOADING:
            turn(workers, houses.central, south, tmp_path / "line", at_site=point, what="load")
            assert is_loading(site)
        assert turn(workers, houses.central, south, tmp_path / "line", what="load") == "done"
        assert not is_loading(site)
        assert chain.differences() == []
    finally:
        drop(south)


@pytest.mark.parametrize("engine_name", ["postgres"])
def test_01_desks_that_commit_while_their_site_syncs_lose_nothing(houses: Houses, workers: Zygote, tmp_path: Path) -> None:
    """Sequence order is commit order: whatever page the site reads between two commits, no change set is ever passed over."""
    main, stop = houses.main, tmp_path / "stop"
    for number in range(4):
        workers.start("desk", address_of(main.db), str(main.room.world.clinic_id), f"Desk{number}", str(stop))
    while all_rows(main.db, Patient) == []:
        pass  # the first desk is at work
    pushed: list[int] = []
    while len(pushed) < 12 or sum(one > 0 for one in pushed) <= 3:  # on a busy machine a round may be faster than all of them
        assert len(pushed) < 1_000, "they were not at work at the same time"
        pushed.append(houses.chain.sites["MAIN"].round().pushed)
    stop.touch()
    kept = sum(int(workers.hear().removeprefix("kept ")) for _ in range(4))
    houses.agree()
    with main.db.read() as session:
        sent = [one.seq for one in own_changes(session.connection(), 0, 1 << 30)]
    origin = JournalOrigin
    with houses.central.read() as session:
        me = caller(main.db).database_id
        taken = list(session.scalars(select(origin.origin_seq).where(origin.database_id == me).order_by(origin.seq)))
    assert taken == sent
    assert len(all_rows(houses.north.db, Patient)) == kept
