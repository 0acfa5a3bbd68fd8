"""When a backup is due, and which ones stay."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.backups.rules import (
    KeepRules,
    KeptFile,
    clock_times,
    is_due,
    is_overdue,
    kept,
    last_planned,
    needed_from,
    next_planned,
)
from clinic_desktop.kernel.errors import InvalidInput

ZONE = "Asia/Kolkata"
NOON = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
"""12:30 in the clinic."""
PLAN = (time(13), time(21))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall time of the clinic in March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=5, minutes=30)


def test_times_are_read_as_people_write_them() -> None:
    assert clock_times("21:00, 9:05 21:00") == (time(9, 5), time(21))
    assert clock_times(" ") == ()
    for wrong in ("25:00", "9", "nine", "9:5", "13.00"):
        with pytest.raises(InvalidInput):
            clock_times(wrong)


def test_what_is_planned_is_told_in_the_clinics_zone() -> None:
    assert last_planned(at(2, 12, 59), PLAN, ZONE) == at(1, 21)
    assert last_planned(at(2, 13), PLAN, ZONE) == at(2, 13)
    assert next_planned(at(2, 13), PLAN, ZONE) == at(2, 21)
    assert next_planned(at(2, 22), PLAN, ZONE) == at(3, 13)
    assert last_planned(at(2, 13), (), ZONE) is None


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (at(2, 12), at(1, 21, 1), False),
        (at(2, 13), at(1, 21, 1), True),
        (at(2, 13, 5), at(2, 13, 1), False),
        (at(5, 8), at(2, 13, 1), True),  # the computer was off: the next start makes up for it
        (at(2, 12), None, True),
        (at(2, 12), at(9, 12), True),  # taken under a clock that was wrong
    ],
)
def test_due(now: datetime, last: datetime | None, due: bool) -> None:
    assert is_due(now, last, PLAN, ZONE) is due


def test_overdue() -> None:
    assert is_overdue(NOON, None, 26)
    assert is_overdue(NOON, NOON - timedelta(hours=27), 26)
    assert not is_overdue(NOON, NOON - timedelta(hours=25), 26)


def series(count: int, every: timedelta) -> list[KeptFile]:
    """Backups up to NOON, oldest first."""
    return [KeptFile(f"b{n:05}", NOON - every * (count - 1 - n), n) for n in range(count)]


def test_two_a_day_for_two_years() -> None:
    files = series(1460, timedelta(hours=12))
    stay = kept(files, NOON, KeepRules(), ZONE)
    ages = sorted(NOON - one.taken_at for one in files if one.name in stay)
    assert [age for age in ages if age <= timedelta(hours=48)] == [timedelta(hours=12 * n) for n in range(5)]
    days = {(NOON - age).astimezone(UTC).date() for age in ages if age < timedelta(days=13)}
    assert len(days) == 14 - 1
    assert len(stay) < 40
    assert timedelta(days=300) < ages[-1] < timedelta(days=366)
    # Any second of the last thirty days: there is one from before, and every one after it may go.
    assert min(age for age in ages if age >= timedelta(days=30)) < timedelta(days=31)


def test_the_newest_verified_one_always_stays() -> None:
    old = [KeptFile("good", NOON - timedelta(days=4000), 1), KeptFile("bad", NOON - timedelta(days=3000), 2, is_verified=False)]
    assert kept(old, NOON, KeepRules(), ZONE) == {"good"}


def test_the_journal_is_kept_from_the_backup_before_the_window() -> None:
    files = series(80, timedelta(days=1))
    needed = needed_from(files, NOON, KeepRules())
    assert needed == next(one.seq for one in reversed(files) if NOON - one.taken_at >= timedelta(days=30))
    assert needed_from(files[-3:], NOON, KeepRules()) == files[-3].seq
    assert needed_from([], NOON, KeepRules()) == 0


AGES = st.lists(st.integers(min_value=0, max_value=800 * 24), min_size=1, max_size=120, unique=True)


@given(AGES, st.builds(KeepRules, hours=st.integers(1, 100), days=st.integers(1, 40), weeks=st.integers(1, 20), months=st.integers(1, 30)))
def test_any_second_of_the_window_stays_restorable(ages: list[int], rules: KeepRules) -> None:
    """Removing by age, day after day, never takes the backup that the window begins with."""
    files = [KeptFile(str(age), NOON - timedelta(hours=age), -age) for age in sorted(ages, reverse=True)]
    stay = kept(files, NOON, rules, ZONE)
    begins = NOON - timedelta(days=rules.window_days)
    before = [one for one in files if one.taken_at <= begins]
    if before:
        assert before[-1].name in stay
        assert needed_from([one for one in files if one.name in stay], NOON, rules) == before[-1].seq
    assert files[-1].name in stay
    assert kept([one for one in files if one.name in stay], NOON, rules, ZONE) == stay
