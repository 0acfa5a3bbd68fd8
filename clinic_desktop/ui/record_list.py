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
from typing import Any, Unpack

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError, StaleRecord
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.record_view import Look, RecordView
from clinic_desktop.ui.rows import Column, Row
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton

Act = tuple[Callable[..., Any], dict[str, Any]]
"""A command and what it is given."""


class RecordList(RecordView):
    """List and form; ``saved(answer)`` after a save."""

    saved = Signal(object)

    def __init__(
        self,
        screen: Screen,
        name: str,
        columns: Sequence[Column],
        *,
        fill: Callable[[Row | None], None],
        save: Callable[[dict[str, Any], Row | None], Act | None],
        **look: Unpack[Look],
    ) -> None:
        super().__init__(screen, name, columns, fill=fill, **look)
        self._save = save
        self._left: dict[str, Any] | None = None
        self._wanted: Hashable | None = None
        self._takes_newest = False

    def begin(self, *, may_change: bool, why_not: str = "", closed: Callable[[Row], str] = lambda _row: "") -> None:
        """Start once every field is there. Who may not change sees why in ``why_not``; ``closed(row)`` is why nobody may change that."""
        self.new_button.setVisible(self._new_text is not None and may_change)
        self.panel.begin(may_change=may_change, why_not=why_not, closed=closed)
        self._wire()
        self.panel.save.clicked.connect(self._save_typed)

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

    # How it behaves

    def _show(self, row: Row | None) -> None:
        self._takes_newest = False
        super()._show(row)

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
