"""Departments and who heads each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.queries import doctors
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.closing import add_closing
from clinic_desktop.ui.screens.organisation.words import active_first, in_use_column
from clinic_desktop.ui.widgets import Choice, LineEdit, Notes, Page


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department with the name of its head."""

    id: UUID
    name: str
    description: str | None
    head_doctor_id: UUID | None
    head: str
    is_active: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class Departments:
    """The departments, and the doctors who may head them."""

    rows: Sequence[DepartmentLine]
    doctors: Sequence[tuple[str, UUID]]


def department_lines(session: Any) -> Departments:
    """Every department with its head, and the doctors."""
    people = doctors(session, with_inactive=True)
    names: dict[UUID | None, str] = {one.id: one.full_name for one in people}
    rows = [
        DepartmentLine(d.id, d.name, d.description, d.head_doctor_id, names.get(d.head_doctor_id, ""), d.is_active, d.row_version)
        for d in departments(session, with_inactive=True)
    ]
    heads = {one.head_doctor_id for one in rows}
    offered = [(f"{one.full_name} · {one.specialty}", one.id) for one in people if one.is_active or one.id in heads]
    return Departments(active_first(rows), offered)


class DepartmentsScreen(Screen):
    """List and form of the departments."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        page = Page(self, _("Departments"))
        self.records = RecordList(
            self,
            _("Departments"),
            [
                Column(_("Name"), lambda one: one.name, width=0),
                Column(_("Head"), lambda one: one.head, width=0),
                in_use_column(_("Closed")),
            ],
            fill=self._fill,
            save=self._save,
            new=_("New department"),
            empty=_("No departments yet. Press F2 to add the first one."),
            form_columns=1,
            form_width=372,
        )
        form = self.records.form
        form.add("name", _("Name"), LineEdit(limit=100), required=True)
        self.head = Choice(_("Head of department"), placeholder=_("Nobody yet"))
        form.add("head", _("Head of department"), self.head)
        form.add("description", _("Notes"), Notes(_("Notes"), lines=4))
        self.close_button, self.reopen_button = add_closing(
            self.records,
            "department_id",
            (_("Close department"), commands.close_department),
            (_("Open again"), commands.reopen_department),
        )
        self.records.begin(may_change=desk.may(commands.change_department))
        self.head.setEnabled(desk.may(staff.appoint_head))
        self.records.saved.connect(self._appoint)
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.DepartmentAdded, events.DepartmentChanged)

    def refresh(self) -> None:
        """Read the departments and the doctors again."""
        self.work.read(self, department_lines, latest="rows", then=self._show)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _show(self, found: Departments) -> None:
        self.head.set_options(found.doctors)
        self.records.set_rows(found.rows)

    def _fill(self, row: DepartmentLine | None) -> None:
        form = self.records.form
        form["name"].setText(row.name if row else "")
        form["description"].set_value(row.description if row else None)
        self.head.set_value(row.head_doctor_id if row else None)

    def _save(self, values: dict[str, Any], row: DepartmentLine | None) -> Act:
        told = {name: values[name] for name in ("name", "description")}
        if row is None:
            return commands.add_department, told
        return commands.change_department, {"department_id": row.id, "row_version": row.row_version, **told}

    def _appoint(self, added: UUID | None) -> None:
        """The head is the staff department's to decide: a command of its own, after the department is saved."""
        row = self.records.record
        department_id, former = (added, None) if row is None else (row.id, row.head_doctor_id)
        if self.head.value() != former:
            self.work.do(self, staff.appoint_head, failed=self.records.refuse, department_id=department_id, doctor_id=self.head.value())
