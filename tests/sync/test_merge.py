"""The merge by itself: whatever arrives at central in whatever order, one row comes of it, and every site has that row."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_desktop.kernel.journal import DELETE, UPDATE
from clinic_desktop.kernel.merging import Kind, Values
from clinic_desktop.sync.merge import decide, drop, follow, settle
from clinic_desktop.sync.outcomes import NEVER, Contest, Outcome, RowChange, Stamp
from clinic_desktop.sync.shapes import Shape, shapes

SITES = tuple(UUID(int=number) for number in (1, 2, 3))
KEY = UUID(int=7)


@dataclass(frozen=True, slots=True)
class Case:
    """A row of one table as it was everywhere, and what sites write into it."""

    table: str
    row: Values
    fields: dict[str, st.SearchStrategy[Any]]

    @property
    def shape(self) -> Shape:
        return shapes()[self.table]

    def image(self) -> Values:
        """The row with every column."""
        image = {**dict.fromkeys(self.shape.kinds), "id": str(KEY), **self.row}
        return image | (self.shape.policy.derive(image) if self.shape.policy.derive else {})


def words(*some: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(some)


NAMED = {"patient_number": "PAT-2026-00001", "first_name": "Asha", "status": "ACTIVE", "gender": "FEMALE", "row_version": 1}
MONEY = {"number": "INV-1", "total": 1000, "paid": 0, "credited": 0, "balance": 1000, "status": "ISSUED", "row_version": 1}
CASES = {
    "merged": Case(
        "patients",
        NAMED,
        {
            "first_name": words("Asha", "Usha", "Nisha"),
            "last_name": words(None, "Rao", "Iyer"),
            "remarks": words(None, "a", "b"),
            "date_of_birth": words(None, "1990-01-01", "1991-01-01"),
            "national_id": words(None, "111122223333", "444455556666"),
        },
    ),
    "shared": Case(
        "users",
        {"username": "u", "full_name": "U", "status": "ACTIVE", "row_version": 1},
        {"full_name": words("U", "V", "W"), "status": words("ACTIVE", "LOCKED", "DISABLED")},
    ),
    "owned": Case("invoices", MONEY, {"paid": words(0, 100, 1000), "cancellation_reason": words(None, "x", "y")}),
    "union": Case("patient_identifiers", {"row_version": 1}, {"patient_id": words("p", "q", "r"), "value": words("1", "2", "3")}),
    "record": Case("vital_signs", {"pulse": 70, "row_version": 1}, {"pulse": words(60, 70, 80), "spo2": words(None, 97, 98)}),
    "ledger": Case("payments", {"amount": 1, "row_version": 1}, {"amount": words(1, 2)}),
}


@dataclass(slots=True)
class Central:
    """Central as it is to the merge: the row, who wrote each value, and what was told."""

    shape: Shape
    image: Values | None
    wrote: dict[str, list[Stamp]] = field(default_factory=dict)
    buried: Stamp | None = None
    contests: list[Contest] = field(default_factory=list)

    def take(self, change: RowChange, stamp: Stamp) -> Outcome:
        """Settle a change, as the engine does."""
        outcome = decide(self.shape, self.image, change, stamp, self.rival, self.buried)
        if outcome.operation == DELETE:
            self.buried, self.wrote = stamp, {}
        elif outcome.operation is not None:
            self.wrote |= {name: [stamp] for name in outcome.changes}
        for name in outcome.same:
            self.wrote.setdefault(name, []).append(stamp)
        if outcome.operation is not None:
            self.image = outcome.image
        self.contests += outcome.contests
        return outcome

    def rival(self, name: str) -> Stamp:
        """Who wrote the present value."""
        stamps = self.wrote.get(name, [])
        return (min if name in self.shape.policy.by_person else max)(stamps, default=NEVER)


def edit(case: Case, base: Values, values: Values) -> RowChange:
    """What a site's command did to the row: the values with what derives from them, as pairs."""
    after = base | values
    if "paid" in values:
        after["balance"] = after["total"] - after["paid"]
    if case.shape.policy.derive is not None:
        after |= case.shape.policy.derive(after)
    return RowChange(case.table, KEY, UPDATE, {name: [base[name], value] for name, value in after.items() if base[name] != value})


def without_version(image: Values | None) -> Values | None:
    return None if image is None else {name: value for name, value in image.items() if name != "row_version"}


Sent = list[tuple[RowChange, Stamp]]


def sent_of(case: Case, data: st.DataObject) -> Sent:
    """One edit of each site, made on the same row with clocks in any order."""
    told = data.draw(st.lists(st.fixed_dictionaries({}, optional=case.fields), min_size=2, max_size=3))
    clocks = data.draw(st.permutations(range(10, 10 + len(told))))
    edits = (edit(case, case.image(), values) for values in told)
    return [(one, Stamp(hlc, site)) for one, hlc, site in zip(edits, clocks, SITES, strict=False)]


def is_asked(case: Case, name: str) -> bool:
    """Whether a value of this field that gave way is kept for a person."""
    policy = case.shape.policy
    is_settled = name in policy.derived | policy.counters | policy.inactive.keys()
    return not is_settled and (policy.kind is not Kind.UNION or policy.is_record or name in policy.by_person)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=30)
@given(data=st.data())
def test_edits_at_once_give_one_row_in_every_order_and_no_value_is_lost(name: str, data: st.DataObject) -> None:
    case = CASES[name]
    sent, rows = sent_of(case, data), []
    for order in itertools.permutations(sent):
        central = Central(case.shape, case.image())
        for change, stamp in order:
            central.take(change, stamp)
        rows.append(without_version(central.image))
        known = {(one.field, one.stands) for one in central.contests} | {(one.field, one.other) for one in central.contests}
        told = {(field, pair[1]) for change, _ in order for field, pair in change.told.items() if is_asked(case, field)}
        assert central.image is not None
        assert told <= known | set(central.image.items())
    assert all(row == rows[0] for row in rows)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=30)
@given(data=st.data())
def test_an_edit_that_comes_twice_does_nothing_the_second_time(name: str, data: st.DataObject) -> None:
    """Counters add up: of those a second coming is kept away by the sequence."""
    case = CASES[name]
    central = Central(case.shape, case.image())
    for change, stamp in sent_of(case, data):
        central.take(change, stamp)
        if not case.shape.policy.counters & change.told.keys():
            assert decide(case.shape, central.image, change, stamp, central.rival).operation is None


@dataclass(slots=True)
class Site:
    """A site as it is to the merge: its row, and its own fields of which central has not spoken."""

    shape: Shape
    image: Values | None
    unsettled: set[str]

    def read(self, change: RowChange, outcome: Outcome, *, is_own: bool) -> None:
        """Read what central made of a change: of another's what it did, of its own only central's word."""
        if not is_own and outcome.operation is not None:
            self._put(follow(self.shape, self.image, RowChange(change.table, KEY, outcome.operation, outcome.changes), self.unsettled))
        elif is_own:
            self.unsettled = set()
            if outcome.is_gone:
                self._put(drop(self.shape, self.image))
            elif outcome.is_back and outcome.image is not None:
                self._put(settle(self.shape, self.image, outcome.image, self.unsettled))
        if outcome.otherwise and self.image is not None:
            self._put(settle(self.shape, self.image, outcome.otherwise, self.unsettled))

    def _put(self, outcome: Outcome) -> None:
        if outcome.operation is not None:
            self.image = outcome.image


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=40)
@given(data=st.data())
def test_every_site_ends_with_centrals_row(name: str, data: st.DataObject) -> None:
    """Whether it reads after each push or after all, and a deletion among the edits."""
    case = CASES[name]
    base, sent = case.image(), sent_of(case, data)
    if case.shape.policy.kind is not Kind.LEDGER and data.draw(st.booleans()):
        change, stamp = sent[-1]
        sent[-1] = (RowChange(case.table, KEY, DELETE, {name: value for name, value in base.items() if value is not None}), stamp)
    central, sites = Central(case.shape, dict(base)), {}
    for change, stamp in sent:
        image = None if change.operation == DELETE else base | {name: pair[1] for name, pair in change.told.items()}
        sites[stamp.site_id] = Site(case.shape, image, {*change.told, ""} if change.operation == DELETE else set(change.told))
    sites[KEY] = Site(case.shape, dict(base), set())
    for change, stamp in data.draw(st.permutations(sent)):
        outcome = central.take(change, stamp)
        for site_id, site in sites.items():
            site.read(change, outcome, is_own=site_id == stamp.site_id)
    assert {repr(without_version(site.image)) for site in sites.values()} == {repr(without_version(central.image))}
