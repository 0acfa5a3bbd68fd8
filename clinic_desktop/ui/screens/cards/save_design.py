"""Keeping a design as a version: under which name, and whether new cards get it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.card_design import CardLayout
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets import BusyButton, Dialog, Form, Label, LineEdit


class SaveDesign(Dialog):
    """Asks for the name; ``saved(template_id)``."""

    saved = Signal(object)

    def __init__(self, screen: Screen, layout: CardLayout, name: str, *, is_default: bool) -> None:
        told = _("Cards that are out keep the version that they were issued with. A known name gets its next version.")
        super().__init__(screen, _("Save the card design"), told)
        self._screen, self._layout = screen, layout
        self.form = Form(columns=1)
        self.form.add("name", _("Name"), LineEdit(limit=60), required=True)
        self.form["name"].setText(name)
        self.default = QCheckBox(_("Use for new cards"))
        self.default.setChecked(is_default)
        self.body.addWidget(self.form)
        self.body.addWidget(self.default)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self._clean = self._typed()
        self.add_button(_("Cancel"), None, self.leave)
        self.saving = BusyButton(_("Save"), icon_name="save")
        self.saving.setDefault(True)
        self.saving.clicked.connect(self._save)
        self.buttons.addWidget(self.saving)
        self.form["name"].setFocus()
        screen.keep_typing(f"save design {name}", self)

    def draft(self) -> dict[str, Any] | None:
        """The name and the tick where they are other than they were."""
        typed = self._typed()
        return None if typed == self._clean else typed

    def restore(self, draft: dict[str, Any]) -> None:
        """Put them back."""
        self.form.restore(draft["form"])
        self.default.setChecked(draft["is_default"] is True)

    def _typed(self) -> dict[str, Any]:
        return {"form": self.form.draft(), "is_default": self.default.isChecked()}

    def _save(self) -> None:
        values: dict[str, Any] | None = self.form.values()
        if values is not None:
            self.saving.run(
                self._screen.work,
                self,
                commands.save_card_template,
                then=self._saved,
                failed=self._refused,
                layout=self._layout,
                is_default=self.default.isChecked(),
                **values,
            )

    def _saved(self, template_id: object) -> None:
        self.accept()
        self.saved.emit(template_id)

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()
