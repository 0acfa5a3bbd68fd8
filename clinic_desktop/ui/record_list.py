"""A list with the form of one record beside it: how the clinic's set-up is looked at and changed. To be used like this::

    class DepartmentsScreen(Screen):
        def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
            super().__init__(desk, parent)
            page = Page(self, _("Departments"))
            self.records = RecordList(self, _("Departments"), _columns(), fill=self._fill, save=self._save, new=_("New department"))
            self.records.form.add("name", _("Name"), LineEdit(limit=100), required=True, span=2)
            self.records.begin(may_change=desk.may(commands.change_department))
            page.body.addWidget(self.records, 1)
            begin_at(self, self.records)
            self.watch(events.DepartmentChanged)

        def refresh(self) -> None:  # what choices offer comes with the rows, in one read: drafts are put back when rows come
            self.work.read(self, queries.departments, latest="rows", then=self.records.set_rows, with_inactive=True)

        def _fill(self, row: DepartmentRow | None) -> None:  # None: the form of a new one
            self.records.form["name"].setText(row.name if row else "")

        def _save(self, values: dict[str, Any], row: DepartmentRow | None) -> Act | None:  # None: refused, said at the field
            if row is None:
                return commands.add_department, values  # its answer is the key of the new row
            return commands.change_department, {"department_id": row.id, "row_version": row.row_version, **values}

``draft`` and ``restore`` of the screen are those of ``records``. F2 or Insert for a new one, Ctrl+S, Esc, Enter to the next field,
errors at the field, the question before typing is lost, the new row found again: all of that is here. What else can be done is a
button: ``records.add_action(button, shown=lambda row: row.is_active)`` with ``records.run(button, command, done=…, **params)``.
More than fields goes into ``records.below``; who needs to know which record stands there hears ``records.shown``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError, StaleRecord
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_panel import RecordPanel
from clinic_desktop.ui.rows import Column, Row, row_id
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, EmptyState, Form, ask, keyed

Act = tuple[Callable[..., Any], dict[str, Any]]
"""A command and what it is given."""


class RecordList(QWidget):
    """List and form; ``shown(row)`` when another record, or None for a new one, stands in the form, ``saved(answer)`` after a save."""

    shown = Signal(object)
    saved = Signal(object)

    def __init__(
        self,
        screen: Screen,
        name: str,
        columns: Sequence[Column],
        *,
        fill: Callable[[Row | None], None],
        save: Callable[[dict[str, Any], Row | None], Act | None],
        new: str | None = None,
        empty: str = "",
        key: Callable[[Row], Hashable] = row_id,
        form_columns: int = 2,
        form_width: int = 400,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent or screen)
        self._screen, self._fill, self._save, self._new_text = screen, fill, save, new
        self.record: Row | None = None
        """The row in the form; None for a new one, or none at all."""
        self.is_new = False
        self._clean: dict[str, Any] = {}
        self._left: dict[str, Any] | None = None
        self._wanted: Hashable | None = None
        self._takes_newest = False
        self._is_quiet = False
        self.table = TableView(name, columns, key=key, empty=empty, parent=self)
        self.new_button = Button(new or "", icon_name="plus", parent=self)
        self._side = QStackedWidget(self)
        self.panel = RecordPanel(form_columns, self._side)
        self._lay_out(form_width)

    def begin(self, *, may_change: bool, why_not: str = "") -> None:
        """Start once every field is there. Who may not change sees why in ``why_not``."""
        self.new_button.setVisible(self._new_text is not None and may_change)
        self.panel.begin(may_change=may_change, why_not=why_not)
        self._wire()

    # What screens do with it

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

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show these rows. What is typed stays; an untouched form shows the record as it is now."""
        rows = list(rows)
        self._quietly(lambda: self.table.set_rows(rows))
        if self.record is not None and not self.is_typed and self._key(self.record) not in map(self._key, rows):
            self.record = None  # gone, not only hidden by the filter
        if self._left is not None:
            self._put_back(self._left)
        elif self._wanted is not None and self.choose(self._wanted):
            self._wanted = None
        elif self.record is not None:
            self._show_again(self._key(self.record))
        elif not self.is_new:
            self._show_first()

    def choose(self, key: Hashable) -> bool:
        """Show the record of that key, unless typing would be lost by it; False when it is not in the list."""
        place = self.table.model.position(key)
        if place is not None:
            self._move_to(self.table.rows[place])
        return place is not None

    def start_new(self) -> None:
        """An empty form, unless typing would be lost by it."""
        self._unless_typed(self._show_new)

    def add_action(self, button: QWidget, *, shown: Callable[[Row], bool] = lambda _row: True) -> None:
        """Put a button at the foot of the form, there for the rows that ``shown`` says; never for a new record."""
        self.panel.add_action(button, shown)

    def run(self, button: BusyButton, command: Callable[..., Any], *, done: str, **params: Any) -> None:
        """Run a command about the record in the form; what it refuses stands in the form, what is typed stays."""
        self.panel.tell_problem("")
        button.run(self._screen.work, self, command, then=lambda _answer: self._acted(done), failed=self.refuse, **params)

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at its field, else at the foot of the form."""
        if isinstance(error, StaleRecord):
            self.panel.tell_problem(
                _("Someone else has changed this in the meantime. Save again to put yours in place of it, or cancel to see what is there.")
            )
            self._takes_newest = True
            self._screen.refresh()
        elif not self.form.refuse(error):
            self.panel.tell_problem(wording.sentence(error))

    def draft(self) -> dict[str, Any] | None:
        """What is typed and not saved, and of which record."""
        if self._left is not None:
            return self._left
        if not self.is_typed:
            return None
        return {"record": None if self.record is None else str(self._key(self.record)), "form": self.form.draft()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back once the rows are there."""
        self._quietly(lambda: self.form.restore(draft["form"]))  # at once as well: it raises on what it cannot read
        self._left = {"record": draft["record"], "form": draft["form"]}

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
        self.panel.save.clicked.connect(self._save_typed)
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
        self.record, self.is_new, self._takes_newest = row, row is None, False
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

    def _show_again(self, key: Hashable) -> None:
        place = self.table.model.position(key)
        row = None if place is None else self.table.rows[place]  # hidden by the filter, perhaps
        if row is not None and row != self.record:
            if not self.is_typed:
                self._show(row)
            elif self._takes_newest:
                self.record = row
        self._mark()

    def _put_back(self, left: dict[str, Any]) -> None:
        self._left = None
        self._show(next((one for one in self.table.rows if str(self._key(one)) == left["record"]), None))
        self._quietly(lambda: self.form.restore(left["form"]))
        self._tell_typed()

    def _tell_typed(self) -> None:
        if not self._is_quiet:
            is_open = self.is_new or self.is_typed
            self.panel.save.setEnabled(is_open)
            self.panel.cancel.setEnabled(is_open)

    def _save_typed(self) -> None:
        self.panel.tell_problem("")
        values = self.form.values()
        act = None if values is None else self._save(values, self.record)
        if act is not None:
            command, params = act
            self.panel.save.run(self._screen.work, self, command, then=self._saved, failed=self.refuse, **params)

    def _saved(self, answer: Any) -> None:
        if self.is_new:
            self._wanted, self.is_new = answer, False
            self.table.filter.clear()
            self.table.model.set_filter("")
        self.table.setFocus()  # first: an editor that is left may write its value in another way
        self._clean = self.form.draft()
        self._tell_typed()
        self.saved.emit(answer)
        self._acted(_("Saved."))

    def _acted(self, text: str) -> None:
        self._takes_newest = True  # it is we who changed it
        self._screen.desk.toast(text, tone=Tone.GOOD)
        self._screen.refresh()
