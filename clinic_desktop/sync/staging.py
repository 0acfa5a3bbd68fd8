"""Rows of one or more change sets on their way into the tables: in an order that keys allow, and in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync.putting import delete_rows, insert_rows, update_rows
from clinic_desktop.sync.rows import RowKey, circular_columns, table_order
from clinic_desktop.sync.shapes import MADE_AT, STAMPS, Shape, shapes


class Writing:
    """What is to be written of one or more change sets: first in the order of keys, all in few statements."""

    def __init__(self) -> None:
        self.inserts: dict[RowKey, tuple[Values, str]] = {}
        self.updates: dict[RowKey, tuple[Values, str]] = {}
        self.deletes: list[RowKey] = []
        self._sealing: dict[RowKey, tuple[Values, str]] = {}
        self._aside: dict[RowKey, tuple[Values, str]] = {}
        self._regained: dict[RowKey, tuple[Values, str]] = {}
        self._shapes = shapes()

    def insert(self, row: RowKey, image: Values, at: str) -> None:
        """A new row, as it will be."""
        policy = self._shapes[row[0]].policy
        if policy.unsealed and policy.sealed is not None and policy.sealed(image):
            self._sealing[row] = ({name: image[name] for name in policy.unsealed}, at)
            image = {**image, **policy.unsealed}
        self.inserts[row] = (image, at)

    def update(self, row: RowKey, values: Values, at: str, *, is_sealing: bool = False) -> None:
        """New values of some columns; those that seal a row are written when all that belongs to it is there."""
        if row in self.inserts and not (is_sealing or row in self._sealing):
            image, made_at = self.inserts[row]
            self.inserts[row] = ({**image, **values}, made_at)
            return
        changes = self._sealing if is_sealing or row in self._sealing else self.updates
        known = changes.get(row)
        changes[row] = ({**known[0], **values} if known else values, at)

    def give_way(self, row: RowKey, values: Values, at: str) -> None:
        """New values of a row that makes room for another one, which is written after it."""
        if row in self.inserts or row in self.updates:
            self.update(row, values, at)
        else:
            self._aside[row] = ({**self._aside.get(row, ({}, at))[0], **values}, at)

    def write_first(self, row: RowKey) -> None:
        """What a row becomes makes room for others."""
        if row in self.updates:
            self._aside[row] = self.updates.pop(row)

    def share_at_first(self, row: RowKey, values: Values) -> None:
        """A new row that must be there before the one that makes room for it can name it: it gives way itself until then."""
        if row in self.inserts and row not in self._regained:
            image, at = self.inserts[row]
            self._regained[row] = ({name: image.get(name) for name in values}, at)
            self.inserts[row] = (image | values, at)

    def names_new_row(self, row: RowKey, values: Values) -> bool:
        """Whether values of a row name one that is not written yet."""
        return any((parent, values[column]) in self.inserts for column, parent in self._shapes[row[0]].named if column in values)

    def delete(self, row: RowKey) -> None:
        """A row goes."""
        self.updates.pop(row, None)
        self._sealing.pop(row, None)
        if self.inserts.pop(row, None) is None:
            self.deletes.append(row)

    def write(self, connection: Connection, *, one_by_one: bool = False) -> None:
        """Carry it out: what goes makes room first, then new rows after those that they name, then changes.

        ``one_by_one`` keeps the order of alike changes, too, where the one may make room for the other.
        """
        order = {name: place for place, name in enumerate(table_order())}
        for table, gone in sorted(_by_table(self.deletes).items(), key=lambda one: -order[one[0]]):
            delete_rows(connection, shapes()[table], gone)
        late: dict[RowKey, tuple[Values, str]] = {}
        arrived = _by_table(self.inserts)
        # A change may free the value that a new row takes, and a new row may be what a change names.
        aside = {row: told for row, told in self._aside.items() if not self.names_new_row(row, told[0])}
        changes = {row: told for row, told in self.updates.items() if not self.names_new_row(row, told[0])}

        def update(rows: Mapping[RowKey, tuple[Values, str]]) -> None:
            _update_all(connection, rows, one_by_one)

        update(aside)
        update(changes)
        for table in sorted(arrived, key=order.__getitem__):
            insert_rows(connection, shapes()[table], self._lines(shapes()[table], arrived[table], late))
        update(late)
        update({row: told for row, told in self._aside.items() if row not in aside})
        update({row: told for row, told in self.updates.items() if row not in changes})
        update(self._regained)
        update(self._sealing)

    def _lines(self, shape: Shape, keys: Iterable[str], late: dict[RowKey, tuple[Values, str]]) -> list[Values]:
        """New rows of one table, after those of it that they name; what names a row of a later table, or in a circle, is set at the end."""
        circular, stamps = circular_columns()[shape.name], shape.stamps
        if not circular:
            told = [self.inserts[shape.name, key] for key in keys]
            return [{**image, **dict.fromkeys(stamps, image.get(MADE_AT, at))} for image, at in told]
        own = frozenset(name for name in circular if shape.parents[name] == shape.name)
        there, lines = set[str](), []
        for key in self._named_first(shape, keys, own) if own else keys:
            image, at = self.inserts[shape.name, key]
            # Without it a row may be one that the database refuses beside the one that it names: who shares a telephone.
            waiting = (name for name in circular if name not in own or image.get(name) not in there)
            put_off = {name: image[name] for name in waiting if (shape.parents[name], image.get(name)) in self.inserts}
            there.add(key)
            if put_off:
                late[shape.name, key] = (put_off, at)
                image = {**image, **dict.fromkeys(put_off)}
            # One that came whole says itself when it was made.
            lines.append({**image, **dict.fromkeys(stamps, image.get(MADE_AT, at))})
        return lines

    def _named_first(self, shape: Shape, keys: Iterable[str], columns: Iterable[str]) -> Iterable[str]:
        """Rows of a table that name one another, each after those that it names, as far as that goes."""
        placed: dict[str, None] = {}
        for key in keys:
            path = [key]
            while path:
                named = (self.inserts[shape.name, path[-1]][0].get(name) for name in columns)
                known = (one for one in named if (shape.name, one) in self.inserts)
                before = next((one for one in known if one not in placed and one not in path), None)
                if before is None:
                    placed.setdefault(path.pop())
                else:
                    path.append(before)
        return placed


def _update_all(connection: Connection, updates: Mapping[RowKey, tuple[Values, str]], one_by_one: bool) -> None:
    alike: dict[tuple[str, tuple[str, ...]], list[Values]] = defaultdict(list)
    for (table, key), (values, at) in updates.items():
        shape = shapes()[table]
        told = {**values, STAMPS[1]: at} if STAMPS[1] in shape.stamps else values
        alike[table, tuple(told)].append({**told, shape.key: key})
    for (table, columns), lines in alike.items():
        update_rows(connection, shapes()[table], columns, lines, one_by_one=one_by_one)


def _by_table(rows: Iterable[RowKey]) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = defaultdict(list)
    for table, key in rows:
        tables[table].append(key)
    return tables
