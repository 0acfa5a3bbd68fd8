"""Why may she do this: every permission with the roles that give it to a person, and what the person lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic_desktop.clinic.access.queries import GrantRow, UserRow, grants, roles
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.people.words import group_name, group_place, role_name
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Dialog


def explained(session: Any, *, user_id: Any) -> tuple[list[GrantRow], dict[str, str]]:
    """What a person may do and why, and the names of the roles."""
    return grants(session, user_id), {row.code: row.name for row in roles(session)}


class WhyDialog(Dialog):
    """A searchable list of permissions: held through which roles, or not held."""

    def __init__(self, screen: Screen, person: UserRow) -> None:
        title = _("What {name} may do").format(name=isolated(person.full_name))
        super().__init__(screen, title, width=760)
        self._names: Mapping[str, str] = {}
        self.table = TableView(
            _("Permissions"),
            [
                Column(_("Permission"), lambda row: _(row.title), width=0, tooltip=lambda row: row.code),
                Column(_("Department"), lambda row: group_name(row.code), width=140),
                Column(_("Through"), self._through, width=210, chip=lambda row: Tone.GOOD if row.is_held else None),
            ],
            key=lambda row: row.code,
            parent=self,
        )
        self.table.setMinimumHeight(scaled(420))
        self.body.addWidget(self.table, 1)
        self.add_button(_("Close"), "primary", self.accept)
        screen.work.read(self, explained, user_id=person.id, then=self._show)
        self.table.filter.setFocus()

    def _through(self, row: GrantRow) -> str:
        return ", ".join(role_name(code, self._names.get(code, "")) for code in row.roles) if row.is_held else _("Not allowed")

    def _show(self, found: tuple[list[GrantRow], dict[str, str]]) -> None:
        rows, self._names = found
        self.table.set_rows(sorted(rows, key=lambda row: (not row.is_held, group_place(row.code), _(row.title))))
