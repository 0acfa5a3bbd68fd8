"""Departments are imported on a thread of their own: whoever works meanwhile waits for a table that is being declared."""

from __future__ import annotations

from threading import Event, Thread

from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from clinic_desktop.kernel.tables import mappers


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
