"""The numbers that other systems gave a patient: seen, added and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.other_numbers import VALUE_LIMIT
from clinic_desktop.clinic.patients.queries import IdentifierRow, PatientRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import phone_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.words import system_name
from clinic_desktop.ui.screens.registration.fields import SystemEdit
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import BusyButton, Dialog, Form, LineEdit, ask, beside, row


def show_numbers(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Open the numbers of a patient."""
    NumbersDialog(screen, patient).open()


def _read(session: Any, *, patient_id: UUID) -> tuple[list[IdentifierRow], list[str]]:
    return queries.identifiers(session, patient_id), queries.number_systems(session)


class NumbersDialog(Dialog):
    """A list with what is added below it; Enter adds, Delete takes the selected one back."""

    def __init__(self, screen: Screen, patient: PatientRow) -> None:
        super().__init__(screen, _("Numbers of other systems"), beside(patient.full_name, patient.patient_number), width=560)
        self._screen, self._patient_id = screen, patient.id
        self.table = TableView(
            _("Numbers"),
            [Column(_("Who gave it"), lambda one: system_name(one.system), width=200), Column(_("Number"), _shown, width=0)],
            key=lambda one: one.id,
            empty=_("No number of another system is noted."),
            filterable=False,
        )
        self.table.setMinimumHeight(scaled(180))
        self.form = Form(columns=2)
        self.form.add("number_system", _("Who gave it"), SystemEdit(), required=True)
        self.form.add("number", _("Number"), LineEdit(limit=VALUE_LIMIT), required=True)
        self.add = BusyButton(_("Add"), icon_name="plus")
        self.remove = BusyButton(_("Remove"), icon_name="trash-2", role=None)
        for widget in (self.table, self.form):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.add, self.remove))
        self.add_button(_("Close"), None, self.leave)
        self._wire()
        screen.keep_typing(f"numbers {patient.id}", self)
        self._look()

    def _wire(self) -> None:
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._ask_remove)
        self.table.selected.connect(lambda chosen: self.remove.setEnabled(chosen is not None))
        self.remove.setEnabled(False)
        # Enter adds wherever the cursor is in the two fields; in the list it does nothing.
        for name in ("number_system", "number"):
            self.form[name].returnPressed.connect(self._add)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        delete.activated.connect(self.remove.click)
        self.form["number_system"].setFocus()

    def draft(self) -> dict[str, Any] | None:
        """What is typed and not added."""
        return self.form.typed()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _look(self) -> None:
        self._screen.work.read(self, _read, latest="numbers", then=self._show, patient_id=self._patient_id)

    def _show(self, found: tuple[list[IdentifierRow], list[str]]) -> None:
        numbers, systems = found
        self.table.set_rows(numbers)
        self.form["number_system"].offer(systems)
        self.remove.setEnabled(self.table.current is not None)

    def _add(self) -> None:
        typed = self.form.values()
        if typed is not None:
            told = {"patient_id": self._patient_id, "system": typed["number_system"], "value": typed["number"]}
            self.add.run(self._screen.work, self, commands.add_number, then=self._added, failed=self._refused, **told)

    def _added(self, _patient_id: UUID) -> None:
        self.form.clear()
        self.form["number_system"].setFocus()
        self._look()

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.form.fields["number"].set_error(wording.sentence(error))

    def _ask_remove(self) -> None:
        chosen: IdentifierRow | None = self.table.current
        if chosen is not None:
            text = _("{system} {number} will not find this patient any more.").format(
                system=system_name(chosen.system), number=_shown(chosen)
            )
            ask(self, _("Remove the number?"), text, yes=_("Remove"), no=_("Keep it"), then=lambda: self._remove(chosen), role="danger")

    def _remove(self, chosen: IdentifierRow) -> None:
        work = self._screen.work
        self.remove.run(work, self, commands.remove_number, then=lambda _id: self._look(), failed=self._refused, identifier_id=chosen.id)


def _shown(one: IdentifierRow) -> str:
    return phone_text(one.value)  # left to right, whatever stands around it
