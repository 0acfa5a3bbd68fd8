"""A role of the clinic's own: made as a copy of another, and renamed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal

from clinic_desktop import wording
from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.queries import RoleRow
from clinic_desktop.clinic.access.rules import ALL_POWERFUL
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.people.words import role_name
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, LineEdit


class _RoleDialog(Dialog):
    """A name, a place for what went wrong, and one button."""

    made = Signal(str)

    def __init__(self, screen: Screen, title: str, text: str, yes: str) -> None:
        super().__init__(screen, title, text)
        self._screen = screen
        self.form = Form(columns=1)
        self.form.add("name", _("Name"), LineEdit(limit=80), required=True)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.post = BusyButton(yes, icon_name="check", parent=self)
        self.post.setDefault(True)
        self.buttons.addWidget(self.post)
        self.form["name"].setFocus()

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at its field or below the form."""
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()

    def send(self, command: Callable[..., Any], **params: Any) -> None:
        """Have the role saved under the name that is typed."""

        def done(_answer: object) -> None:
            self.made.emit(params["name"])
            self.accept()

        self.post.run(self._screen.work, self, command, then=done, failed=self.refuse, **params)


class NewRoleDialog(_RoleDialog):
    """Name, and the role whose rights it begins with."""

    def __init__(self, screen: Screen, roles: Sequence[RoleRow], chosen: str | None) -> None:
        text = _("It begins with the rights of another role; change them in the matrix afterwards.")
        super().__init__(screen, _("New role"), text, _("Make the role"))
        offered = [(role_name(one.code, one.name), one.code) for one in roles if one.code not in ALL_POWERFUL]
        self.source = Choice("", offered, placeholder=_("No rights yet"))
        self.form.add("source", _("Rights copied from"), self.source)
        self.source.set_value(chosen if chosen in {code for _name, code in offered} else None)
        self.post.clicked.connect(self._post)

    def _post(self) -> None:
        values = self.form.values()
        if values is not None:
            self.send(commands.copy_role, name=values["name"], copied_from=values["source"])


class RenameDialog(_RoleDialog):
    """Another name for a role of the clinic's own."""

    def __init__(self, screen: Screen, role: RoleRow) -> None:
        super().__init__(screen, _("Rename the role"), "", _("Rename"))
        self._role = role
        self.form["name"].setText(role.name)
        self.form["name"].selectAll()
        self.post.clicked.connect(self._post)

    def _post(self) -> None:
        values = self.form.values()
        if values is not None:
            self.send(commands.rename_role, name=values["name"], code=self._role.code)
