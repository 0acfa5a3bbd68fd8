"""A row whose key follows from what it says may be made at two sites, and deleted at one of them: the later of the two stands."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.patients.models import PatientIdentifier
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import id_of
from tests.conftest import FrozenClock
from tests.sync.chain import Chain
from tests.sync.test_comparing import somebody

NUMBER = "4711"
KEY = id_of("patient_identifiers", "old", NUMBER)


def give(chain: Chain, database: Database) -> None:
    """Somebody gets a number of the old register, under the key that every site gives it."""
    assert chain.world is not None
    with database.write(chain.world.system()) as tx:
        tx.command = "test.give"
        tx.add(PatientIdentifier(id=KEY, patient_id=somebody(database), system="old", value=NUMBER))


def take_back(chain: Chain, database: Database) -> None:
    """The number was a mistake."""
    assert chain.world is not None
    with database.write(chain.world.system()) as tx:
        tx.command = "test.take_back"
        tx.session.delete(tx.session.get_one(PatientIdentifier, KEY))


def numbers(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(PatientIdentifier.value).where(PatientIdentifier.id == KEY)))


@pytest.mark.parametrize(("is_later", "stands"), [(False, []), (True, [NUMBER])], ids=["made before", "made again after"])
def test_what_was_deleted_comes_back_only_if_it_was_made_after_that(
    chain: Chain, clock: FrozenClock, is_later: bool, stands: list[str]
) -> None:
    chain.settle()
    main, north = chain.sites["MAIN"].database, chain.sites["NTH"].database
    if not is_later:
        give(chain, main)
        clock.advance(minutes=1)
    give(chain, north)
    chain.sync("NTH")
    clock.advance(minutes=1)
    take_back(chain, north)
    chain.sync("NTH")
    assert numbers(chain.central) == []
    if is_later:
        clock.advance(minutes=1)
        give(chain, main)
    chain.settle()
    assert [numbers(one) for one in (chain.central, main, north)] == [stands] * 3
    assert chain.differences() == []
