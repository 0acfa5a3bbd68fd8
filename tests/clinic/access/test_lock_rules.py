"""The arithmetic of the lock after failed logins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.clinic.access.rules import FREE_FAILURES, LONGEST_LOCK, lock_end, lock_length

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@given(st.integers(0, 10_000))
def test_locks_only_grow_up_to_a_limit(failures: int) -> None:
    assert lock_length(failures) <= lock_length(failures + 1) <= LONGEST_LOCK
    assert bool(lock_length(failures)) == (failures >= FREE_FAILURES)


@given(st.integers(0, 60), st.integers(-10_000_000, 10_000_000))
def test_a_lock_never_lasts_longer_than_its_length_from_now(failures: int, seconds: int) -> None:
    end = lock_end(failures, NOW + timedelta(seconds=seconds), NOW)
    if seconds <= 0:
        assert end is None
    else:
        assert end is not None
        assert end - NOW == min(timedelta(seconds=seconds), lock_length(failures))
