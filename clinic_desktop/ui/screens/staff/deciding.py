"""Approving or rejecting a leave, with a note for whoever asked."""

from __future__ import annotations

from typing import Any

from clinic_desktop.clinic.staff import commands
from clinic_desktop.clinic.staff.queries import LeaveRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, Notes


class DecideLeave(Dialog):
    """Says what follows, asks for a note and decides."""

    def __init__(self, screen: Screen, row: LeaveRow, hit: int, *, approve: bool) -> None:
        name = isolated(row.doctor_name)
        title = _("Approve the leave of {doctor}").format(doctor=name) if approve else _("Reject the leave of {doctor}").format(doctor=name)
        super().__init__(screen, title, _meaning(hit) if approve else _("The doctor can be booked as before."))
        self._screen, self._row = screen, row
        self._command = commands.approve_leave if approve else commands.reject_leave
        self._told = _("The leave is approved.") if approve else _("The leave is rejected.")
        self.note = Notes("", lines=2)
        self.body.addWidget(FormField("note", _("Note"), self.note))
        self.add_button(_("Cancel"), None, self.leave)
        self.decide = BusyButton(_("Approve") if approve else _("Reject"), icon_name="check" if approve else "x")
        self.decide.setDefault(True)
        self.buttons.addWidget(self.decide)
        self.decide.clicked.connect(self._decide)
        self.decide.setFocus()
        screen.keep_typing(f"leave {row.id} {approve}", self)

    def draft(self) -> dict[str, Any] | None:
        """The note."""
        return {"note": self.note.toPlainText()} if self.note.value() else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.note.setPlainText(draft["note"])

    def _decide(self) -> None:
        self.decide.run(
            self._screen.work,
            self,
            self._command,
            then=self._done,
            failed=self._refused,
            leave_id=self._row.id,
            note=self.note.value(),
        )

    def _done(self, _nothing: object) -> None:
        self._screen.desk.toast(self._told, tone=Tone.GOOD)
        self.accept()

    def _refused(self, error: ClinicError) -> None:
        self._screen.work.refused.emit(error)
        self.accept()


def _meaning(hit: int) -> str:
    if not hit:
        return _("From now on nobody can be booked in this time.")
    text = ngettext(
        "From now on nobody can be booked in this time. {n} appointment stays booked: move or cancel it, and tell the patient.",
        "From now on nobody can be booked in this time. {n} appointments stay booked: move or cancel them, and tell the patients.",
        hit,
    )
    return text.format(n=hit)
