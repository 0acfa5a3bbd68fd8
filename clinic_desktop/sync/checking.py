"""What comes in, looked at as a whole: a text that reads back as the very same bytes is spelled as the journal spells it.

By far the most changes are; any other is looked at value by value (``shapes``), which also says what is wrong with it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec

from clinic_desktop.kernel.journal import UPDATE
from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.tables import Base
from clinic_desktop.sync.shapes import MADE_AT, MOST_WHOLE, Shape, shapes

_TYPES: dict[str, Any] = {
    "text": str,
    "whole": Annotated[int, msgspec.Meta(ge=-MOST_WHOLE, le=MOST_WHOLE - 1)],
    "bool": bool,
    "uuid": UUID,
    "instant": Annotated[datetime, msgspec.Meta(tz=True)],
    "date": date,
    "time": Annotated[time, msgspec.Meta(tz=False)],
    "bytes": bytes,
}
_NOTHING = "\\u0000"
"""How JSON spells the character that no server takes."""
_encode = msgspec.json.Encoder().encode
_values = msgspec.json.Decoder(dict[str, Any]).decode


class Reader(NamedTuple):
    """How the changes of one kind are read: the decoder of the whole, and the columns that hold an instant."""

    whole: msgspec.json.Decoder[Any]
    instants: tuple[str, ...]


def plain_values(shape: Shape, operation: str, changes: str, *, is_whole: bool) -> Values | None:
    """The values of a change that is spelled as the journal spells it, without secrets; None: it has to be looked at closely."""
    reader = _reader(shape.name, operation == UPDATE, is_whole, len(Base.metadata.tables))
    if _NOTHING in changes or (shape.secrets and "(secret)" in changes):
        return None
    try:
        if _encode(reader.whole.decode(changes)).decode() != changes:
            return None
    except (msgspec.MsgspecError, ValueError, OverflowError):
        return None
    values: Values = _values(changes)
    for name in reader.instants:
        told = values.get(name)
        # Another place's time of day reads back as it was, too; the journal spells all of them as UTC.
        if told is not None and not _is_utc(told):
            return None
    return values


def _is_utc(told: Any) -> bool:
    return all(one is None or one[-1] == "Z" for one in told) if type(told) is list else told[-1] == "Z"


@cache
def _reader(table: str, is_update: bool, is_whole: bool, _tables: int) -> Reader:
    shape = shapes()[table]
    kinds = {name: kind for name, kind in shape.kinds.items() if name in shape.moving}
    if is_whole and MADE_AT in shape.stamps:
        kinds[MADE_AT] = "instant"
    fields = [_pair(name, kind) if is_update else (name, _TYPES[kind] | None, None) for name, kind in sorted(kinds.items())]
    made = msgspec.defstruct(f"{table}_{'pairs' if is_update else 'row'}", fields, omit_defaults=True)
    instants = tuple(name for name, kind in kinds.items() if kind == "instant")
    return Reader(msgspec.json.Decoder(made), instants)


def _pair(name: str, kind: str) -> tuple[str, Any, Any]:
    value: Any = _TYPES[kind] | None
    pair: Any = tuple.__class_getitem__((value, value))
    return name, pair | msgspec.UnsetType, msgspec.UNSET
