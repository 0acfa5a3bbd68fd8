"""What comes in as it is read: headers, rows and notes, each refused by name where it could not be what a site wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from clinic_desktop.kernel.capture import SECRET
from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, UPDATE
from clinic_desktop.kernel.merging import Kind, Values
from clinic_desktop.sync.checking import plain_values
from clinic_desktop.sync.outcomes import RowChange
from clinic_desktop.sync.shapes import BadValue, Shape, shapes
from clinic_desktop.sync.wire import WireChange, WireRow

_UNKNOWN = "\0"
"""Stands for an old value that the log kept secret."""


class Park(Exception):
    """This change set cannot be applied: ``reason`` is a code, ``detail`` says where."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def refuse_header(change: WireChange) -> None:
    """Refuse what a journal could not hold: a time without its place, a text that no server takes."""
    texts = (change.actor_name, change.command, change.reason or "", *[row[0] for row in change.rows])
    if change.at.tzinfo is None or "\0" in "".join(texts):
        raise Park("malformed", "header")


def row_change(change: WireChange, ordinal: int, row: WireRow, known: Mapping[str, Shape]) -> RowChange | WireRow:
    """A row's change with every value looked at; notes stay as they are."""
    table, key, operation, changes = row
    if operation == NOTE:
        return row
    shape = known.get(table)
    if shape is None or shape.policy.kind is Kind.LOCAL or operation not in (INSERT, UPDATE, DELETE):
        raise Park("malformed", table[:40])
    plain = None if change.secrets else plain_values(shape, operation, changes, is_whole=change.is_whole)
    if plain is not None and (operation != INSERT or plain.get(shape.key) == key):
        return RowChange(table, key, operation, plain)
    return _looked_at(change, ordinal, row, shape)


def _looked_at(change: WireChange, ordinal: int, row: WireRow, shape: Shape) -> RowChange:
    """A row's change value by value."""
    secrets = {one.field: msgspec.json.decode(one.value) for one in change.secrets if one.ordinal == ordinal}
    try:
        told = msgspec.json.decode(row.changes, type=dict[str, Any])
        if row.operation == UPDATE:
            checked = _checked_pairs(shape, told, secrets)
        else:
            checked = (shape.checked_whole if change.is_whole else shape.checked)(told | secrets)
            if row.operation == INSERT and checked.get(shape.key) != row.key:
                raise BadValue("key")
    except (msgspec.MsgspecError, BadValue, ValueError) as error:
        raise Park("malformed", f"{row.table}: {error}"[:200]) from error
    return RowChange(row.table, row.key, row.operation, checked)


def _checked_pairs(shape: Shape, told: Values, secrets: Values) -> Values:
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in told.values()):
        raise BadValue("pairs")
    new = shape.checked({name: secrets.get(name, pair[1]) for name, pair in told.items()})
    old = shape.checked({name: pair[0] for name, pair in told.items() if name not in shape.secrets})
    return {name: [old.get(name, _UNKNOWN), value] for name, value in new.items()}


def note_details(change: WireChange, row: WireRow) -> Values:
    """What a note says, with its secrets."""
    try:
        details: Values = msgspec.json.decode(row.changes, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise Park("malformed", "note") from error
    secrets = {one.field: msgspec.json.decode(one.value) for one in change.secrets if change.rows[one.ordinal] is row}
    if secrets and isinstance(details.get("values"), dict):
        details["values"] = details["values"] | secrets
    return details


def hidden(row: WireRow, details: Values) -> tuple[Values, Values]:
    """A note as a log may hold it, and the secrets that it leaves out."""
    shape, values = shapes().get(row.table), details.get("values")
    if shape is None or not isinstance(values, dict):
        return details, {}
    secrets = {name: value for name, value in values.items() if name in shape.secrets}
    return details | {"values": values | {name: SECRET for name, value in secrets.items() if value is not None}}, secrets
