"""Which record of a list stands in the form beside it, and how both keep together: nothing typed is lost by a step to another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypedDict

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_panel import RecordPanel
from clinic_desktop.ui.rows import Column, Row, row_id
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16
from clinic_desktop.ui.widgets import Button, EmptyState, Form, ask, keyed


class Look(TypedDict, total=False):
    """How a list and its form look."""

    new: str | None
    empty: str
    key: Callable[[Row], Hashable]
    form_columns: int
    form_width: int
    parent: QWidget | None


class RecordView(QWidget):
    """``shown(row)`` when another record, or None for a new one, stands in the form."""

    shown = Signal(object)

    def __init__(
        self,
        screen: Screen,
        name: str,
        columns: Sequence[Column],
        *,
        fill: Callable[[Row | None], None],
        new: str | None = None,
        empty: str = "",
        key: Callable[[Row], Hashable] = row_id,
        form_columns: int = 2,
        form_width: int = 400,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent or screen)
        self._screen, self._fill, self._new_text = screen, fill, new
        self.record: Row | None = None
        """The row in the form; None for a new one, or none at all."""
        self.is_new = False
        self._clean: dict[str, Any] = {}
        self._is_quiet = False
        self.table = TableView(name, columns, key=key, empty=empty, parent=self)
        self.new_button = Button(new or "", icon_name="plus", parent=self)
        self._side = QStackedWidget(self)
        self.panel = RecordPanel(form_columns, self._side)
        self._lay_out(form_width)

    @property
    def form(self) -> Form:
        """Where the fields go."""
        return self.panel.form

    @property
    def below(self) -> QVBoxLayout:
        """Where more than fields goes, below them."""
        return self.panel.below

    @property
    def is_typed(self) -> bool:
        """Whether something in the form would be lost."""
        return (self.is_new or self.record is not None) and self.form.draft() != self._clean

    def choose(self, key: Hashable) -> bool:
        """Show the record of that key, unless typing would be lost by it; False when it is not in the list."""
        place = self.table.model.position(key)
        if place is not None:
            self._move_to(self.table.rows[place])
        return place is not None

    def start_new(self) -> None:
        """An empty form, unless typing would be lost by it."""
        self._unless_typed(self._show_new)

    # How it is built

    def _lay_out(self, form_width: int) -> None:
        self.table.tools.addWidget(self.new_button)
        self._side.addWidget(EmptyState(_("Choose one in the list to see it here.")))
        self._side.addWidget(self.panel)
        self._side.setFixedWidth(scaled(form_width))
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_16)
        across.addWidget(self.table, 1)
        across.addWidget(self._side)
        begin_at(self, self.table)

    def _wire(self) -> None:
        keyed(self.new_button, "F2")
        insert = QShortcut(QKeySequence("Insert"), self.new_button)
        insert.activated.connect(self.new_button.click)
        self.new_button.clicked.connect(self.start_new)
        self.panel.typed.connect(self._tell_typed)
        self.panel.cancel.clicked.connect(lambda: self._unless_typed(self._show_kept))
        self.table.selected.connect(self._selected)
        self.table.activated.connect(lambda _row: self.panel.enter())
        self._tell_typed()

    # How it behaves

    def _key(self, row: Row) -> Hashable:
        return self.table.model.key(row)

    def _quietly(self, change: Callable[[], object]) -> None:
        former, self._is_quiet = self._is_quiet, True
        try:
            change()
        finally:
            self._is_quiet = former

    def _selected(self, row: Row | None) -> None:
        if self._is_quiet:
            return
        if row is not None and self.table.grid.hasFocus():
            self._move_to(row)
        else:  # the filter took the row away, nobody chose another
            QTimer.singleShot(0, self, self._mark)

    def _move_to(self, row: Row) -> None:
        if self.record is None or self._key(self.record) != self._key(row):
            self._unless_typed(lambda: self._show(row))
        else:
            self._mark()

    def _unless_typed(self, go: Callable[[], object]) -> None:
        if not self.is_typed:
            go()
            return
        name = isolated(self.panel.title.text())
        text = _("What you typed at {name} is not saved and would be lost.").format(name=name)
        dialog = ask(self, _("Leave without saving?"), text, yes=_("Leave"), no=_("Go on here"), role="danger", then=go)
        dialog.rejected.connect(self._mark)

    def _mark(self) -> None:
        """The list marks what stands in the form."""

        def mark() -> None:
            if self.record is None or not self.table.select(self._key(self.record)):
                self.table.grid.clearSelection()
                self.table.grid.setCurrentIndex(QModelIndex())

        self._quietly(mark)

    def _show(self, row: Row | None) -> None:
        self.record, self.is_new = row, row is None
        self._quietly(lambda: self._fill(row))
        self._clean = self.form.draft()
        self.panel.head((self._new_text if row is None else self.table.model.columns[0].text(row)) or "", row)
        self._side.setCurrentWidget(self.panel)
        self._mark()
        self._tell_typed()
        self.shown.emit(row)

    def _show_new(self) -> None:
        self._show(None)
        self.panel.enter()

    def _show_kept(self) -> None:
        """Back to what is saved; from a new record to the list."""
        if self.record is not None:
            self._show(self.record)
        else:
            self._show_first()
        self.table.setFocus()

    def _show_first(self) -> None:
        rows = self.table.rows
        if rows:
            self._show(rows[0])
        else:
            self.is_new = False
            self._side.setCurrentIndex(0)

    def _tell_typed(self) -> None:
        if not self._is_quiet:
            is_open = self.is_new or self.is_typed
            self.panel.save.setEnabled(is_open)
            self.panel.cancel.setEnabled(is_open)
