"""How each engine spells values, and how the journal does: what is read from a driver, and what is given to one."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.shapes import instant_text, shapes


def _sqlite_instant(raw: str) -> str:
    return f"{raw[:10]}T{raw[11:19]}Z" if raw[20:] in ("", "000000") else f"{raw[:10]}T{raw[11:19]}.{raw[20:]}Z"


def _sqlite_time(raw: str) -> str:
    return raw[:8] if raw[9:] in ("", "000000") else raw


def as_sqlite_instant(value: str) -> str:
    """An instant that the journal spells, as a file holds it."""
    return f"{value[:10]} {value[11:19]}.{value[20:-1] or '000000'}"


def _server_instant(raw: str) -> str:
    """What a server tells: 2026-03-02 08:00:00.5+00."""
    if raw[-3:] != "+00":
        return instant_text(datetime.fromisoformat(raw))
    if len(raw) == _NO_FRACTION:
        return f"{raw[:10]}T{raw[11:19]}Z"
    return f"{raw[:10]}T{raw[11:19]}.{raw[20:-3]:0<6}Z"


def _server_time(raw: str) -> str:
    return raw if len(raw) == len("08:00:00") else f"{raw:0<15}"


_Converters = dict[str, Callable[[Any], Any]]
_READ: dict[str, _Converters] = {
    "sqlite": {
        "uuid": lambda raw: f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}",
        "instant": _sqlite_instant,
        "time": _sqlite_time,
        "bool": bool,
        "bytes": lambda raw: b64encode(raw).decode(),
    },
    "postgresql": {"instant": _server_instant, "time": _server_time, "bytes": lambda raw: b64encode(raw).decode()},
}
_TOLD_AS_TEXT = ("uuid", "instant", "date", "time")
"""What a server spells nearly as the journal does costs less as text than as an object that is spelled again."""
_NO_FRACTION = len("2026-03-02 08:00:00+00")
_WRITE: dict[str, _Converters] = {
    "sqlite": {
        "uuid": lambda value: value.replace("-", ""),
        "instant": as_sqlite_instant,
        "time": lambda value: value if len(value) > 8 else f"{value}.000000",
        "bytes": b64decode,
    },
    "postgresql": {"bytes": b64decode},
}


class Reading(NamedTuple):
    """How some columns of a table are read: what to select, and which values a driver spells in its own way."""

    columns: str
    names: tuple[str, ...]
    respelled: tuple[tuple[int, str, Callable[[Any], Any]], ...]

    def values(self, raw: Sequence[Any]) -> Values:
        """A row as the journal spells it."""
        values = dict(zip(self.names, raw, strict=True))
        for _, name, read in self.respelled:
            value = values[name]
            if value is not None:
                values[name] = read(value)
        return values

    def line(self, raw: Sequence[Any]) -> list[Any]:
        """The same without names."""
        line = list(raw)
        for at, _, read in self.respelled:
            if line[at] is not None:
                line[at] = read(line[at])
        return line


def read_of(dialect: str, table: str, columns: tuple[str, ...]) -> Reading:
    """How columns of a table are read."""
    return _read_of(dialect, table, columns, len(Base.metadata.tables))


@cache
def _read_of(dialect: str, table: str, columns: tuple[str, ...], _tables: int) -> Reading:
    kinds = shapes()[table].kinds
    reads, told = _READ[dialect], [(name, kinds.get(name, "instant")) for name in columns]
    as_text = _TOLD_AS_TEXT if dialect == "postgresql" else ()
    selected = ", ".join(f'"{name}"::text' if kind in as_text else f'"{name}"' for name, kind in told)
    return Reading(selected, columns, tuple((at, name, reads[kind]) for at, (name, kind) in enumerate(told) if kind in reads))


def write_of(dialect: str, table: str, column: str) -> Callable[[Any], Any] | None:
    """What turns the journal's value into a driver's, where that is not the same."""
    return _WRITE[dialect].get(shapes()[table].kinds[column])
