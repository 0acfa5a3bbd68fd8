"""Opening hours as one line that is read back as it was written, and refused when it says nothing that can be."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.organisation.commands import set_setting
from clinic_desktop.clinic.organisation.hours import WORKING_HOURS, hours_text, week_hours
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.errors import InvalidInput
from tests.clinic.world import World

SPLIT = ((time(9), time(13)), (time(14), time(18)))


def test_a_week_is_a_line_that_a_person_can_read() -> None:
    line = hours_text({0: SPLIT, 5: SPLIT[:1]})
    assert line == "mo 09:00-13:00 14:00-18:00; sa 09:00-13:00"
    assert week_hours(line) == {0: SPLIT, 5: SPLIT[:1]}
    assert week_hours("") == {}


minutes = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=6, unique=True).map(sorted)


@given(st.dictionaries(st.integers(0, 6), minutes))
def test_every_week_is_read_back(drawn: dict[int, list[int]]) -> None:
    week = {
        day: tuple((time(*divmod(a, 60)), time(*divmod(b, 60))) for a, b in zip(times[::2], times[1::2], strict=False))
        for day, times in drawn.items()
    }
    assert week_hours(hours_text(week)) == week


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("mo", "not_working_hours"),
        ("xx 09:00-10:00", "not_working_hours"),
        ("mo 9-10", "not_working_hours"),
        ("mo 25:00-26:00", "not_working_hours"),
        ("mo 09:00-10:00; mo 11:00-12:00", "not_working_hours"),
        ("mo 10:00-09:00", "ends_before_start"),
        ("mo 09:00-12:00 11:00-13:00", "hours_overlap"),
        ("mo 09:00-10:00 <b>", "not_working_hours"),
    ],
)
def test_what_is_no_week_is_refused(line: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        week_hours(line)
    assert refused.value.reason == reason


def test_the_setting_takes_nothing_else(world: World) -> None:
    with pytest.raises(InvalidInput):
        world.db.run(world.system(), set_setting, key=WORKING_HOURS.key, value="whenever")
    world.db.run(world.system(), set_setting, key=WORKING_HOURS.key, value="tu 10:00-12:00")
    with world.db.read() as session:
        assert setting_value(session, WORKING_HOURS, clinic_id=world.clinic_id) == "tu 10:00-12:00"
