"""Departments are imported on a thread of their own: whoever works meanwhile waits for a table that is being declared."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from clinic_desktop.kernel.tables import Base, declared_tables, mappers


def test_a_table_that_is_being_declared_is_waited_for() -> None:
    class Apart(DeclarativeBase):
        pass

    begun, may_end, found = Event(), Event(), list[str]()

    def declare() -> None:
        class Late(Apart):
            id: Mapped[int] = mapped_column(primary_key=True)

            @declared_attr.directive
            def __tablename__(cls) -> str:  # noqa: N805 - a directive is given the class
                begun.set()
                assert may_end.wait(60)
                return "late"

    def look() -> None:
        found.extend(str(one.local_table) for one in mappers(Apart))

    declaring, looking = Thread(target=declare), Thread(target=look)
    declaring.start()
    assert begun.wait(60)
    looking.start()
    may_end.set()
    for one in (declaring, looking):
        one.join(60)
    assert found == ["late"]


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads that give way to each other all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hurried")
def test_who_goes_through_the_tables_is_not_stopped_by_one_that_is_declared_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    apart, is_over = MetaData(), Event()
    monkeypatch.setattr(Base, "metadata", apart)

    def declare() -> None:
        for number in range(150):
            Table(f"late_{number}", apart, Column("id", Integer))
        is_over.set()

    declaring = Thread(target=declare)
    declaring.start()
    seen = 0
    while not is_over.is_set():  # a dictionary that changes its size while one goes through it raises
        seen = max(seen, sum(1 for table in declared_tables() if table.name and len(table.columns) < 2))
    declaring.join(60)
    assert seen <= len(declared_tables()) == 150
