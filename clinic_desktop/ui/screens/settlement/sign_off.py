"""Signing a day off: who does it, and a note where cash differs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from clinic_desktop import wording
from clinic_desktop.clinic.billing import commands
from clinic_desktop.clinic.billing.errors import TillsDiffer
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.settlement.reading import Sheet
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, Label, Notes


class SignOff(Dialog):
    """``settled(settlement_id)`` once the day is closed."""

    settled = Signal(object)

    def __init__(self, screen: Screen, sheet: Sheet) -> None:
        text = _("{net} net. Later payments and refunds belong to the next open day; this one cannot be changed any more.").format(
            net=money_text(sheet.net)
        )
        super().__init__(screen, _("Settle {day}").format(day=date_text(sheet.day, weekday=True)), text)
        self._screen, self._sheet = screen, sheet
        self.body.addWidget(Label(_("Signed off by {name}").format(name=screen.desk.actor.name), voice=Text.STRONG))
        self.note = Notes("", lines=2)
        differs = bool(sheet.difference)
        label = _("Why the tills differ by {amount}").format(amount=money_text(sheet.difference)) if differs else _("Note")
        self.field = FormField("note", label, self.note, required=differs)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.field)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.leave)
        self.settle = BusyButton(_("Settle the day"), icon_name="lock")
        self.settle.setDefault(True)
        self.settle.clicked.connect(self._settle)
        self.buttons.addWidget(self.settle)
        (self.note if differs else self.settle).setFocus()
        screen.keep_typing(f"sign-off {sheet.day}", self)

    def draft(self) -> dict[str, Any] | None:
        """The note."""
        note = self.note.toPlainText()
        return {"note": note} if note.strip() else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.note.setPlainText(draft["note"])

    def _settle(self) -> None:
        note = self.note.value()
        if self._sheet.difference and note is None:
            self._refused(TillsDiffer("note"))
            return
        self.settle.run(
            self._screen.work,
            self,
            commands.settle_day,
            then=self._done,
            failed=self._refused,
            clinic_id=self._screen.desk.clinic_id,
            day=self._sheet.day,
            note=note,
        )

    def _done(self, settlement_id: UUID) -> None:
        self.accept()
        self.settled.emit(settlement_id)

    def _refused(self, error: ClinicError) -> None:
        if error.field == "note":
            self.field.set_error(wording.sentence(error))
            self.note.setFocus()
            return
        self.problem.setText(wording.sentence(error))
        self.problem.show()
