"""A read-only table model over frozen rows: a refresh touches only what differs, so that nothing flickers or jumps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from clinic_desktop.kernel.text import search_form
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets.text import plain_tooltip

Row = Any
Index = QModelIndex | QPersistentModelIndex
CHIP_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_ROLE = Qt.ItemDataRole.UserRole + 2

START = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
END = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter

_MOST_RANGES = 64


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how a row reads in it. ``width=0`` takes the room that is left."""

    title: str
    text: Callable[[Row], str]
    align: Qt.AlignmentFlag = START
    width: int = 120
    chip: Callable[[Row], Tone | None] | None = None
    tooltip: Callable[[Row], str] | None = None
    sort_key: Callable[[Row], Any] | None = None
    export: Callable[[Row], str] | None = None
    hidden: bool = False
    picture: Callable[[Row], QPixmap] | None = None
    """Drawn small before the text; it must be there at once."""


def row_id(row: Row) -> Hashable:
    """The default identity of a row: its ``id``."""
    return row.id  # type: ignore[no-any-return]


class RowsModel(QAbstractTableModel):
    """Rows in their columns, filtered by words and sorted by a column."""

    page_wanted = Signal()

    def __init__(self, columns: Sequence[Column], key: Callable[[Row], Hashable] = row_id, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: list[Row] = []
        self._shown: list[Row] = []
        self._words: list[str] = []
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._has_more = False
        self.sorts_here = True

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._shown[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align
        if role == Qt.ItemDataRole.DecorationRole:
            return column.picture(row) if column.picture else None
        if role == CHIP_ROLE:
            return column.chip(row) if column.chip else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(column.tooltip(row)) if column.tooltip else None
        return row if role == ROW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return self.columns[section].align if role == Qt.ItemDataRole.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        if self.sorts_here:
            self._show()

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802
        return self._has_more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:  # noqa: N802
        if self.canFetchMore(parent):
            self._has_more = False
            self.page_wanted.emit()

    # What screens ask

    @property
    def rows(self) -> list[Row]:
        """The rows that are shown, in order."""
        return list(self._shown)

    @property
    def loaded(self) -> int:
        """How many rows there are before the filter."""
        return len(self._rows)

    def row(self, index: Index) -> Row | None:
        """The row at an index."""
        return self._shown[index.row()] if index.isValid() else None

    def position(self, key: Hashable) -> int | None:
        """Where the row of that identity is shown."""
        return next((place for place, row in enumerate(self._shown) if self._key(row) == key), None)

    def key(self, row: Row) -> Hashable:
        """The identity of a row."""
        return self._key(row)

    def set_rows(self, rows: Iterable[Row], *, has_more: bool = False) -> None:
        """Show these rows in place of the former ones."""
        self._rows = list(rows)
        self._has_more = has_more
        self._show()

    def add_rows(self, rows: Iterable[Row], *, has_more: bool) -> None:
        """Add the next page behind the rows there are."""
        self._rows.extend(rows)
        self._has_more = has_more
        self._show()

    def set_filter(self, text: str) -> None:
        """Keep the rows that have every word somewhere in their columns."""
        self._words = search_form(text).split() if self.sorts_here else []
        self._show()

    # How a change reaches the views

    def _show(self) -> None:
        wanted = [row for row in self._rows if self._matches(row)] if self._words else list(self._rows)
        if self._sorted_by is not None and self.sorts_here:
            column, order = self._sorted_by
            by = self.columns[column].sort_key or (lambda row: search_form(self.columns[column].text(row)))
            wanted.sort(key=by, reverse=order == Qt.SortOrder.DescendingOrder)
        self._become(wanted)

    def _matches(self, row: Row) -> bool:
        text = " ".join(search_form(column.text(row)) for column in self.columns)
        return all(word in text for word in self._words)

    def _become(self, wanted: list[Row]) -> None:
        keys = [self._key(row) for row in wanted]
        stays = set(keys)
        gone = _ranges([i for i, row in enumerate(self._shown) if self._key(row) not in stays])
        here = {self._key(row) for row in self._shown}
        new = _ranges([i for i, key in enumerate(keys) if key not in here])
        if len(gone) + len(new) > _MOST_RANGES or len(stays) != len(keys):
            self.beginResetModel()
            self._shown = wanted
            self.endResetModel()
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._shown[first : last + 1]
            self.endRemoveRows()
        self._reorder([key for key in keys if key in here])
        for first, last in new:
            self.beginInsertRows(QModelIndex(), first, last)
            self._shown[first:first] = wanted[first : last + 1]
            self.endInsertRows()
        self._replace_changed(wanted)

    def _reorder(self, keys: list[Hashable]) -> None:
        former = [self._key(row) for row in self._shown]
        if former == keys:
            return
        self.layoutAboutToBeChanged.emit()
        rows = dict(zip(former, self._shown, strict=True))
        places = {key: place for place, key in enumerate(keys)}
        kept = self.persistentIndexList()
        moved = [self.createIndex(places[former[index.row()]], index.column()) for index in kept]
        self._shown = [rows[key] for key in keys]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _replace_changed(self, wanted: list[Row]) -> None:
        changed = [i for i, (old, new) in enumerate(zip(self._shown, wanted, strict=True)) if old is not new and old != new]
        self._shown = wanted
        for first, last in _ranges(changed):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


def _ranges(places: list[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring places, as (first, last)."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
