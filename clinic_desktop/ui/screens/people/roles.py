"""Roles: what each may do, in one matrix that a person can read and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.access import commands, events
from clinic_desktop.clinic.access.queries import PermissionRow, RoleRow, permissions, roles
from clinic_desktop.clinic.access.rules import ALL_POWERFUL
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.people.matrix import MatrixModel
from clinic_desktop.ui.screens.people.matrix_view import MatrixView
from clinic_desktop.ui.screens.people.role_dialog import NewRoleDialog, RenameDialog
from clinic_desktop.ui.screens.people.words import in_order, role_name
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, Label, Page, SearchBox, keyed, row


@dataclass(frozen=True, slots=True)
class Rights:
    """Every permission and every role."""

    permissions: list[PermissionRow]
    roles: list[RoleRow]


def rights(session: Any) -> Rights:
    """Permissions, and roles in the order of the program."""
    return Rights(permissions(session), in_order(roles(session)))


class RolesScreen(Screen):
    """The matrix, what to look for in it, and what can be done with the role whose column is chosen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.new = Button(_("New role"), icon_name="plus")
        page = Page(self, _("Roles"), actions=[self.new])
        self.model = MatrixModel(commands.HELD_BY_EVERYBODY, self)
        self.view = MatrixView(_("Rights of the roles"), self.model, self)
        self.search = SearchBox(_("Filter the permissions"), placeholder=_("Filter"))
        self.lacking = Choice(_("Show"), placeholder=_("All permissions"))
        self.search.setMaximumWidth(scaled(360))
        self.lacking.setMinimumWidth(scaled(300))
        page.body.addLayout(row(self.search, self.lacking, stretch_at=1))
        page.body.addWidget(self.view, 1)
        self._role: str | None = None
        self.chosen = Label(tone="muted")
        self.rename = Button(_("Rename…"), icon_name="pencil")
        self.switch = BusyButton("", role=None)
        self.typed = Label(tone="warn")
        self.discard = Button(_("Discard"))
        self.save = BusyButton(_("Save"), icon_name="save")
        page.body.addLayout(self._foot())
        self._wire(desk)
        begin_at(self, self.view)
        self.watch(events.RoleChanged, events.UserChanged)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(GAP_12)
        for widget in (self.chosen, self.rename, self.switch):
            foot.addWidget(widget)
        foot.addStretch(1)
        for widget in (self.typed, self.discard, self.save):
            foot.addWidget(widget)
        return foot

    def _wire(self, desk: Desk) -> None:
        self.search.textChanged.connect(lambda _text: self._look())
        self.lacking.currentIndexChanged.connect(lambda _place: self._look())
        self.model.changes_made.connect(self._tell_changes)
        self.view.column_chosen.connect(self._choose)
        self.new.clicked.connect(self._ask_new)
        self.rename.clicked.connect(self._ask_name)
        self.switch.clicked.connect(self._switch)
        self.discard.clicked.connect(self.model.forget)
        self.save.clicked.connect(self._save)
        keyed(self.new, "F2")
        keyed(self.save, "Ctrl+S")
        self._choose("")
        self._tell_changes()

    def refresh(self) -> None:
        """Read roles and permissions again."""
        self.work.read(self, rights, latest="rights", then=self._show)

    def draft(self) -> dict[str, Any] | None:
        """The ticks that are not saved."""
        return {"changes": self.model.changes} if self.model.changes else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put them back."""
        self.model.put_back(draft["changes"])

    def _show(self, found: Rights) -> None:
        self.model.show(found.permissions, found.roles)
        ordinary = [one for one in found.roles if one.code not in ALL_POWERFUL]
        said = _("What this role lacks: {role}")
        self.lacking.set_options([(said.format(role=role_name(one.code, one.name)), one.code) for one in ordinary])
        self._choose(self._role or "")

    def _look(self) -> None:
        self.model.look_for(self.search.text(), self.lacking.value())

    # The role whose column is chosen

    def _row(self) -> RoleRow | None:
        return next((one for one in self.model.roles if one.code == self._role), None)

    def _choose(self, code: str) -> None:
        self._role = code or None
        role = self._row()
        can_change = role is not None and role.code not in ALL_POWERFUL
        self.rename.setVisible(can_change and role is not None and not role.is_default)
        self.switch.setVisible(can_change)
        if role is None:
            self.chosen.setText(_("Space or a click gives a permission or takes it away."))
            return
        people = ngettext("{n} person", "{n} people", role.holders).format(n=role.holders)
        self.chosen.setText(_("{role}: {people}").format(role=role_name(role.code, role.name), people=people))
        self.switch.setText(_("Take out of use") if role.is_active else _("Put back into use"))

    def _switch(self) -> None:
        role = self._row()
        if role is not None:
            command = commands.disable_role if role.is_active else commands.enable_role
            self.switch.run(self.work, self, command, code=role.code, failed=self._refuse)

    def _ask_name(self) -> None:
        role = self._row()
        if role is not None:
            RenameDialog(self, role).open()

    def _ask_new(self) -> None:
        dialog = NewRoleDialog(self, self.model.roles, self._role)
        dialog.made.connect(lambda name: self.desk.toast(_("The role {role} is there.").format(role=isolated(name)), tone=Tone.GOOD))
        dialog.open()

    # What is ticked

    def _tell_changes(self) -> None:
        count = sum(len(ticks) for ticks in self.model.changes.values())
        for widget in (self.typed, self.discard):
            widget.setVisible(bool(count))
        self.save.setEnabled(bool(count))
        self.typed.setText(ngettext("{n} change is not saved", "{n} changes are not saved", count).format(n=count))

    def _save(self) -> None:
        changes = {role: dict(ticks) for role, ticks in self.model.changes.items()}
        if changes:
            self.save.run(self.work, self, commands.change_grants, changes=changes, then=self._saved, failed=self._refuse)

    def _saved(self, _nothing: object) -> None:
        self.desk.toast(_("Saved. It holds at every computer from now on."), tone=Tone.GOOD)
        self.refresh()

    def _refuse(self, error: ClinicError) -> None:
        self.desk.toast(wording.sentence(error), tone=Tone.BAD)
