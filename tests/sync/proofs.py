"""What must hold of a simulated chain once everybody has synced, whatever happened before."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from clinic_desktop.clinic.patients.models import IdCard, Patient, PatientMerge, WalletTransaction
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.reconciling.models import SyncConflict
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.sync.comparing import compare
from clinic_desktop.sync.rounds import catch_up
from tests.sync.chain import Chain
from tests.sync.houses import all_rows, broken, waiting
from tests.sync.people import FIELDS, People
from tests.sync.troubled import Wrote, table_of

_NAMES = ("first_name", "last_name")


def prove(chain: People, *, was_restored: bool, thoroughly: bool = True) -> None:
    """Everybody syncs until nothing moves; then all that was promised is looked at: ``thoroughly``, by every check as well.

    The sites hold the same rows as central by then: one of them, by turns, is checked as well.
    """
    settle(chain)
    asked = [(one.reason, one.detail, one.origin_seq) for database in _databases(chain) for one in waiting(database)]
    assert not asked, asked
    _agree(chain, was_restored)
    checked = (chain.central, chain.places[chain.count % len(chain.places)].database) if thoroughly else ()
    for database in _databases(chain):
        found = broken(database) if database in checked else _broken_chain(database)
        assert not found, found
    _nothing_lost(chain)
    _one_person_one_record(chain.central)
    again = [(one.pushed, one.pulled) for one in (place.site.round() for place in chain.places)]
    assert again == [(0, 0)] * len(chain.places), again


def settle(chain: People) -> None:
    """Round after round until nothing moves."""
    for _ in range(12):
        rounds = [catch_up(place.site) for place in chain.places]
        if not any(one.pushed or one.pulled for one in rounds):
            return
    raise AssertionError("the sites do not come to rest")


def _databases(chain: People) -> list[Database]:
    return [chain.central, *(place.database for place in chain.places)]


def _broken_chain(database: Database) -> list[str]:
    with database.read() as session:
        found = verify(session).broken
        return [str(found)] if found is not None else []


def _agree(chain: People, was_restored: bool) -> None:
    all_of_it = Chain(chain.central, {place.code: place.site for place in chain.places})
    different = all_of_it.differences()
    if was_restored and different:
        # Sent again in another order, some of it came out another way: sites have what was decided before, until they compare.
        for place in chain.places:
            assert compare(place.site).is_proof
        settle(chain)
        different = all_of_it.differences()
    assert not different, _explained(chain, different)


def _explained(chain: People, different: list[str]) -> str:
    """Which fields of which rows are not the same."""
    lines = []
    for one in different:
        code, table = one.split(": ")
        database = next(place.database for place in chain.places if place.code == code)
        rows = [table_of(each, table) for each in (chain.central, database)]
        for key in rows[0].keys() | rows[1].keys():
            left, right = (some.get(key, {}) for some in rows)
            wrong = {name: (left.get(name), right.get(name)) for name in left.keys() | right.keys() if left.get(name) != right.get(name)}
            wrong.pop("row_version", None)
            lines += [f"{code} {table} {key}: {wrong}"] if wrong else []
    return "\n".join(lines)


def _one_person_one_record(central: Database) -> None:
    """Whatever was merged leads to one record in use, and to no other record by another standing merge."""
    rows = {row.id: row for row in all_rows(central, Patient)}
    for row in rows.values():
        way = [row]
        while (above := way[-1].merged_into_id) is not None:
            assert rows[above] not in way, f"a circle: {[str(one.id) for one in way]}"
            way.append(rows[above])
        assert way[-1].status is PatientStatus.ACTIVE, f"{row.id} leads to {way[-1].id}, which is {way[-1].status}"
    standing = [(one.merged_id, one.kept_id) for one in all_rows(central, PatientMerge) if one.undone_at is None]
    assert dict(standing) == {row.id: row.merged_into_id for row in rows.values() if row.merged_into_id is not None}
    assert len(standing) == len(dict(standing))


def _nothing_lost(chain: People) -> None:
    """Each value that was acknowledged stands, was written over by somebody who saw it, or is kept for a person."""
    stands = {(row.id, name): getattr(row, name) for row in all_rows(chain.central, Patient) for name in (*FIELDS, *_NAMES)}
    told = {
        (one.entity_id, one.field, value)
        for one in all_rows(chain.central, SyncConflict)
        for value in (one.kept_value, one.other_value)
        if value is not None
    }
    alive = [one for one in chain.wrote if not one.is_lost]
    overwritten = {(one.row, one.field, one.over) for one in alive}
    for one in alive:
        if stands.get((one.row, one.field)) == one.value or (one.row, one.field, one.value) in overwritten:
            continue
        assert (one.row, one.field, msgspec.json.encode(one.value).decode()) in told, f"lost: {one}"
    balance = sum(row.amount.minor for row in all_rows(chain.central, WalletTransaction))
    assert balance == sum(amount for mark, amount in chain.money if not mark.is_lost)
    _cards_are_counted(chain.prints, {card.id: card.print_count for card in all_rows(chain.central, IdCard)})


def _cards_are_counted(prints: Iterable[tuple[Wrote, UUID]], counted: dict[UUID, int]) -> None:
    expected = dict.fromkeys(counted, 0)
    for mark, key in prints:
        if not mark.is_lost and key in expected:
            expected[key] += 1
    assert counted == expected
