"""Departments are imported on a thread of their own: whoever works meanwhile waits for a table that is being declared."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from sqlalchemy import Column, Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from clinic_desktop.kernel.tables import declared_tables, mappers


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
def test_who_goes_through_the_tables_is_not_stopped_by_one_that_is_declared_meanwhile() -> None:
    class Apart(DeclarativeBase):
        pass

    is_over, declared = Event(), list[type]()

    def declare() -> None:
        for number in range(60):
            # Kept: a registry lets a class go that nobody has, and with it its mapper.
            declared.append(type(f"Late{number}", (Apart,), {"__tablename__": f"late_{number}", "id": Column(Integer, primary_key=True)}))
        is_over.set()

    declaring = Thread(target=declare)
    declaring.start()
    while not is_over.is_set():  # a dictionary that grows while one goes through it raises, and half a table has no name yet
        assert all(table.name.startswith("late_") and len(table.columns) == 1 for table in declared_tables(Apart))
    declaring.join(60)
    assert len(declared_tables(Apart)) == 60
