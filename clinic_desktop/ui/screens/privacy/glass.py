"""Breaking the glass: opening a restricted record with a reason, from wherever it was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from clinic_desktop.clinic.privacy import commands
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import time_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, Notes, keyed
from clinic_desktop.wording import sentence


class GlassDialog(Dialog):
    """Asks why; ``then()`` follows once the record is open."""

    def __init__(self, screen: Screen, patient_id: UUID, number: str, then: Callable[[], object]) -> None:
        told = _(
            "The record of {number} is restricted to those who treat the patient. "
            "You can open it for 60 minutes with a reason. An administrator will read who opened it and why."
        )
        super().__init__(screen, _("Restricted record"), told.format(number=number), width=520)
        self._screen, self._patient_id, self._then = screen, patient_id, then
        self.reason = Notes(_("Reason"), lines=3)
        self.field = FormField("reason", _("Reason"), self.reason, required=True)
        self.body.addWidget(self.field)
        self.add_button(_("Cancel"), None, self.leave)
        self.open_record = BusyButton(_("Open the record"), role="danger")
        keyed(self.open_record, "Ctrl+Return")
        self.open_record.clicked.connect(self._open)
        self.buttons.addWidget(self.open_record)
        self.reason.setFocus()

    def _open(self) -> None:
        reason = self.reason.value()
        if reason is None:
            self.field.set_error(_("Please give a reason."))
            self.reason.setFocus()
            return
        self.open_record.run(
            self._screen.work,
            self,
            commands.break_glass,
            then=self._opened,
            failed=lambda error: self.field.set_error(sentence(error)),
            patient_id=self._patient_id,
            reason=reason,
        )

    def _opened(self, until: datetime) -> None:
        zone = self._screen.desk.place.timezone
        self._screen.desk.toast(_("The record is open until {time}.").format(time=time_text(until, timezone=zone)), tone=Tone.WARN)
        self.accept()
        self._then()


def offer_break_glass(screen: Screen, error: ClinicError, then: Callable[[], object]) -> None:
    """Answer a refusal: a restricted record is offered with a reason to whoever may break the glass; the rest is told."""
    if error.code != "record_restricted" or not screen.desk.may(commands.break_glass):
        screen.work.refused.emit(error)
        return
    GlassDialog(screen, UUID(error.params["patient_id"]), error.params["number"], then).open()
