"""Questions of the doctor's room: an addendum, the name of a template."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical.commands import NewItem
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, LineEdit, Notes, keyed
from clinic_desktop.wording import sentence


class AddendumDialog(Dialog):
    """Adds to a signed consultation."""

    def __init__(self, screen: Screen, consultation_id: UUID) -> None:
        super().__init__(screen, _("Addendum"), _("What was signed stays as it is; this is added to it."), width=520)
        self._work, self._consultation_id = screen.work, consultation_id
        self._text = Notes(_("Addendum"), lines=6)
        self._field = FormField("text", _("Addendum"), self._text, required=True)
        self.body.addWidget(self._field)
        self.add_button(_("Cancel"), None, self.leave)
        self._done = BusyButton(_("Add"))
        keyed(self._done, "Ctrl+Return")
        self._done.clicked.connect(self._add)
        self.buttons.addWidget(self._done)
        self._text.setFocus()
        screen.keep_typing(f"addendum {consultation_id}", self)

    def draft(self) -> dict[str, Any] | None:
        """The text."""
        text = self._text.toPlainText()
        return {"text": text} if text.strip() else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self._text.setPlainText(draft["text"])

    def _add(self) -> None:
        text = self._text.value()
        if text is None:
            self._field.set_error(_("Please fill this in."))
            self._text.setFocus()
            return
        self._done.run(
            self._work,
            self,
            commands.add_addendum,
            then=lambda _id: self.accept(),
            failed=lambda error: self._field.set_error(sentence(error)),
            consultation_id=self._consultation_id,
            text=text,
        )


class TemplateDialog(Dialog):
    """Keeps lines under a name."""

    def __init__(self, screen: Screen, items: tuple[NewItem, ...], diagnosis: str | None, doctor_id: UUID | None) -> None:
        super().__init__(screen, _("Save as template"))
        self._work, self._items, self._diagnosis, self._doctor_id = screen.work, items, diagnosis, doctor_id
        self._name = LineEdit(_("Name"), limit=80)
        self._name.setText(diagnosis or "")
        self._field = FormField("name", _("Name"), self._name, required=True)
        self.body.addWidget(self._field)
        self.add_button(_("Cancel"), None, self.reject)
        self._done = BusyButton(_("Save"))
        self._done.setDefault(True)
        self._done.clicked.connect(self._save)
        self.buttons.addWidget(self._done)
        self._name.setFocus()
        self._name.selectAll()

    def _save(self) -> None:
        self._done.run(
            self._work,
            self,
            commands.save_template,
            then=lambda _id: self.accept(),
            failed=lambda error: self._field.set_error(sentence(error)),
            name=self._name.text(),
            items=self._items,
            diagnosis=self._diagnosis,
            doctor_id=self._doctor_id,
        )
