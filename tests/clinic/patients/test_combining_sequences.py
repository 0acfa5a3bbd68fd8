"""Any sequence of registrations, visits, merges and undos: nothing is lost, and no check finds a lie."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_desktop.clinic.frontdesk import queries as boards
from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.combining import Choice
from clinic_desktop.clinic.patients.queries import person_ids
from clinic_desktop.clinic.patients.rules import MergeRefused, PatientStatus
from clinic_desktop.kernel.errors import ClinicError
from tests.clinic.patients.combined import lies, merge, stored, undo, walk_in
from tests.clinic.patients.desk import register
from tests.clinic.world import World

_NAMES = st.sampled_from(["Asha", "Usha", "Nisha"])
_PHONES = st.sampled_from([None, "9820000001", "9820000002"])
_STEPS = st.one_of(
    st.tuples(st.just("register"), _NAMES, _PHONES),
    st.tuples(st.just("visit"), st.integers(0, 5), st.just(None)),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("undo"), st.integers(0, 5), st.just(None)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_STEPS, min_size=4, max_size=14))
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_whatever_is_merged_and_undone_nothing_is_lost_and_no_check_finds_a_lie(world: World, steps: list[Any]) -> None:
    people, visits, merges = [register(world).id], [], []
    for what, one, other in steps:
        try:
            if what == "register":
                people.append(register(world, one, phone=other).id)
            elif what == "visit":
                visits.append(walk_in(world, people[one % len(people)]))
            elif what == "merge":
                choice = Choice.MERGED if other % 2 else Choice.KEPT
                merges.append(merge(world, people[one % len(people)], people[other % len(people)], phone=choice))
            elif merges:
                undo(world, merges[one % len(merges)])
        except ClinicError:
            continue
    assert lies(world) == {}
    with world.db.read() as session:
        seen = {row.visit_id for key in people for row in boards.visits_of_patient(session, patient_id=key)}
        assert set(visits) <= seen
        for key in people:
            assert queries.patient(session, person_ids(session, key)[0]).status is PatientStatus.ACTIVE
    for merge_id in reversed(merges):
        with suppress(MergeRefused):  # undone already
            undo(world, merge_id)
    assert {stored(world, key).status for key in people} == {PatientStatus.ACTIVE}
    assert lies(world) == {}
