"""A page goes in at once; what the database refuses of it costs a second try, and nothing else is lost or doubled by that."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import func, select

from clinic_desktop.clinic.patients.models import Patient, PatientIdentifier
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.models import SyncParked
from tests.sync.chain import Chain, caller
from tests.sync.test_comparing import somebody

BY, SAYS = "clinic_desktop.sync.integrate", "a page is applied with care"


def numbered(chain: Chain, database: Database, patient: int) -> None:
    """Somebody gets a number of the old register."""
    assert chain.world is not None
    with database.write(chain.world.system()) as tx:
        tx.command = "test.number"
        key = tx.session.scalars(select(Patient.id).order_by(Patient.id).offset(patient).limit(1)).one()
        tx.add(PatientIdentifier(patient_id=key, system="old", value="4711"))


def remark(chain: Chain, database: Database, text: str) -> None:
    """An edit that nobody minds."""
    assert chain.world is not None
    with database.write(chain.world.system()) as tx:
        tx.command = "test.remark"
        tx.session.get_one(Patient, somebody(database)).remarks = text


def sets_of(database: Database, author: Database) -> list[int]:
    """The change sets of a database in the journal of another, by their sequence there."""
    origin = JournalOrigin.__table__.c
    with database.read() as session:
        own = select(origin.origin_seq).where(origin.database_id == caller(author).database_id)
        return list(session.scalars(own.order_by(origin.seq)))


def with_care(caplog: pytest.LogCaptureFixture) -> int:
    """How often a page had to be applied a second time."""
    return sum(1 for one in caplog.records if one.name == BY and one.getMessage().startswith(SAYS))


def test_what_the_database_refuses_of_a_push_is_set_aside_alone(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, BY)
    chain.settle()
    north, central = chain.sites["NTH"].database, chain.central
    assert with_care(caplog) == 0, "a page that fits is applied at once"
    numbered(chain, chain.sites["MAIN"].database, 0)
    remark(chain, north, "before")
    numbered(chain, north, 1)  # the same number, of somebody else
    remark(chain, north, "after")
    chain.sync("MAIN")
    before = sets_of(central, north)
    (done,) = chain.sync("NTH")
    assert [one.reason for one in done.parked] == ["refused_by_database"]
    assert with_care(caplog) >= 1
    assert len(sets_of(central, north)) == len(before) + 2, "the two remarks, each once"
    with central.read() as session:
        assert session.get_one(Patient, somebody(north)).remarks == "after"
        assert session.scalars(select(PatientIdentifier.value).where(PatientIdentifier.system == "old")).all() == ["4711"]
        assert session.scalar(select(func.count()).select_from(SyncParked)) == 1
        assert verify(session).broken is None


def test_what_the_database_refuses_of_a_pull_is_set_aside_alone(chain: Chain, caplog: pytest.LogCaptureFixture) -> None:
    """The site has a row of its own in the way, which central has not taken yet."""
    caplog.set_level(logging.INFO, BY)
    chain.settle()
    main, north = chain.sites["MAIN"].database, chain.sites["NTH"].database
    with north.read() as session:
        older = session.scalar(select(func.max(ChangeSet.seq)))
    numbered(chain, main, 0)
    remark(chain, main, "of the other house")
    chain.sync("MAIN")
    numbered(chain, north, 1)
    (done,) = chain.sync("NTH")
    assert with_care(caplog) >= 1
    with north.read() as session:
        assert session.get_one(Patient, somebody(main)).remarks == "of the other house"
        assert session.scalar(select(func.count()).select_from(SyncParked)) == 1
        assert verify(session).broken is None
        # Its own, and the one of the two that came which could go in.
        assert (session.scalar(select(func.max(ChangeSet.seq))) or 0) - (older or 0) >= 2
    assert done.pulled >= 1
