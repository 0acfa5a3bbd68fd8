"""The prescription: the entry line, the lines, their warnings and the reason that overrides them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.consultation.entry import EntryLine
from clinic_desktop.ui.screens.consultation.kept import KeptPrescription
from clinic_desktop.ui.screens.consultation.lines import Drug, Line
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, Tone
from clinic_desktop.ui.widgets import Button, Label, LineEdit, keyed, row

_WARNING = 4


class PrescriptionPanel(QWidget):
    """What is prescribed; ``changed`` after every change, ``check_wanted`` when the warnings must be looked up."""

    changed = Signal()
    check_wanted = Signal()
    templates_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._warnings: Mapping[UUID, str] = {}
        self._checked: frozenset[UUID] = frozenset()
        self._is_read_only = False
        self._edited: int | None = None
        self.entry = EntryLine()
        self.table = TableView(
            _("Prescribed medicines"),
            self._columns(),
            key=lambda numbered: numbered[0],
            empty=_("Nothing is prescribed. Type a medicine above, or take a template."),
            empty_icon="pill",
            filterable=False,
        )
        self.remove = Button(_("Remove"), icon_name="trash-2")
        self.templates = Button(_("Templates"), icon_name="clipboard-list")
        self.reason = LineEdit(_("Reason to prescribe in spite of the warnings"), limit=500)
        self._reason_row, self._reason_title = QWidget(), Label(tone="bad")
        self._lay_out()
        self._wire()

    def _columns(self) -> list[Column]:
        def warning(numbered: tuple[int, Line]) -> str:
            return self._warnings.get(numbered[1].drug.medicine_id, "")

        return [
            Column(_("Medicine"), lambda n: n[1].drug.title, width=0, tooltip=lambda n: n[1].drug.title),
            Column(_("Dosage"), lambda n: n[1].how(), width=172),
            Column(_("Quantity"), lambda n: n[1].amount(), width=94),
            Column(_("Instructions"), lambda n: n[1].where(), width=120, tooltip=lambda n: n[1].where()),
            Column(_("Warning"), warning, chip=lambda n: Tone.BAD if warning(n) else None, width=172, tooltip=warning),
        ]

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self.entry)
        self.table.lead(self.entry.note, stretch=20)
        for button in (self.remove, self.templates):
            self.table.tools.addWidget(button)
        column.addWidget(self.table, 1)
        inside = row(self._reason_title, self.reason, fill=True)
        inside.setContentsMargins(0, 0, 0, 0)
        self._reason_row.setLayout(inside)
        column.addWidget(self._reason_row)
        self._reason_row.hide()

    def _wire(self) -> None:
        keyed(self.templates, "Ctrl+T")
        self.entry.added.connect(self._add)
        self.entry.left.connect(self._stop_editing)
        self.entry.drug_changed.connect(lambda _drug: self.check_wanted.emit())
        self.table.activated.connect(self._edit)
        self.remove.clicked.connect(self._remove)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table.grid)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.setWhatsThis(_("Remove"))
        delete.activated.connect(self._remove)
        self.templates.clicked.connect(self.templates_wanted)
        self.reason.textEdited.connect(lambda _text: self.changed.emit())

    # What the room asks

    @property
    def lines(self) -> list[Line]:
        """The lines in order."""
        return [line for _place, line in self.table.rows]

    @property
    def drugs(self) -> list[Drug]:
        """What must be checked together: the lines, and what is being entered."""
        return [*(line.drug for line in self.lines), *([self.entry.drug] if self.entry.drug is not None else [])]

    @property
    def override_reason(self) -> str | None:
        """Why it is prescribed in spite of the warnings."""
        return (self.reason.text().strip() or None) if self.has_warnings else None

    @property
    def has_warnings(self) -> bool:
        """Whether a line raises a warning."""
        return any(line.drug.medicine_id in self._warnings for line in self.lines)

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be saved: a warning without a reason."""
        return self.has_warnings and self.override_reason is None

    @property
    def is_checked(self) -> bool:
        """Whether the warnings of all lines have been looked up."""
        return frozenset(line.drug.medicine_id for line in self.lines) <= self._checked

    def show_lines(self, lines: Iterable[Line], reason: str | None, *, read_only: bool) -> None:
        """Show a prescription."""
        self._is_read_only, self._edited = read_only, None
        self._warnings, self._checked = {}, frozenset()
        self.entry.clear()
        self._set(list(lines))
        self.reason.setText(reason or "")
        self.reason.setReadOnly(read_only)
        self._reason_title.setText(_("Prescribed in spite of warnings") if read_only else _("Reason in spite of the warnings *"))
        for widget in (self.entry, self.remove, self.templates):
            widget.setVisible(not read_only)
        self.table.set_empty(
            _("Nothing was prescribed.") if read_only else _("Nothing is prescribed. Type a medicine above, or take a template.")
        )
        self._show_reason()

    def show_warnings(self, warnings: Mapping[UUID, str], checked: Iterable[UUID]) -> None:
        """The answer to ``check_wanted``."""
        self._warnings, self._checked = warnings, frozenset(checked)
        self.table.grid.viewport().update()
        self._show_reason()
        if self.entry.drug is not None:
            self.entry.show_warning(warnings.get(self.entry.drug.medicine_id, ""))

    def _show_reason(self) -> None:
        """Warnings and their answer, where there are any; of a signed prescription only the answer is known."""
        self.table.show_column(_WARNING, self.has_warnings)
        self._reason_row.setVisible(bool(self.reason.text()) if self._is_read_only else self.has_warnings)

    def add_lines(self, lines: Iterable[Line]) -> None:
        """Add the lines of a template, each medicine once."""
        known = {line.drug.medicine_id for line in self.lines}
        self._set([*self.lines, *(line for line in lines if line.drug.medicine_id not in known)])
        self._told()

    def draft(self) -> KeptPrescription:
        """What would be lost."""
        return KeptPrescription(tuple(self.lines), self.reason.text(), self.entry.draft())

    def restore(self, kept: KeptPrescription) -> None:
        """Put a draft back."""
        self._set(list(kept.lines))
        self.reason.setText(kept.reason)
        self.entry.restore(kept.entry)
        self._told()

    # How it changes

    def _set(self, lines: list[Line]) -> None:
        self.table.set_rows(enumerate(lines))

    def _told(self) -> None:
        self.check_wanted.emit()
        self.changed.emit()

    def _add(self, line: Line) -> None:
        lines = self.lines
        if self._edited is not None and self._edited < len(lines):
            lines[self._edited] = line
        else:
            lines.append(line)
        self._edited = None
        self._set(lines)
        self._told()

    def _edit(self, numbered: tuple[int, Line]) -> None:
        if not self._is_read_only:
            self._edited = numbered[0]
            self.entry.load(numbered[1])

    def _stop_editing(self) -> None:
        # Otherwise the next medicine would take the place of the line that was opened.
        self._edited = None

    def _remove(self) -> None:
        current = self.table.current
        if current is not None and not self._is_read_only:
            self._edited = None
            self._set([line for place, line in enumerate(self.lines) if place != current[0]])
            self._told()
