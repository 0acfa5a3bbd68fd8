"""Digests prove that two databases hold the same, and single rows are put right where they do not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.clinical.models import PrescriptionItem
from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.sync import overseeing
from clinic_desktop.sync.comparing import Compared, compare, go_on
from clinic_desktop.sync.digests import Stretch, digest, travelling_tables
from clinic_desktop.sync.errors import Busy
from clinic_desktop.sync.loading import is_loading, load
from clinic_desktop.sync.models import SyncLink
from clinic_desktop.sync.offering import offer_rows
from clinic_desktop.sync.shapes import shapes
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.slices import KEPT_FOR
from clinic_desktop.sync.wire import AskDigests, AskRows, Digests, Mark, unpack
from tests.clinic.test_query_plans import heard
from tests.conftest import FrozenClock
from tests.sync.chain import Chain, Direct, caller, state_of


def lie(database: Database, key: UUID, address: str) -> None:
    """What a failing disk does: a row is another one, and no journal knows."""
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(Patient.__table__.update().where(Patient.id == key).values(address=address))


def somebody(database: Database) -> UUID:
    with database.read() as session:
        return session.scalars(select(Patient.id).order_by(Patient.id).limit(1)).one()


def broken(database: Database) -> list[str]:
    """What is not as it must be: the journal's chain, or any check."""
    with database.read() as session:
        found = [str(verify(session).broken)] if verify(session).broken else []
        return found + [f"{one.name}: {one.failures[:2]}" for one in run_checks(session) if not one.ok]


def test_33_a_flipped_bit_is_found_by_the_digests_and_put_right(chain: Chain, clock: FrozenClock) -> None:
    chain.settle()
    site, central = chain.sites["NTH"], chain.central
    person, right = somebody(central), state_of(central)
    assert compare(site).repairs == ()

    lie(site.database, person, "Nowhere")
    (repair,) = compare(site).repairs
    assert (repair.table, repair.key, repair.what) == ("patients", person, "different")
    assert compare(site).repairs == ()

    lie(central, person, "Somewhere else")  # central knows from its journal that its own row is the wrong one
    clock.now += KEPT_FOR  # so long it may have at hand what it read before
    assert compare(site).repairs == ()
    assert state_of(central) == right == state_of(site.database)
    assert broken(site.database) == broken(central) == []
    chain.settle()
    assert chain.differences() == []


def test_33_a_row_that_is_gone_and_one_too_many_are_put_right(chain: Chain) -> None:
    chain.settle()
    site = chain.sites["NTH"]
    person = somebody(chain.central)
    table = Patient.__table__
    with site.database.engine.execution_options(clinic_write=True).begin() as connection:
        row = dict(connection.execute(select(table).where(table.c.id == person)).mappings().one())
        extra = {**row, "id": UUID(int=row["id"].int ^ 1), "patient_number": "PAT-X", "phone": None, "phone_typed": None, "search_key": 5}
        connection.execute(table.insert().values({**extra, "phone_tail": None, "phone_owner_id": None}))
    found = {(one.key, one.what) for one in compare(site).repairs}
    assert found == {(extra["id"], "extra")}
    assert chain.differences() == []


SMALL = 60
"""Rows of a slice."""


class Watched(Direct):
    """A way on which the slices are seen that were told, and which is full after so many of them."""

    def __init__(self, chain: Chain, site: Site) -> None:
        super().__init__(chain.central, site.database)
        self.left, self.asked, self.told = 1_000, list[tuple[str, UUID | None]](), list[Digests]()
        self.verbs = set[str]()

    def ask(self, verb: str, body: bytes) -> bytes:
        self.verbs.add(verb)
        if verb == "digests":
            asked = unpack(AskDigests, body)
            self.left -= 1
            if self.left < 0:
                raise Busy(retry_after=1.0)
            self.asked.append((asked.table, asked.after))
        answer = super().ask(verb, body)
        if verb == "digests":
            self.told.append(unpack(Digests, answer))
        return answer


def one_too_many(database: Database, like: UUID) -> dict[str, UUID]:
    """A patient whom nobody registered, and a number that is hers: no journal knows of either."""
    table, named = Patient.__table__, PatientIdentifier.__table__
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        row = dict(connection.execute(select(table).where(table.c.id == like)).mappings().one())
        own = {"id": UUID(int=like.int ^ 1), "patient_number": "PAT-X", "search_key": 5, "phone_tail": None, "phone_owner_id": None}
        connection.execute(table.insert().values({**row, **own, "phone": None, "phone_typed": None}))
        number = {"id": UUID(int=5), "patient_id": own["id"], "system": "old", "value": "5", "row_version": 1}
        connection.execute(named.insert().values({**number, "created_at": row["created_at"], "updated_at": row["updated_at"]}))
    return {"patients": UUID(str(own["id"])), "patient_identifiers": UUID(str(number["id"]))}


def test_a_pass_goes_slice_by_slice_and_after_a_cut_from_where_it_was(chain: Chain, clock: FrozenClock) -> None:
    chain.settle()
    site, person = chain.sites["NTH"], somebody(chain.central)
    me, watched = caller(site.database).site_id, Watched(chain, site)
    site.channel = watched

    def seen() -> tuple[datetime | None, bool | None]:
        with site.database.read() as here, chain.central.read() as there:
            found = overseeing.site(there, me)
            return here.get_one(SyncLink, 1).proved_at, found.agrees if found is not None else None

    assert compare(site, slice_rows=SMALL) == Compared(is_proof=True)
    assert seen() == (clock.now, True)
    whole, begun = watched.asked, clock.now
    sizes = [sum(rows for part in slice_.parts for _, rows, _ in part.buckets) for slice_ in watched.told]
    assert len(whole) > 10
    assert max(sizes) == SMALL
    assert sum(sizes) == sum(rows for held in state_of(site.database).values() for rows, _ in held.values())

    lie(site.database, person, "Nowhere")
    watched.asked, clock.now = [], clock.now + timedelta(days=1)
    watched.left = behind = next(n for n, slice_ in enumerate(watched.told, 1) if ("patients", None) in {one[::2] for one in slice_.parts})
    with pytest.raises(Busy):
        compare(site, slice_rows=SMALL)
    assert seen() == (begun, False), "the pass is not through, and central knows of a difference"
    assert site.is_proof_due(timedelta(days=9)), "nobody goes on with it"
    watched.left, clock.now = 1_000, clock.now + timedelta(days=1)
    step = go_on(site, 0.0, slice_rows=SMALL)
    assert step == Compared(is_proof=False, is_under_way=True), "it has no time for more than one"
    assert go_on(site, slice_rows=SMALL) == Compared(is_proof=True)
    assert watched.asked == whole, "a slice was asked for twice, or never"
    assert behind < len(whole) - 1
    assert seen() == (clock.now, False), "it found something on its way"
    assert chain.differences() == []

    found = one_too_many(site.database, person)
    repairs = compare(site, slice_rows=SMALL).repairs
    assert {(one.table, one.key, one.what) for one in repairs} == {(table, key, "extra") for table, key in found.items()}
    clock.now += timedelta(days=1)
    assert compare(site, slice_rows=SMALL) == Compared(is_proof=True)
    assert seen() == (clock.now, True)
    assert chain.differences() == []


def tables_read(statements: list[tuple[str, Any]]) -> set[str]:
    """Of which tables rows were read in the order of their keys."""
    return {found[1] for statement, _ in statements if (found := re.search(r'FROM "(\w+)".* ORDER BY "\1"', statement))}


def test_central_reads_once_what_it_tells_every_site(chain: Chain) -> None:
    chain.settle()
    main, north = (chain.sites[code] for code in ("MAIN", "NTH"))
    with heard(chain.central) as statements:
        assert compare(main) == Compared(is_proof=True)
    assert tables_read(statements) == set(travelling_tables())
    with main.database.write(chain.world.system()) as tx:
        tx.command = "test"
        tx.session.get_one(Patient, somebody(main.database)).remarks = "hard of hearing"
    chain.settle()
    north.channel = watched = Watched(chain, north)
    with heard(chain.central) as statements:
        assert compare(north) == Compared(is_proof=True)
    assert tables_read(statements) == {"patients"}, "what nobody touched was read again"
    assert watched.verbs == {"digests"}, "what somebody touched was told as it had been before"


def test_slices_and_first_loads_follow_the_index_of_the_key(chain: Chain) -> None:
    chain.sync("MAIN")
    person = somebody(chain.central)
    with heard(chain.central) as statements, chain.central.read() as session:
        digest(session.connection(), "patients", Stretch(person, UUID(int=person.int + 5)))
        offer_rows(chain.central, AskRows("patients", after=person), person)
    plans = [plan_of(chain.central, *one) for one in statements if tables_read([one])]
    assert len(plans) == 2
    for plan in plans:
        assert re.search(r"SEARCH patients USING INDEX|Index Scan using pk_patients", plan), plan
        assert not re.search(r"TEMP B-TREE|Sort", plan), plan


def plan_of(database: Database, statement: str, parameters: Any) -> str:
    """How an engine goes about a statement, a small table as if it were a large one."""
    with database.engine.connect() as connection:
        is_server = connection.dialect.name == "postgresql"
        if is_server:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        told = connection.exec_driver_sql(f"EXPLAIN {'' if is_server else 'QUERY PLAN '}{statement}", parameters)
        return "\n".join(str(row[-1]) for row in told)


def test_what_was_edited_here_and_is_not_settled_is_left_alone(chain: Chain) -> None:
    chain.settle()
    site, person = chain.sites["MAIN"], somebody(chain.central)
    with site.database.write(chain.world.actor("receptionist")) as tx:
        tx.command = "test"
        tx.session.get_one(Patient, person).remarks = "hard of hearing"
    assert compare(site).repairs == ()
    chain.settle()
    with chain.central.read() as session:
        assert session.get_one(Patient, person).remarks == "hard of hearing"


class Cut(Exception):
    """The power failed."""


class Loading(Direct):
    """A way on which the tables are seen of which rows are asked for in order, and which is cut before one of them."""

    def __init__(self, central: Database, site: Database, cut_before: str = "") -> None:
        super().__init__(central, site)
        self.tables, self.cut_before = list[str](), cut_before

    def ask(self, verb: str, body: bytes) -> bytes:
        if verb == "rows" and not (asked := unpack(AskRows, body)).keys:
            if asked.table == self.cut_before:
                raise Cut
            self.tables.append(asked.table)
        return super().ask(verb, body)


def test_a_new_site_loads_every_row_and_opens_when_that_is_proved(chain: Chain) -> None:
    chain.sync("MAIN")
    site = chain.sites["NTH"]
    site.channel = way = Loading(chain.central, site.database)
    seen: list[int] = []
    progress = load(site, lambda now: seen.append(now.rows))
    assert progress.is_verified
    assert progress.rows == seen[-1] > 300
    assert not is_loading(site)
    assert chain.differences() == []
    assert broken(site.database) == []
    held = {table for table, rows in state_of(site.database).items() if rows}
    assert held < set(travelling_tables())
    again = {table for table in travelling_tables() if shapes()[table].policy.unsealed}  # gone through twice, empty or not
    assert set(way.tables) - again <= {travelling_tables()[0], *held}, "a table was asked for that central had said to be empty"
    assert [(one.pushed, one.pulled) for one in chain.sync()] == [(0, 0), (0, 0)]


def test_35_a_load_that_is_cut_goes_on_where_it_was(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    chain.sync("MAIN")
    site = chain.sites["NTH"]
    whole = site.channel
    site.channel = Loading(chain.central, site.database, "prescription_items")
    with pytest.raises(Cut):
        load(site)
    assert is_loading(site)

    # Central goes on meanwhile: some of what was loaded is older now, some of what comes is newer.
    main = chain.sites["MAIN"].database
    with main.write(chain.world.system()) as tx:
        tx.command = "test"
        tx.session.get_one(Patient, somebody(main)).remarks = "since then"
        item = tx.session.scalars(select(PrescriptionItem).order_by(PrescriptionItem.id).limit(1)).one()
        item.quantity_dispensed += 1  # adds up: whoever takes it twice has two more
    chain.sync("MAIN")

    site.channel = way = Loading(chain.central, site.database)
    assert load(site).is_verified
    assert "patients" not in way.tables, "what had come was asked for again"
    assert "prescription_items" in way.tables
    assert not caplog.messages, "the change sets after the load did not fit what it brought"
    site.channel = whole
    with main.write(chain.world.system()) as tx:
        tx.command = "test"
        tx.session.get_one(PrescriptionItem, item.id).quantity_dispensed -= 1  # as the pharmacy's own sums want it
    chain.settle()
    assert chain.differences() == []
    assert broken(site.database) == []


def test_who_names_more_databases_than_a_statement_takes_is_answered_all_the_same(chain: Chain) -> None:
    chain.settle()
    person, asking = somebody(chain.central), caller(chain.sites["NTH"].database).site_id
    marks = [Mark(person, UUID(int=number), 1 << 70) for number in range(70_000)]
    told = offer_rows(chain.central, AskRows("patients", [person], marks=marks), asking)
    assert ([key for key, _ in told.rows], told.aside) == ([person], [])
