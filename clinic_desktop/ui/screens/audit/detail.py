"""One entry in full: who, when, where and why, and each field before and after."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.audit.queries import RecordChange
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.screens.audit.reading import Told
from clinic_desktop.ui.table import Column, TableView, put_title
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, Tone
from clinic_desktop.ui.widgets import Button, Card, EmptyState, Label, beside, directed, keyed, row, scrolled
from clinic_desktop.wording.audit import AuditWords

_TONES = {"I": Tone.GOOD, "U": Tone.INFO, "D": Tone.BAD, "N": Tone.NEUTRAL}


@dataclass(frozen=True, slots=True)
class Line:
    """A record, or one of its fields."""

    place: int
    label: str
    text: str
    tone: Tone | None = None
    full: str = ""


class DetailView(QWidget):
    """``record_wanted(Named)`` and ``patient_wanted(UUID)`` ask for everything about one of them."""

    record_wanted = Signal(object)
    patient_wanted = Signal(object)

    def __init__(self, words: AuditWords, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.told: Told | None = None
        self.card = Card(" ", self)
        self.who = Label(tone="muted", wrap=True)
        self.why = Label(wrap=True)
        self.table = TableView(
            _("Fields"), _columns(), key=lambda line: line.place, empty=_("No field was changed."), filterable=False, parent=self.card
        )
        self.full = Label(wrap=True)
        self.foot = Label(tone="muted", wrap=True)
        self.of_record = Button(_("All of this record"), icon_name="file-text")
        self.of_patient = Button(_("All of this patient"), icon_name="user")
        self._lay_out()
        self._wire()
        self.show_told(None)

    def _lay_out(self) -> None:
        self.card.title.setWordWrap(True)
        self.full.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.full.setAlignment(self.full.alignment() | Qt.AlignmentFlag.AlignTop)
        self.foot.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._whole = scrolled(self.full)
        self._whole.setFixedHeight(scaled(76))
        self.card.body.setSpacing(GAP_8)
        for widget in (self.who, self.why):
            self.card.body.addWidget(widget)
        self.card.body.addWidget(self.table, 1)
        self.card.body.addWidget(self._whole)
        self.card.body.addWidget(self.foot)
        self.card.body.addLayout(row(self.of_record, self.of_patient, gap=GAP_4))
        put_title(self.table, _("What it did"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedLayout()
        column.addLayout(self._stack)  # before it has pages: one without a parent would flash up as a window
        self._stack.addWidget(EmptyState(_("Choose an entry in the list to see what was changed."), icon_name="scroll-text"))
        self._stack.addWidget(self.card)

    def _wire(self) -> None:
        keyed(self.of_record, "Ctrl+R")
        keyed(self.of_patient, "Ctrl+P")
        self.table.selected.connect(self._show_full)
        self.of_record.clicked.connect(self._want_record)
        self.of_patient.clicked.connect(self._want_patient)

    def _want_record(self) -> None:
        if self.told is not None and self.told.row.entry.subject is not None:
            self.record_wanted.emit(self.told.row.entry.subject)

    def _want_patient(self) -> None:
        if self.told is not None and self.told.patient_id is not None:
            self.patient_wanted.emit(self.told.patient_id)

    def show_told(self, told: Told | None) -> None:
        """Show an entry, or that none is chosen."""
        self.told = told
        self._stack.setCurrentIndex(0 if told is None else 1)
        if told is None:
            return
        entry, words = told.row.entry, self._words
        self.card.title.setText(directed(words.what(entry)))
        self.who.setText(beside(words.who(entry), words.when(entry.at), entry.workstation))
        self.why.setText(directed(_("Reason: {reason}").format(reason=entry.reason)) if entry.reason else "")
        self.why.setVisible(bool(entry.reason))
        self.table.set_rows(lines_of(told, words))
        self._show_full(self.table.current)
        seq = _("Entry {seq}").format(seq=entry.seq)
        self.foot.setText(beside(seq, entry.command, told.row.hash[:16]))
        self.of_record.setEnabled(entry.subject is not None)
        self.of_patient.setVisible(told.patient_id is not None)

    def _show_full(self, line: Line | None) -> None:
        """What does not fit into the list stands below it in full."""
        self.full.setText("" if line is None else line.full)
        self._whole.setVisible(line is not None and bool(line.full))


def lines_of(told: Told, words: AuditWords) -> list[Line]:
    """The records of an entry, each with its fields below it."""
    lines: list[Line] = []
    for record in told.row.records:
        name, kind = words.name(record.record), words.kind(record.record.entity_type)
        operation = words.operation(record)
        full = f"{words.record(record.record)}\n{operation}"
        lines.append(Line(len(lines), kind, beside(operation, name), _TONES[record.operation], full))
        for change in record.fields:
            field, old, new = words.change(record, change)
            lines.append(Line(len(lines), f"   {field}", _before_and_after(record, old, new), None, _full(record, field, old, new)))
    if told.row.left_out:
        more = ngettext("{n} more record is not shown.", "{n} more records are not shown.", told.row.left_out)
        lines.append(Line(len(lines), "", more.format(n=told.row.left_out)))
    return lines


def _before_and_after(record: RecordChange, old: str, new: str) -> str:
    if record.operation != "U":
        return directed(new or old)
    # Isolated: in a line from right to left the arrow still leads from before to after.
    arrow = "\u2190" if _is_rtl() else "\u2192"
    return directed(f"{isolated(old or '–')} {arrow} {isolated(new or '–')}")


def _full(record: RecordChange, field: str, old: str, new: str) -> str:
    if record.operation != "U":
        return f"{field}\n{new or old}"
    return "\n".join((field, _("Before: {text}").format(text=old or "–"), _("After: {text}").format(text=new or "–")))


def _is_rtl() -> bool:
    return directed("a") != "a"


def _columns() -> list[Column]:
    return [
        Column(_("Field"), lambda line: line.label, width=136, chip=lambda line: line.tone, tooltip=lambda line: line.label.strip()),
        Column(_("Before → after"), lambda line: line.text, width=0, tooltip=lambda line: line.text),
    ]
