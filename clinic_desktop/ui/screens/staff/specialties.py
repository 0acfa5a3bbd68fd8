"""Specialties: what doctors are, as patients know it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.staff import commands, events
from clinic_desktop.clinic.staff.queries import SpecialtyRow, specialties
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.words import active_first, add_ends, in_use_column
from clinic_desktop.ui.widgets import LineEdit, Notes, Page


class SpecialtiesScreen(Screen):
    """List and form of the specialties."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        page = Page(self, _("Specialties"))
        self.records = RecordList(
            self,
            _("Specialties"),
            [
                Column(_("Name"), lambda one: one.name, width=0),
                Column(_("Description"), lambda one: one.description or "", width=0),
                in_use_column(_("Withdrawn")),
            ],
            fill=self._fill,
            save=self._save,
            new=_("New specialty"),
            empty=_("No specialties yet. Press F2 to add the first one: each doctor has one."),
            form_columns=1,
            form_width=360,
        )
        form = self.records.form
        form.add("name", _("Name"), LineEdit(limit=100), required=True)
        form.add("description", _("Description"), Notes(_("Description"), lines=4))
        add_ends(
            self.records,
            (_("Withdraw"), commands.withdraw_specialty),
            (_("Use again"), commands.restore_specialty),
            lambda row: {"specialty_id": row.id},
        )
        self.records.begin(may_change=desk.may(commands.change_specialty))
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.SpecialtyAdded, events.SpecialtyChanged)

    def refresh(self) -> None:
        """Read the specialties again."""
        self.work.read(self, specialties, latest="rows", then=lambda rows: self.records.set_rows(active_first(rows)), with_inactive=True)

    def open(self, *, specialty_id: UUID | None = None, **_what: Any) -> None:
        """Show one."""
        if specialty_id is not None:
            self.records.choose(specialty_id)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _fill(self, row: SpecialtyRow | None) -> None:
        self.records.form["name"].setText(row.name if row else "")
        self.records.form["description"].set_value(row.description if row else None)

    def _save(self, values: dict[str, Any], row: SpecialtyRow | None) -> Act:
        if row is None:
            return commands.add_specialty, values
        return commands.change_specialty, {"specialty_id": row.id, "row_version": row.row_version, **values}
