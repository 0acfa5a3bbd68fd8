"""What a server says of the columns of an answer, read only where somebody looks.

The driver makes an object of each column of every answer; SQLAlchemy looks at them the first time that it meets a statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from psycopg import Column, Cursor
from psycopg.pq.abc import PGresult

_Described = tuple[str, int, None, None, None, None, None]


class _Columns(Sequence[_Described]):
    """Name and type of each column, as the DB-API has them."""

    def __init__(self, answer: PGresult, encoding: str) -> None:
        self._answer, self._encoding = answer, encoding

    def __len__(self) -> int:
        return self._answer.nfields

    def __bool__(self) -> bool:
        return True

    @overload
    def __getitem__(self, at: int) -> _Described: ...
    @overload
    def __getitem__(self, at: slice) -> list[_Described]: ...
    def __getitem__(self, at: int | slice) -> _Described | list[_Described]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        name = (self._answer.fname(place) or b"").decode(self._encoding)
        return name, self._answer.ftype(place), None, None, None, None, None


class LateCursor(Cursor[Any]):
    """A cursor that describes an answer when it is asked to."""

    @property
    def description(self) -> list[Column] | None:
        answer = self.pgresult
        return _Columns(answer, self._encoding) if answer is not None and answer.nfields else super().description  # type: ignore[return-value]
