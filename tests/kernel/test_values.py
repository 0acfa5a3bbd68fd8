"""Ids and instants come back from SQLite as they were, though they are read without the library's care."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, bindparam, create_engine, select

from clinic_desktop.kernel.tables import Key, UtcDateTime

FIRST, LAST = datetime(1800, 1, 2), datetime(2199, 12, 30)  # noqa: DTZ001 - the zones are drawn
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
WRITTEN = select(bindparam("key", type_=Key()).label("key"), bindparam("at", type_=UtcDateTime()).label("at"))


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Connection]:
    with create_engine("sqlite://").connect() as connection:
        yield connection


@given(st.none() | st.uuids(), st.none() | st.datetimes(FIRST, LAST, timezones=ZONES))
@settings(max_examples=80, deadline=None)
def test_what_was_written_is_read(sqlite: Connection, key: UUID | None, at: datetime | None) -> None:
    found = sqlite.execute(WRITTEN, {"key": key, "at": at}).one()
    assert (found.key, found.at) == (key, at)
    assert (repr(found.key), hash(found.key)) == (repr(key), hash(key))
    assert (found.key and found.key.is_safe) == (key and key.is_safe)
    assert found.at is None or found.at.tzinfo is UTC
