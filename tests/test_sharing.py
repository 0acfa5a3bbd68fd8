"""What the workers of a run share is built once, and read by all as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from clinic_desktop.kernel.db import Database
from tests.conftest import FrozenClock
from tests.databases import bare, drop, fresh
from tests.sharing import PLACE, shared


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PLACE, str(tmp_path))
    return tmp_path


def test_it_is_built_once_and_after_a_failure_once_more(place: Path) -> None:
    calls: list[Path] = []

    def build(folder: Path) -> dict[str, UUID]:
        calls.append(folder)
        if len(calls) == 1:
            raise RuntimeError
        return {"id": UUID(int=len(calls))}

    with pytest.raises(RuntimeError):
        shared("ids", build)
    assert [shared("ids", build) for _ in range(2)] == [{"id": UUID(int=2)}] * 2
    assert calls == [place, place]


def test_an_open_database_is_not_handed_on(place: Path) -> None:
    def build(folder: Path) -> tuple[Database, str]:
        opened = bare("sqlite", folder)
        opened.close()
        return opened, "and the rest"

    assert shared("opened", build) == (None, "and the rest")


def test_a_postgres_that_nobody_changed_goes_to_the_next_test_and_a_changed_one_to_nobody(tmp_path: Path, clock: FrozenClock) -> None:
    def used(act: Callable[[Connection], object]) -> str | None:
        made, _ = fresh("postgres", tmp_path, clock)
        with made.engine.begin() as connection:
            act(connection)
        drop(made)
        return made.address.url.database

    looked_at = used(lambda line: line.exec_driver_sql("SELECT count(*) FROM journal").scalar())
    written = used(lambda line: line.exec_driver_sql("UPDATE access_stamp SET stamp = stamp + 1"))
    altered = used(lambda line: line.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL"))
    last = used(lambda line: None)
    assert looked_at == written
    assert len({written, altered, last}) == 3
