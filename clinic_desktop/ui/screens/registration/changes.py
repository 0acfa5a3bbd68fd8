"""What was changed of a patient's details: who did it and when, and what stood there before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.audit.queries import ChangeSetRow, changes_of_patient
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import Dialog, Label, beside
from clinic_desktop.wording.audit import AuditWords

_DERIVED = frozenset({"full_name", "phone_typed"})
"""Said by the fields that they follow."""
_OF_NUMBERS = frozenset({"patient_id"})


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of one change."""

    place: int
    when: str
    who: str
    what: str
    before: str
    after: str


def show_changes(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Open the changes of a patient's details."""
    ChangesDialog(screen, patient).open()


class ChangesDialog(Dialog):
    """The newest change first; what a registration wrote is one line."""

    def __init__(self, screen: Screen, patient: PatientRow) -> None:
        super().__init__(screen, _("Changes of the details"), beside(patient.full_name, patient.patient_number), width=860)
        self._words = AuditWords(screen.desk.place.timezone)
        self.table = TableView(
            _("Changes"), _columns(), key=lambda line: line.place, empty=_("Nothing was changed yet."), filterable=True, parent=self
        )
        self.table.setMinimumHeight(scaled(320))
        self.full = Label(wrap=True, tone="muted")
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.full)
        self.table.selected.connect(self._show_full)
        self.add_button(_("Close"), None, self.reject)
        screen.work.read(self, changes_of_patient, then=self._show, actor=screen.desk.actor, patient_id=patient.id)

    def _show(self, changes: Sequence[ChangeSetRow]) -> None:
        self.table.set_rows(list(_numbered(changes, self._words)))
        self.table.select_first()
        self.table.grid.setFocus()

    def _show_full(self, line: ChangeLine | None) -> None:
        """What does not fit into the list stands below it in full."""
        if line is None:
            self.full.setText("")
        else:
            told = [_("Before: {text}").format(text=line.before or "–"), _("After: {text}").format(text=line.after or "–")]
            self.full.setText("\n".join(told) if line.before or line.after else line.what)


def _numbered(changes: Sequence[ChangeSetRow], words: AuditWords) -> Iterator[ChangeLine]:
    lines = (told for change in changes for told in _told(change, words))
    return (ChangeLine(place, *told) for place, told in enumerate(lines))


def _told(change: ChangeSetRow, words: AuditWords) -> Iterator[tuple[str, str, str, str, str]]:
    when, who = words.when(change.entry.at), words.who(change.entry)
    for record in change.records:
        table = record.record.entity_type
        if table == "patients" and record.operation == "I":
            yield when, who, words.what(change.entry), "", ""
            continue
        for one in record.fields:
            if one.field not in (_DERIVED if table == "patients" else _OF_NUMBERS):
                field, before, after = words.change(record, one)
                yield when, who, field, _in_line(before), _in_line(after)


def _in_line(value: str) -> str:
    """A value on one line, in its own direction: a number or blood group from left to right between Arabic words too."""
    return isolated(", ".join(value.splitlines())) if value else ""


def _columns() -> list[Column]:
    return [
        Column(_("Date"), lambda line: line.when, width=160),
        Column(_("Person"), lambda line: line.who, width=150, tooltip=lambda line: line.who),
        Column(_("What"), lambda line: line.what, width=170, tooltip=lambda line: line.what),
        Column(_("Before"), lambda line: line.before, width=150, tooltip=lambda line: line.before),
        Column(_("After"), lambda line: line.after, width=0, tooltip=lambda line: line.after),
    ]
