"""Digests prove that two databases hold the same, and single rows are put right where they do not."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.clinical.models import PrescriptionItem
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import verify
from clinic_desktop.sync.comparing import compare
from clinic_desktop.sync.loading import is_loading, load
from clinic_desktop.sync.wire import AskRows, unpack
from tests.sync.chain import Chain, Direct, state_of


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


def test_33_a_flipped_bit_is_found_by_the_digests_and_put_right(chain: Chain) -> None:
    chain.settle()
    site, central = chain.sites["NTH"], chain.central
    person, right = somebody(central), state_of(central)
    assert compare(site).repairs == ()

    lie(site.database, person, "Nowhere")
    (repair,) = compare(site).repairs
    assert (repair.table, repair.key, repair.what) == ("patients", person, "different")
    assert compare(site).repairs == ()

    lie(central, person, "Somewhere else")  # central knows from its journal that its own row is the wrong one
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


def test_a_new_site_loads_every_row_and_opens_when_that_is_proved(chain: Chain) -> None:
    chain.sync("MAIN")
    site = chain.sites["NTH"]
    seen: list[int] = []
    progress = load(site, lambda now: seen.append(now.rows))
    assert progress.is_verified
    assert progress.rows == seen[-1] > 300
    assert not is_loading(site)
    assert chain.differences() == []
    assert broken(site.database) == []
    assert [(one.pushed, one.pulled) for one in chain.sync()] == [(0, 0), (0, 0)]


class Cut(Exception):
    """The power failed."""


class Failing(Direct):
    """A way that is cut after so many answers."""

    left = 0

    def ask(self, verb: str, body: bytes) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise Cut
        return super().ask(verb, body)


def test_35_a_load_that_is_cut_goes_on_where_it_was(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    chain.sync("MAIN")
    site = chain.sites["NTH"]
    whole = site.channel
    failing = Failing(chain.central, site.database)
    failing.left, site.channel = 60, failing
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

    asked: list[str] = []

    class Counting(Direct):
        def ask(self, verb: str, body: bytes) -> bytes:
            if verb == "rows":
                asked.append(unpack(AskRows, body).table)
            return super().ask(verb, body)

    site.channel = Counting(chain.central, site.database)
    assert load(site).is_verified
    assert "patients" not in asked, "what had come was asked for again"
    assert "prescription_items" in asked
    assert not caplog.messages, "the change sets after the load did not fit what it brought"
    site.channel = whole
    with main.write(chain.world.system()) as tx:
        tx.command = "test"
        tx.session.get_one(PrescriptionItem, item.id).quantity_dispensed -= 1  # as the pharmacy's own sums want it
    chain.settle()
    assert chain.differences() == []
    assert broken(site.database) == []
