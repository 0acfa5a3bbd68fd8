"""Approving, rejecting or taking back a leave, with a note for whoever asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic_desktop.clinic.staff import commands
from clinic_desktop.clinic.staff.queries import LeaveRow
from clinic_desktop.clinic.staff.rules import LeaveStatus
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.moved_away import tell_moved_away
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, Notes


@dataclass(frozen=True, slots=True)
class Way:
    """One answer: its command, and what is said before and after it."""

    command: Callable[..., Any]
    title: str
    text: str
    button: str
    told: str


class DecideLeave(Dialog):
    """Says what follows, asks for a note and decides."""

    def __init__(self, screen: Screen, row: LeaveRow, hit: int, wanted: LeaveStatus) -> None:
        way = _ways(hit, row, screen.desk.today())[wanted]
        super().__init__(screen, way.title.format(doctor=isolated(row.doctor_name)), way.text)
        self._screen, self._row, self._way, self._wanted = screen, row, way, wanted
        self.note = Notes("", lines=2)
        self.body.addWidget(FormField("note", _("Note"), self.note))
        self.add_button(_("Cancel"), None, self.leave)
        self.decide = BusyButton(way.button, icon_name="x" if wanted is LeaveStatus.REJECTED else "check")
        self.decide.setDefault(True)
        self.buttons.addWidget(self.decide)
        self.decide.clicked.connect(self._decide)
        self.decide.setFocus()
        screen.keep_typing(f"leave {row.id} {wanted}", self)

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
            self._way.command,
            then=self._done,
            failed=self._refused,
            leave_id=self._row.id,
            note=self.note.value(),
        )

    def _done(self, _nothing: object) -> None:
        self._screen.desk.toast(self._way.told, tone=Tone.GOOD)
        self.accept()
        if self._wanted is LeaveStatus.WITHDRAWN:
            tell_moved_away(self._screen)

    def _refused(self, error: ClinicError) -> None:
        self._screen.work.refused.emit(error)
        self.accept()


def _ways(hit: int, row: LeaveRow, today: date) -> dict[LeaveStatus, Way]:
    back = _("The doctor can be booked in this time again, and who waits for a place is offered one.")
    if row.first_day < today:
        back = _("The leave ends today: from now on the doctor can be booked again, and who waits for a place is offered one.")
    return {
        LeaveStatus.APPROVED: Way(
            commands.approve_leave, _("Approve the leave of {doctor}"), _meaning(hit), _("Approve"), _("The leave is approved.")
        ),
        LeaveStatus.REJECTED: Way(
            commands.reject_leave,
            _("Reject the leave of {doctor}"),
            _("The doctor can be booked as before."),
            _("Reject"),
            _("The leave is rejected."),
        ),
        LeaveStatus.WITHDRAWN: Way(
            commands.take_back_leave, _("Take back the leave of {doctor}"), back, _("Take it back"), _("The leave is taken back.")
        ),
    }


def _meaning(hit: int) -> str:
    if not hit:
        return _("From now on nobody can be booked in this time.")
    text = ngettext(
        "From now on nobody can be booked in this time. {n} appointment stays booked: move or cancel it, and tell the patient.",
        "From now on nobody can be booked in this time. {n} appointments stay booked: move or cancel them, and tell the patients.",
        hit,
    )
    return text.format(n=hit)
