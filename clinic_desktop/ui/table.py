"""Every list of the desktop: typed filter, sort, column choice, count, keyboard, empty state and export."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.column_widths import ColumnWidths
from clinic_desktop.ui.csv_export import ask_export
from clinic_desktop.ui.grid import Grid
from clinic_desktop.ui.rows import CENTRE, END, START, Column, Row, RowsModel, row_id
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12
from clinic_desktop.ui.widgets.empty import EmptyState
from clinic_desktop.ui.widgets.inputs import SearchBox
from clinic_desktop.ui.widgets.text import Label

__all__ = ["CENTRE", "END", "START", "Column", "PageWanted", "RowsModel", "TableView", "put_title"]


@dataclass(frozen=True, slots=True)
class PageWanted:
    """What a paged list asks of its screen: the words, the column title to sort by, and the last row it has."""

    words: str
    sort_by: str | None
    descending: bool
    after: Row | None


class TableView(QWidget):
    """A list with its filter, count and empty state. ``paged=True`` asks for pages through ``page_wanted(PageWanted)``."""

    activated = Signal(object)
    """The row that was opened by Enter or double click."""
    selected = Signal(object)
    """The row that is now current, or None."""
    page_wanted = Signal(object)

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        key: Callable[[Row], Hashable] = row_id,
        empty: str = "",
        empty_icon: str = "inbox",
        filterable: bool = True,
        paged: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._empty_text, self._is_paged = name, empty or _("Nothing here yet."), paged
        self.model = RowsModel(columns, key, self)
        self.model.sorts_here = not paged
        self._sort: tuple[int, bool] | None = None
        self._menu_stands_in = False
        """Whether the menu was given the keyboard because there was nothing else."""
        self.grid = Grid(self)
        self.grid.setAccessibleName(name)
        self.grid.setModel(self.model)
        self.empty = EmptyState(self._empty_text, icon_name=empty_icon)
        self.filter = SearchBox(_("Filter {list}").format(list=name), placeholder=_("Filter"))
        self.count = Label(tone="muted")
        self.tools = QHBoxLayout()
        """Room for the screen's own buttons, at the trailing side above the list."""
        self._menu_button = QToolButton()
        self._lay_out(filterable)
        self._wire()
        for place, column in enumerate(columns):
            self.grid.setColumnHidden(place, column.hidden)
        self._widths = ColumnWidths(self.grid, columns)
        self._recount()

    # What screens do with it

    @property
    def current(self) -> Row | None:
        """The selected row."""
        return self.model.row(self.grid.currentIndex())

    @property
    def rows(self) -> list[Row]:
        """The rows that are shown."""
        return self.model.rows

    def set_rows(self, rows: Iterable[Row], *, has_more: bool = False) -> None:
        """Show these rows; the selection stays on the same row."""
        kept = self.model.key(self.current) if self.current is not None else None
        self.model.set_rows(rows, has_more=has_more)
        self._widths.share()
        if kept is not None and self.current is None:
            self.select(kept)

    def add_rows(self, rows: Iterable[Row], *, has_more: bool) -> None:
        """Add the page that was asked for."""
        self.model.add_rows(rows, has_more=has_more)

    def select(self, key: Hashable) -> bool:
        """Select the row of that identity; False when it is not shown."""
        place = self.model.position(key)
        if place is not None:
            self._select_place(place)
        return place is not None

    def select_first(self) -> None:
        """Select the first row, when there is one."""
        if self.model.rowCount():
            self._select_place(0)

    def set_empty(self, text: str) -> None:
        """Say something else where the list is empty."""
        self._empty_text = text
        self._recount()

    def lead(self, *widgets: QWidget, stretch: int = 0) -> None:
        """Put these at the leading side above the list, in place of its count."""
        self.count.hide()
        for place, widget in enumerate(widgets):
            self._bar.insertWidget(place, widget, stretch)

    @property
    def shown_columns(self) -> list[Column]:
        """The columns that are not left out."""
        return [column for place, column in enumerate(self.model.columns) if not self.grid.isColumnHidden(place)]

    # How it is built

    def _lay_out(self, filterable: bool) -> None:
        self.tools.setSpacing(GAP_8)
        self._menu_button.setIcon(icon("ellipsis", "muted"))
        self._menu_button.setAccessibleName(_("List options of {list}").format(list=self._name))
        self._menu_button.setToolTip(_("Columns and export"))
        bar = self._bar = QHBoxLayout()
        bar.setSpacing(GAP_12)
        self.filter.setMaximumWidth(scaled(260))
        if not filterable:
            self.filter.hide()
        bar.addWidget(self.filter, 1)
        bar.addWidget(self.count)
        bar.addStretch(1)
        bar.addLayout(self.tools)
        bar.addWidget(self._menu_button)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addLayout(bar)
        column.addLayout(self._stack, 1)

    def _wire(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self._apply_filter)
        self.filter.textChanged.connect(lambda _text: self._typing.start())
        self.filter.down.connect(self._enter_list)
        self.grid.typed.connect(self._type_into_filter)
        self.grid.entered_row.connect(self._open_current)
        self.grid.doubleClicked.connect(lambda _index: self._open_current())
        self.grid.selectionModel().currentRowChanged.connect(self._tell_selected)
        self.grid.horizontalHeader().sortIndicatorChanged.connect(self._sort_by)
        self.grid.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.grid.horizontalHeader().customContextMenuRequested.connect(self._show_header_menu)
        self._menu_button.clicked.connect(lambda: self._show_menu(self._menu_button.mapToGlobal(self._menu_button.rect().bottomLeft())))
        self.model.page_wanted.connect(self._want_next_page)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            signal.connect(self._recount)

    # How it behaves

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        # No focus proxy: Tab would stop for good before a list that is empty, and its grid hidden with it.
        inside = (self.grid, self.filter, self._menu_button)
        reached = next(one for one in inside if one.isVisibleTo(self))
        reached.setFocus(event.reason())
        self._menu_stands_in = reached is self._menu_button

    def _select_place(self, place: int) -> None:
        index = self.model.index(place, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.grid.selectionModel().setCurrentIndex(index, flags)

    def _tell_selected(self, index: QModelIndex, _former: QModelIndex) -> None:
        self.selected.emit(self.model.row(index))

    def _open_current(self) -> None:
        if self.current is not None:
            self.activated.emit(self.current)

    def _enter_list(self) -> None:
        self.grid.setFocus()
        if self.current is None:
            self.select_first()

    def _type_into_filter(self, text: str) -> None:
        if self.filter.isVisible():
            self.filter.setFocus()
            self.filter.insert(text)

    def _apply_filter(self) -> None:
        if self._is_paged:
            self._want_page()
        else:
            self.model.set_filter(self.filter.text())
        self._recount()

    def _sort_by(self, column: int, order: Qt.SortOrder) -> None:
        self._sort = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        self.model.sort(column, order)
        if self._is_paged:
            self._want_page()

    def _want_next_page(self) -> None:
        self._want_page(is_next=True)

    def _want_page(self, *, is_next: bool = False) -> None:
        title = self.model.columns[self._sort[0]].title if self._sort else None
        rows = self.model.rows
        after = rows[-1] if is_next and rows else None
        self.page_wanted.emit(PageWanted(self.filter.text(), title, bool(self._sort and self._sort[1]), after))

    def _recount(self, *_change: Any) -> None:
        shown, loaded = self.model.rowCount(), self.model.loaded
        more = self.model.canFetchMore(QModelIndex())
        if shown == loaded:
            text = ngettext("{n} row", "{n} rows", shown).format(n=f"{shown}+" if more else shown)
        else:
            text = _("{shown} of {all}").format(shown=shown, all=loaded)
        self.count.setText(text)
        self.empty.set_text(_("Nothing matches the filter.") if loaded else self._empty_text)
        had_focus = self.grid.hasFocus()
        self._stack.setCurrentWidget(self.grid if shown else self.empty)
        if had_focus and not shown:
            self.setFocus()  # else nothing would have it: the grid is hidden
        elif shown and self._menu_stands_in:
            self._menu_stands_in = False
            if self._menu_button.hasFocus():
                self.grid.setFocus()  # it is the rows that somebody came for

    def _show_header_menu(self, at: QPoint) -> None:
        self._show_menu(self.grid.horizontalHeader().mapToGlobal(at))

    def options_menu(self) -> QMenu:
        """The menu of columns and export."""
        menu = QMenu(self)
        for place, column in enumerate(self.model.columns):
            choice = QAction(column.title, menu, checkable=True)
            choice.setChecked(not self.grid.isColumnHidden(place))
            choice.setEnabled(place > 0)
            choice.toggled.connect(partial(self.show_column, place))
            menu.addAction(choice)
        menu.addSeparator()
        menu.addAction(icon("download"), _("Export as CSV…"), lambda: ask_export(self, self._name, self.shown_columns, self.rows))
        return menu

    def show_column(self, place: int, shown: bool) -> None:
        """Show or leave out a column."""
        self.grid.setColumnHidden(place, not shown)
        self._widths.share()

    def _show_menu(self, at: QPoint) -> None:
        menu = self.options_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)


def put_title(table: TableView, text: str) -> None:
    """Head a short list with its title in place of its count."""
    table.lead(Label(text, voice=Text.STRONG))
