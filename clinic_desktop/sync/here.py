"""The rows of this database that a page of changes meets, as they become in the course of it, and those that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection

from clinic_desktop.kernel.journal import DELETE, INSERT, UPDATE
from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync.outcomes import Outcome, RowChange
from clinic_desktop.sync.reading import Park
from clinic_desktop.sync.rows import RowKey, images, present
from clinic_desktop.sync.shapes import Shape, shapes
from clinic_desktop.sync.wire import WireRow


class Here:
    """The rows of this database that a page of changes meets, as they become in the course of it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._images: dict[RowKey, Values | None] = {}
        self._known: set[RowKey] = set()
        self.sites: dict[RowKey, UUID | None] = {}
        """Whose the rows are that were asked for so far; None: the whole chain's."""

    def load(self, keys: Iterable[RowKey], *, lock: bool = True) -> None:
        """Read rows that are not at hand yet."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for row in keys:
            if row not in self._images:
                wanted[row[0]].add(row[1])
        for table in sorted(wanted):
            found = images(self.connection, table, wanted[table], lock=lock)
            for key in wanted[table]:
                self._images[table, key] = found.get(key)

    def image(self, table: str, key: str) -> Values | None:
        """One row as it is by now."""
        return self.at((table, key))

    def at(self, row: RowKey) -> Values | None:
        """The same by table and key in one."""
        try:
            return self._images[row]
        except KeyError:
            self.load([row], lock=False)
            return self._images[row]

    def put(self, table: str, key: str, image: Values | None) -> None:
        """The row as it becomes."""
        row = (table, key)
        self._images[row] = image
        if row in self.sites:
            self.sites.clear()

    def belong(self, rows: Iterable[RowKey], site: UUID | None) -> UUID | None:
        """Remember whose rows these are."""
        self.sites.update(dict.fromkeys(rows, site))
        return site

    def note_parents(self, keys: Iterable[RowKey]) -> None:
        """Look up, in one go, which rows that others name are there."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for row in keys:
            if row not in self._known and self._images.get(row) is None:
                wanted[row[0]].add(row[1])
        for table, some in wanted.items():
            self._known.update((table, key) for key in present(self.connection, table, some))

    def exists(self, row: RowKey) -> bool:
        """Whether a row is there by now."""
        image = self._images.get(row, ...)
        return image is not None if image is not ... else row in self._known


def named(parsed: Iterable[Sequence[RowChange | WireRow] | None]) -> set[RowKey]:
    """What the rows of a page name by their foreign keys: of many rows the same few."""
    known, found = shapes(), set[RowKey]()
    for rows in parsed:
        for row in rows or ():
            if not isinstance(row, RowChange) or row.operation == DELETE:
                continue
            told, shape = row.told, known[row.table]
            if row.operation == UPDATE:
                if not shape.naming.isdisjoint(told):
                    found.update((shape.parents[column], told[column][1]) for column in shape.naming & told.keys())
            else:
                found.update([(parent, told[column]) for column, parent in shape.named if column in told])
    return {row for row in found if row[1] is not None}


def refuse_orphan(here: Here, shape: Shape, outcome: Outcome) -> None:
    """Refuse a row that names one which is not there (any more)."""
    changes = outcome.changes
    if outcome.operation == INSERT:
        for column, parent in shape.named:
            key = changes.get(column)
            if key is not None and not here.exists((parent, key)):
                _look_once_more(here, shape, column, key)
    elif outcome.operation == UPDATE and not shape.naming.isdisjoint(changes):
        for column in shape.naming & changes.keys():
            key = changes[column][1]
            if key is not None and not here.exists((shape.parents[column], key)):
                _look_once_more(here, shape, column, key)


def _look_once_more(here: Here, shape: Shape, column: str, key: str) -> None:
    parent = (shape.parents[column], key)
    here.note_parents([parent])
    if not here.exists(parent):
        raise Park("parent_missing", f"{shape.name}.{column}")
